/** @file The inputs of a network as parts of one picture: what each is, and where it lies. */
import { LimpidError } from "../errors.ts";
import { option, say, type Message } from "../wording/face.ts";
import { valuesRead } from "./edit.ts";
import type { Dimension, Graph, ValueInfo } from "./graph.ts";
import { axesOf, type AxisName, type InputAxes } from "./input-axes.ts";
import { elementCount, formatShape, toNumbers, type ElementType } from "./tensor.ts";

/** THE kinds of inputs. */
export const inputKinds = {
  picture: "rows and columns",
  signal: "positions along one axis",
  volume: "slices of rows and columns",
  flat: "a row of numbers whose neighbours are not known",
  numbers: "numbers beside a picture",
} as const;

export type InputKind = keyof typeof inputKinds;

/**
 * An input of the file's network, and its place in the picture [N, C, H, W] that the network is given here: its channels
 * lie one after the other from `firstChannel` on, each in the upper left corner, [T] as one row, [D, H, W] as D * H rows.
 */
export interface InputPart {
  /** As the file has it. */
  readonly name: string;
  readonly kind: InputKind;
  /** The elements in the file; float32 if left out, which is what is fed here. */
  readonly type?: ElementType;
  /** As the graph has them; those that are open by their names. */
  readonly dims: readonly Dimension[];
  /** What these axes are. */
  readonly axes: readonly AxisName[];
  /** Which of them each axis of the model's file is; left out where these are the file's. */
  readonly fileOrder?: readonly number[];
  /** 1 where the file has no axis of channels. */
  readonly channels: Dimension;
  /** [T], [H, W], [D, H, W], or [K] of numbers. */
  readonly sides: readonly Dimension[];
  readonly firstChannel: number;
}

/** What a user says of inputs. */
export interface InputOptions {
  /** Of a flat input [H, W], [C, H, W] or [C, D, H, W]; of a volume with open sides [D, H, W]. */
  readonly shape?: readonly number[];
}

/** The parts that are explained, and what was assumed of them. */
export interface ReadInputs {
  readonly parts: readonly InputPart[];
  readonly notes: readonly Message[];
}

/** Rows and columns of a part in the picture. */
export function planeOf({
  kind,
  sides,
}: Pick<InputPart, "kind" | "sides">): [Dimension, Dimension] {
  if (kind !== "volume") return sides.length === 1 ? [1, sides[0]!] : [sides[0]!, sides[1]!];
  const [depth, height, width] = sides as readonly [Dimension, Dimension, Dimension];
  const isFixed = typeof depth === "number" && typeof height === "number";
  return [isFixed ? depth * height : `${depth}*${height}`, width];
}

/** What an input is taken for, such as "signal [N, C, T]". */
export function takenFor({
  kind,
  axes,
  sides,
}: Pick<InputPart, "kind" | "axes" | "sides">): string {
  const isShaped = sides.length > 1 && axes.includes("K");
  return `${kind} [${axes.join(", ")}]${isShaped ? ` of ${sides.join(" x ")}` : ""}`;
}

/** Whether a part has neighbours, so that places of it can be hidden and shown. */
export function hasPlaces({ kind }: Pick<InputPart, "kind">): boolean {
  return kind !== "numbers" && kind !== "flat";
}

/**
 * The inputs of a graph in inference form but for some that are held, as parts. Throws `bad-file` for inputs that are
 * neither numbers with a slope nor held, naming all of them, and `bad-option` for a shape that no input has.
 */
export function readInputs(
  graph: Graph,
  held: Readonly<Record<string, unknown>>,
  options: InputOptions = {},
): ReadInputs {
  const given = graph.inputs.filter(({ name }) => !Object.hasOwn(held, name));
  const read = new Set(graph.nodes.flatMap(valuesRead));
  const used = given.filter(({ name }) => read.has(name));
  const free = used.length > 0 ? used : given;
  const found = free.map((input) => ({
    input,
    axes: isFloat(input) ? axesOf(graph, input) : undefined,
  }));
  const missing = found.filter(({ axes }) => !axes).map(({ input }) => input);
  if (missing.length > 0 || free.length === 0) throw unreadable(missing, free.length);
  const notes: Message[] = [];
  const parts: InputPart[] = [];
  let firstChannel = 0;
  for (const { input, axes } of found) {
    const part = partOf({ graph, input, isOnly: free.length === 1, ...options }, axes!, notes);
    parts.push({ ...part, firstChannel });
    if (free.length > 1 && typeof part.channels !== "number") throw openChannels(part);
    firstChannel += typeof part.channels === "number" ? part.channels : 0;
  }
  requireTaken(parts, options);
  return { parts, notes };
}

function isFloat({ type }: ValueInfo): boolean {
  return type === undefined || type === "float32";
}

interface Reading extends InputOptions {
  readonly graph: Graph;
  readonly input: ValueInfo;
  readonly isOnly: boolean;
}

function partOf(
  reading: Reading,
  { axes, isTold }: InputAxes,
  notes: Message[],
): Omit<InputPart, "firstChannel"> {
  const { graph, input, isOnly, shape } = reading;
  const dims = input.dims ?? ["N", "C", "H", "W"];
  const at = (name: AxisName) => dims[axes.indexOf(name)];
  const rest = { name: input.name, dims, axes };
  const order = `[${axes.join(", ")}]`;
  if (!isTold) notes.push(untold(input, order, axes));
  if (axes.includes("K") || axes.length === 1) {
    const count = axes.length === 1 ? 1 : at("K")!;
    const own = shapeFor(count, shape);
    if (own) return { ...rest, ...own };
    const found = shapeMade(graph, input.name, count);
    if (found) {
      notes.push(
        say`input "${input.name}" ${formatShape(dims)} is read as ${found.join(" x ")}, which the network makes of it at once`,
      );
      return { ...rest, ...shaped(found) };
    }
    if (isOnly) notes.push(flatNote(input, count));
    return { ...rest, kind: isOnly ? "flat" : "numbers", channels: 1, sides: [count] };
  }
  const sides = axes.filter((name) => name !== "N" && name !== "C").map((name) => at(name)!);
  const channels = at("C") ?? 1;
  if (sides.length === 1) return { ...rest, kind: "signal", channels, sides };
  if (sides.length === 2) return { ...rest, kind: "picture", channels, sides };
  return { ...rest, kind: "volume", channels, sides: closedSides(input, sides, shape) };
}

function untold({ name, dims }: ValueInfo, order: string, axes: readonly AxisName[]): Message {
  if (order === "[N, H, W]") {
    return say`the network's input ${formatShape(dims ?? [])} has three axes; read as grey pictures [N, H, W]`;
  }
  const what = axes.includes("N") ? "holds the channels" : "is what";
  return say`nothing in the network tells which axis of its input ${dims ? formatShape(dims) : `"${name}"`} ${what}; read as ${order}`;
}

/** A given shape, where it has as many numbers. */
function shapeFor(count: Dimension, shape: readonly number[] | undefined) {
  if (!shape || (typeof count === "number" && elementCount(shape) !== count)) return undefined;
  return shaped(shape);
}

/** [H, W], [C, H, W] or [C, D, H, W]. */
function shaped(shape: readonly number[]): Pick<InputPart, "kind" | "channels" | "sides"> {
  if (shape.length < 2 || shape.length > 4) {
    throw new LimpidError(
      "bad-option",
      say`${option("shape")}: must be [H, W], [C, H, W] or [C, D, H, W], got ${shape.join("x")}. give sides such as 28x28.`,
    );
  }
  const [channels, ...sides] = shape.length === 2 ? [1, ...shape] : shape;
  return { kind: sides.length === 2 ? "picture" : "volume", channels: channels!, sides };
}

/** What a network makes of a row of numbers at once, [C, H, W]; undefined if it makes no pictures channels first of it. */
function shapeMade(graph: Graph, name: string, count: Dimension): readonly number[] | undefined {
  for (const node of graph.nodes) {
    if (node.operator !== "Reshape" || node.inputs[0] !== name) continue;
    const asked = graph.initializers.get(node.inputs[1] ?? "");
    const to = asked && toNumbers(asked).slice(1);
    const isFolded = to?.length === 3 && to.every((size) => size > 0) && elementCount(to) === count;
    const reader = graph.nodes.find(({ inputs }) => inputs[0] === node.outputs[0]);
    if (isFolded && reader?.operator === "Conv") return to;
  }
  return undefined;
}

function flatNote({ name, dims }: ValueInfo, count: Dimension): Message {
  const side = typeof count === "number" ? squareOf(count) : undefined;
  const read = `input "${name}" ${formatShape(dims ?? [])} is explained as a row of numbers, since nothing tells which are neighbours`;
  if (side === undefined) return say`${read}`;
  return say`${read}; if they are a picture, say so with ${option("shape", side)}`;
}

/** The sides of a square picture of so many numbers, grey or in colour. */
function squareOf(count: number): string | undefined {
  for (const channels of [1, 3]) {
    const side = Math.sqrt(count / channels);
    if (Number.isInteger(side) && side > 1)
      return [...(channels > 1 ? [channels] : []), side, side].join("x");
  }
  return undefined;
}

/** Depth and height lie on one axis of the picture, so that not both may be open. */
function closedSides(
  { name, dims }: ValueInfo,
  sides: readonly Dimension[],
  shape: readonly number[] | undefined,
): readonly Dimension[] {
  const fits = (size: Dimension, i: number) => typeof size === "string" || size === shape?.[i];
  if (shape?.length === 3 && sides.every(fits)) return shape;
  if (sides.filter((size) => typeof size === "string").length < 2) return sides;
  throw new LimpidError(
    "bad-option",
    say`model: the sides of the volume "${name}" ${formatShape(dims ?? [])} must be known, got open ones. say them with ${option("shape", "32x64x64")}.`,
  );
}

function requireTaken(parts: readonly InputPart[], { shape }: InputOptions): void {
  if (!shape) return;
  const sizes = parts.map(({ channels, sides }) => [channels, ...sides].join("x"));
  const isTaken = (all: string) =>
    [all, all.replace(/^1x/, ""), all.replace(/^[^x]*x/, "")].includes(shape.join("x"));
  if (sizes.some(isTaken)) return;
  const names = parts.map(({ name, dims }) => `"${name}" ${formatShape(dims)}`).join(", ");
  throw new LimpidError(
    "bad-option",
    say`${option("shape")}: an input must have as many numbers as ${shape.join("x")}, got ${names}. give sides whose product is its number of numbers.`,
  );
}

function openChannels({ name, dims }: Pick<InputPart, "name" | "dims">): LimpidError {
  return new LimpidError(
    "bad-file",
    `model: of several inputs each must have a fixed number of channels, got "${name}" ${formatShape(dims)}. export it with that axis fixed.`,
  );
}

function unreadable(missing: readonly ValueInfo[], free: number): LimpidError {
  const names = missing.map(
    ({ name, type, dims }) => `${type ?? "float32"} ${formatShape(dims ?? [])} for "${name}"`,
  );
  if (free === 0) {
    return new LimpidError(
      "bad-file",
      `model: the network must have an input that is explained, got none. leave one of its inputs open.`,
    );
  }
  return new LimpidError(
    "bad-file",
    say`model: an input must be float32 numbers of up to five axes or be given, got ${names.join(", ")}. give each with ${option("input", `${missing[0]!.name}=FILE.npy`)} or as numbers; it is held, not explained.`,
  );
}
