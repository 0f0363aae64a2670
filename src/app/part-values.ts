/** @file Arrays of any axes as a network's inputs: each as its part of the picture [N, C, H, W]. */
import { LimpidError } from "../errors.ts";
import { inFile } from "../graph/file-axes.ts";
import type { AxisName } from "../graph/input-axes.ts";
import { planeOf, type InputPart } from "../graph/input-parts.ts";
import { elementCount, formatShape, tensor, type Tensor } from "../graph/tensor.ts";
import type { Model } from "../network/model.ts";
import { option, say, type Message } from "../wording/face.ts";
import { turnedNumbers } from "./turned-numbers.ts";

/** An array as a part of the picture, [N, c, rows, columns], and how its axes were read where that had to be decided. */
export interface PartValue {
  readonly value: Tensor;
  readonly note?: Message;
}

/** Whose order an array has: that of the model's file, or batch, channels, sides, as files of pictures and volumes are read. */
export type ArrayOrder = "of the file" | "channels first";

/**
 * An array of float32 as an input of the network: in the axes of the model's file, or in the order batch, channels, sides,
 * each also without a batch, or without channels where there is one. Where several fit, the file's is taken, or of arrays
 * that were read channels first that. Throws `shape-mismatch` for other shapes.
 */
export function partValue(
  part: InputPart,
  array: Tensor,
  order: ArrayOrder = "of the file",
): PartValue {
  const usual = usualAxes(part);
  const own = inFile(part).axes;
  const whole = unique(order === "of the file" ? [own, usual, part.axes] : [usual, own, part.axes]);
  const orders = unique([
    ...whole,
    rowed,
    ...whole.map((axes) => axes.filter((axis) => axis !== "N")),
    ...(part.channels === 1 ? [usual.filter((axis) => axis !== "C"), usual.slice(2)] : []),
  ]);
  const fitting = orders.filter((axes) => fits(part, axes, array.dims));
  const [found] = fitting;
  if (!found) throw mismatch(part, array.dims);
  const value = arranged(part, found, array, usual);
  const note = order === "of the file" ? readingNote(own, fitting) : undefined;
  return { value, ...(note ? { note } : {}) };
}

/** The order of the picture that a part lies in. */
const rowed: readonly AxisName[] = ["N", "C", "H", "W"];

/** How the axes were read, where another order than the file's was taken, or would have fit. */
function readingNote(
  own: readonly AxisName[],
  [found, ...others]: readonly (readonly AxisName[])[],
): Message | undefined {
  const shown = (axes: readonly AxisName[]) => `[${axes.join(", ")}]`;
  const bare = own.filter((axis) => axis !== "N");
  if (String(found) === String(own)) {
    const other = others.find((axes) => isTurned(axes, own));
    return (
      other &&
      say`the tensor is read in the model file's own axes ${shown(own)}, though ${shown(other)} would fit as well`
    );
  }
  if (isTurned(found!, own) || isTurned(found!, bare)) {
    return say`the tensor fits as ${shown(found!)} alone and is read so, while the model's file has ${shown(own)}`;
  }
  if (String(found) === String(rowed)) return undefined;
  return say`the tensor is read as ${shown(found!)}`;
}

/** Whether two orders are of the same axes, which lie otherwise. */
function isTurned(axes: readonly AxisName[], others: readonly AxisName[]): boolean {
  const isSame = String(axes) === String(others);
  return !isSame && String(axes.toSorted()) === String(others.toSorted());
}

/** Batch, channels, sides. */
function usualAxes({ kind, sides }: InputPart): readonly AxisName[] {
  if (kind === "volume") return ["N", "C", "D", "H", "W"];
  if (kind === "picture") return ["N", "C", "H", "W"];
  return ["N", "C", kind === "signal" && sides.length === 1 ? "T" : "K"];
}

function unique(orders: readonly (readonly AxisName[])[]): readonly (readonly AxisName[])[] {
  const known = new Set<string>();
  return orders.filter((axes) => {
    const key = String(axes);
    const isNew = axes.length > 0 && !known.has(key);
    known.add(key);
    return isNew;
  });
}

/** How large an axis has to be; undefined where it is open. */
function sizeOf(part: InputPart, axis: AxisName, order: readonly AxisName[]): number | undefined {
  const fixed = (size: number | string | undefined) =>
    typeof size === "number" ? size : undefined;
  if (axis === "N") return part.axes.includes("N") ? undefined : 1;
  if (axis === "C") return fixed(part.channels);
  if (axis === "K" && part.sides.length > 1) {
    return part.axes.length === 1 ? 1 : fixed(part.dims[part.axes.indexOf("K")]);
  }
  const [rows, columns] = planeOf(part);
  if (part.kind === "volume" && !order.includes("D")) return fixed(axis === "H" ? rows : columns);
  if (axis === "H" && part.sides.length === 1) return 1;
  const names = part.kind === "volume" ? "DHW" : "HW";
  return fixed(part.sides.length === 1 ? part.sides[0] : part.sides[names.indexOf(axis)]);
}

function fits(part: InputPart, order: readonly AxisName[], dims: readonly number[]): boolean {
  return (
    order.length === dims.length &&
    elementCount(dims) > 0 &&
    order.every((axis, i) => {
      const size = sizeOf(part, axis, order);
      return size === undefined || size === dims[i];
    })
  );
}

/** The numbers in the order batch, channels, sides, as [N, c, rows, columns]. */
function arranged(
  part: InputPart,
  order: readonly AxisName[],
  array: Tensor,
  usual: readonly AxisName[],
): Tensor {
  const { dims } = array;
  const wanted = isShaped(part, order) ? shapedOrder : orderedBy(order, usual);
  const perm = wanted.flatMap((axis) => (order.includes(axis) ? [order.indexOf(axis)] : []));
  const turned = turnedNumbers(array.data as Float32Array, dims, perm);
  const n = order.includes("N") ? dims[order.indexOf("N")]! : 1;
  const shape = [n, ...planesFor(part, order, dims, turned.length / n)];
  const isSame = turned === array.data && String(shape) === String(dims);
  return isSame ? array : tensor("float32", shape, turned);
}

/** Of a row of numbers. */
const shapedOrder: readonly AxisName[] = ["N", "K"];

/** Whether a row of numbers stands for a picture. */
function isShaped(part: InputPart, order: readonly AxisName[]): boolean {
  return part.sides.length > 1 && order.includes("K");
}

function orderedBy(order: readonly AxisName[], usual: readonly AxisName[]): readonly AxisName[] {
  return order.toSorted((a, b) => rank(usual, a) - rank(usual, b));
}

function rank(usual: readonly AxisName[], axis: AxisName): number {
  const at = usual.indexOf(axis);
  return at < 0 ? usual.length : at;
}

/** Channels, rows and columns. */
function planesFor(
  part: InputPart,
  order: readonly AxisName[],
  dims: readonly number[],
  count: number,
): readonly [number, number, number] {
  const at = (axis: AxisName) => dims[order.indexOf(axis)];
  const channels = at("C") ?? (typeof part.channels === "number" ? part.channels : 1);
  const rowed = planeOf(part);
  const columns =
    at("W") ?? at("T") ?? (isShaped(part, order) ? (rowed[1] as number) : (at("K") ?? 1));
  return [channels, count / channels / columns, columns];
}

function mismatch(part: InputPart, got: readonly number[]): LimpidError {
  const { name, kind, sides } = part;
  const { dims, axes } = inFile(part);
  const must = `model: input "${name}" must be float32 of shape ${formatShape(dims)}, which is [${axes.join(", ")}], got ${formatShape(got)}. give one of that shape`;
  const isShaped = kind === "flat" && got.length > 1 && elementCount(got) === sides[0];
  const shape = option("shape", got.join("x"));
  return new LimpidError(
    "shape-mismatch",
    isShaped ? say`${must}, or say what its numbers are with ${shape}.` : `${must}.`,
  );
}

/** The picture of all parts, and what was assumed of those that are not given. */
export interface PackedValue {
  readonly input: Tensor;
  readonly notes: readonly Message[];
}

/**
 * The picture [N, C, H, W] of a network's parts, each given as [N, c, rows, columns] or with one row for all. Those that
 * are not given are 0, which is said. Throws `bad-option` for a single number that is not given, and for parts of
 * different numbers of rows.
 */
export function packedValue(model: Model, values: ReadonlyMap<string, Tensor>): PackedValue {
  const { parts } = model;
  const [only] = parts;
  if (parts.length === 1) return { input: values.get(only!.name)!, notes: [] };
  const given = [...values.values()];
  const counts = [...new Set(given.map(({ dims }) => dims[0]!).filter((count) => count > 1))];
  if (counts.length > 1) throw differentRows(counts);
  const [, , height, width] = model.inputDims();
  const [, , h, w] = model.input.dims ?? [];
  const sides = [
    typeof h === "number" ? h : most(given, 2, height),
    typeof w === "number" ? w : most(given, 3, width),
  ] as const;
  const last = parts.at(-1)!;
  const dims = [counts[0] ?? 1, last.firstChannel + (last.channels as number), ...sides];
  const data = new Float32Array(elementCount(dims));
  const notes = parts.flatMap((part) => {
    const value = values.get(part.name);
    if (value) placeInto(data, dims, part, value);
    return value ? [] : [assumed(part)];
  });
  return { input: tensor("float32", dims, data), notes };
}

function most(values: readonly Tensor[], axis: number, usual: number): number {
  return values.reduce((size, { dims }) => Math.max(size, dims[axis]!), 0) || usual;
}

function placeInto(
  data: Float32Array,
  [n, c, h, w]: readonly number[],
  { firstChannel }: InputPart,
  { data: own, dims }: Tensor,
): void {
  const [rows, channels, height, width] = dims as [number, number, number, number];
  for (let row = 0; row < n!; row++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let y = 0; y < height; y++) {
        const from = (((rows === 1 ? 0 : row) * channels + channel) * height + y) * width;
        const to = ((row * c! + firstChannel + channel) * h! + y) * w!;
        data.set((own as Float32Array).subarray(from, from + width), to);
      }
    }
  }
}

function assumed(part: InputPart): Message {
  const { name, sides, kind } = part;
  const { dims } = inFile(part);
  const isSingle = sides.every((side) => side === 1);
  if (kind === "numbers" && isSingle) {
    throw new LimpidError(
      "bad-option",
      say`inputs: the number "${name}" ${formatShape(dims)} must be given, since no value of it can be guessed. give ${option("input", `${name}=NUMBER`)}.`,
    );
  }
  return say`input "${name}" ${formatShape(dims)} is not given, and is assumed to be 0 everywhere; give it with ${option("input", `${name}=${kind === "numbers" ? "NUMBER,..." : "FILE"}`)}`;
}

function differentRows(counts: readonly number[]): LimpidError {
  return new LimpidError(
    "bad-option",
    `inputs: all must have one row, or as many as each other, got ${counts.join(" and ")}. give files of as many rows.`,
  );
}
