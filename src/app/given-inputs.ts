/** @file Inputs of a network beside the one that is explained first: what a user gives of them, by name. */
import { LimpidError } from "../errors.ts";
import { readArray } from "../formats/arrays/index.ts";
import { inFileOrder } from "../graph/file-axes.ts";
import type { Graph, ValueInfo } from "../graph/graph.ts";
import { inferenceForm } from "../graph/inference/inference-form.ts";
import { axesOf } from "../graph/input-axes.ts";
import {
  elementCount,
  formatShape,
  tensor,
  tensorOf,
  toNumbers,
  type Tensor,
} from "../graph/tensor.ts";
import type { Picture } from "../image/picture.ts";
import type { ModelOptions } from "../network/model.ts";
import { option, say } from "../wording/face.ts";
import type { OptionTable } from "../wording/option.ts";
import type { Platform } from "./platform.ts";
import { turnedNumbers } from "./turned-numbers.ts";

/** THE options of a network's inputs. */
export const inputOptions = {
  input: {
    kind: "list",
    value: "name=value",
    description:
      "another input of the network: NAME=FILE (a picture or .npy) or NAME=NUMBER,...; repeatable",
    default: { depends: "0, which is said" },
    as: "given",
  },
  shape: {
    kind: "text",
    value: "sides",
    description:
      "of an input that is a row of numbers: 28x28 or 3x32x32; of a volume of open sides: 32x64x64",
    default: { depends: "what the network says" },
  },
} as const satisfies OptionTable;

/** What an input is given: numbers, an array, pixels, or the path of a file. */
export type GivenInput = number | readonly number[] | string | Tensor | Picture;

/** What is said of a network's inputs. */
export interface AskedInputs {
  /** Sides such as "28x28", or in data. */
  readonly shape?: string | readonly number[] | undefined;
  /** Inputs by their names, or texts NAME=VALUE. */
  readonly given?: Readonly<Record<string, GivenInput>> | readonly string[] | undefined;
}

/** Inputs by their names. Throws `bad-option` for a text without a name, and for a name that comes twice. */
export function givenInputs({ given = {} }: AskedInputs): ReadonlyMap<string, GivenInput> {
  if (!isTexts(given)) return new Map(Object.entries(given));
  const inputs = new Map<string, GivenInput>();
  for (const text of given) {
    const [name, value] = named(text);
    if (inputs.has(name)) throw givenTwice(name, "twice");
    inputs.set(name, value);
  }
  return inputs;
}

function named(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new LimpidError(
    "bad-option",
    say`${option("input")}: must be NAME=FILE or NAME=NUMBER, got "${text}".`,
  );
}

/** That an input is given more than once, and how. */
export function givenTwice(name: string, how: string): LimpidError {
  return new LimpidError(
    "bad-option",
    say`${option("input")}: "${name}" must be given once, got it ${how}. leave one out.`,
  );
}

function isTexts(given: NonNullable<AskedInputs["given"]>): given is readonly string[] {
  return Array.isArray(given);
}

/** Sides of "28x28". Throws `bad-option` for others than two to four positive whole numbers. */
function sidesOf(shape: string | readonly number[]): readonly number[] {
  const sides = typeof shape === "string" ? shape.split("x").map(Number) : shape;
  const isShape = sides.length >= 2 && sides.length <= 4;
  if (isShape && sides.every((side) => Number.isInteger(side) && side > 0)) return sides;
  throw new LimpidError(
    "bad-option",
    say`${option("shape")}: must be two to four positive whole numbers such as 28x28 or 3x32x32, got "${String(shape)}".`,
  );
}

/**
 * What a model is to know of its inputs before it is made ready: shapes, and the values of those that have no slope,
 * which are held. Throws `bad-option` for names that no input has, and for values that do not fit.
 */
export async function heldOptions(
  platform: Pick<Platform, "readBytes">,
  graph: Graph,
  asked: AskedInputs,
): Promise<Pick<ModelOptions, "shape" | "held">> {
  const given = givenInputs(asked);
  const formed = inferenceForm(graph).graph;
  const held: Record<string, Tensor> = {};
  for (const [name, value] of given) {
    const info = formed.inputs.find((input) => input.name === name);
    if (!info) throw unknownInput(name, formed.inputs);
    if (isExplained(formed, info)) continue;
    held[name] = fitted(info, await numbersOf(platform, name, value));
  }
  return {
    ...(asked.shape === undefined ? {} : { shape: sidesOf(asked.shape) }),
    ...(Object.keys(held).length > 0 ? { held } : {}),
  };
}

/** Whether an input is a part of the picture, and not held. */
function isExplained(graph: Graph, info: ValueInfo): boolean {
  const isFloat = info.type === undefined || info.type === "float32";
  return isFloat && axesOf(graph, info) !== undefined;
}

/** Numbers with their axes, where a file or an array tells them. */
interface GivenNumbers {
  readonly numbers: readonly number[];
  readonly dims?: readonly number[];
}

async function numbersOf(
  platform: Pick<Platform, "readBytes">,
  name: string,
  value: GivenInput,
): Promise<GivenNumbers> {
  if (areNumbers(value)) return { numbers: listedNumbers(value) };
  if (typeof value === "string") {
    const { dims, data } = readArray(await platform.readBytes(value), value);
    return { numbers: Array.from(data), dims };
  }
  if ("dims" in value) return { numbers: toNumbers(value), dims: value.dims };
  throw new LimpidError(
    "bad-option",
    say`${option("input")}: "${name}" takes numbers, got a picture. give numbers or a .npy file.`,
  );
}

/** Whether a value is 3, [1, 2] or "1,2", and neither a file nor an array. */
export function areNumbers(value: GivenInput): value is number | string | readonly number[] {
  if (typeof value !== "string") return typeof value === "number" || isList(value);
  return listedNumbers(value).every((part) => !Number.isNaN(part));
}

function isList(value: GivenInput): value is readonly number[] {
  return Array.isArray(value);
}

/** The numbers of such a value; NaN for parts of a text that are none. */
export function listedNumbers(value: number | string | readonly number[]): readonly number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "string") return value;
  return value.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
}

/** Numbers in the axes of the model's file as the value of an input. Throws `bad-option` where they do not fit its shape. */
function fitted(info: ValueInfo, { numbers, dims }: GivenNumbers): Tensor {
  const wanted = info.dims ? inFileOrder(info.dims, info.fileOrder) : (dims ?? [numbers.length]);
  const shape = dims ?? filled(wanted, numbers.length);
  const fits =
    shape.length === wanted.length &&
    elementCount(shape) === numbers.length &&
    wanted.every((size, i) => typeof size === "string" || size === shape[i]);
  if (!fits) {
    throw new LimpidError(
      "bad-option",
      say`${option("input")}: "${info.name}" must have the shape ${formatShape(wanted)}, got ${dims ? formatShape(dims) : `${numbers.length} numbers`}. give as many.`,
    );
  }
  const { type = "float32" } = info;
  if (type === "string" || type === "float16" || type === "bfloat16") {
    throw new LimpidError(
      "bad-option",
      say`${option("input")}: "${info.name}" must be numbers, got ${type}. export it with numbers.`,
    );
  }
  const order = graphOrder(shape.length, info);
  const turned = turnedNumbers([...numbers], shape, order);
  const value = tensorOf(type, inFileOrder(shape, order), turned);
  const other = toNumbers(value).findIndex((number, i) => number !== turned[i]);
  if (type === "float32" || type === "float64" || other < 0) return value;
  throw new LimpidError(
    "bad-option",
    say`${option("input")}: "${info.name}" must be numbers that ${type} has, got ${String(turned[other])}. give others.`,
  );
}

/** The order that turns axes of the model's file into those of its graph. */
function graphOrder(rank: number, { fileOrder }: ValueInfo): readonly number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return fileOrder ? axes.map((axis) => fileOrder.indexOf(axis)) : axes;
}

/** Open axes are 1, but for the last one, which takes what is left. */
function filled(dims: readonly (number | string)[], count: number): readonly number[] {
  const last = dims.findLastIndex((size) => typeof size === "string");
  const known = dims.reduce<number>(
    (product, size) => product * (typeof size === "number" ? size : 1),
    1,
  );
  return dims.map((size, i) => {
    if (typeof size === "number") return size;
    return i === last ? Math.max(Math.floor(count / known), 1) : 1;
  });
}

/** Numbers as an array that a part of the picture takes: one row of them, or one for each place. */
export function listedArray(
  numbers: readonly number[],
  dims: readonly (number | string)[],
): Tensor {
  const data = Float32Array.from(numbers);
  const shape = filled(dims, numbers.length);
  if (elementCount(shape) === numbers.length) return tensor("float32", shape, data);
  return tensor("float32", [numbers.length], data);
}

function unknownInput(name: string, inputs: readonly ValueInfo[]): LimpidError {
  const known = inputs
    .map(
      (input) => `"${input.name}" ${formatShape(inFileOrder(input.dims ?? [], input.fileOrder))}`,
    )
    .join(", ");
  return new LimpidError(
    "bad-option",
    say`${option("input")}: the network must have an input "${name}", got ${known}. name one of these.`,
  );
}
