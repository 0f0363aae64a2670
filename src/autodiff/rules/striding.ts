/** @file Building blocks for sliding windows: padding or cropping to fit, and strides as interleaved phases. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { elementCount } from "../../graph/tensor.ts";
import { coverageOf, reachOf, type Windows } from "../../graph/windows.ts";

/** A convolution of an input [N, C, ...spatial] with weights [M, C / groups, ...kernel]. */
export interface Convolution {
  readonly windows: Windows;
  readonly groups: number;
  /** Spatial sizes of the input. */
  readonly spatial: readonly number[];
}

/** End of a backward Slice that takes in the first element. */
export const beforeFirst = -(2 ** 31);

/** Rows of padding before and after each spatial axis; negative ones crop. */
export interface Margins {
  readonly begin: readonly number[];
  readonly end: readonly number[];
}

/** The value [N, C, ...spatial] with margins of `fill` around its spatial axes, or cropped where they are negative. */
export function fit(b: GraphBuilder, value: Value, margins: Margins, fill: number): Value {
  const { begin, end } = margins;
  const amounts = [...begin, ...end];
  if (amounts.every((rows) => rows === 0)) return value;
  if (amounts.some((rows) => rows > 0)) {
    const constant = fill === 0 ? [] : [b.scalar(fill, value.type)];
    return b.op("Pad", [value, b.ints([0, 0, ...begin, 0, 0, ...end]), ...constant]);
  }
  const axes = begin.map((_, i) => i + 2).filter((_, i) => begin[i]! < 0 || end[i]! < 0);
  return b.slice(
    value,
    axes.map((axis) => -begin[axis - 2]!),
    axes.map((axis) => value.dims[axis]! + end[axis - 2]!),
    axes,
  );
}

/** The `count` values whose elements take turns along `axis`. Split and Concat run at memory speed where a stepped Slice does not. */
function deinterleave(
  b: GraphBuilder,
  value: Value,
  axis: number,
  count: number,
): readonly Value[] {
  if (count === 1) return [value];
  const { dims } = value;
  const [outer, inner] = [elementCount(dims.slice(0, axis)), elementCount(dims.slice(axis + 1))];
  const size = dims[axis]! / count;
  const rows = b.reshape(value, [outer, size, count, inner]);
  const phases = b.ops("Split", [rows], count, { axis: 2, num_outputs: count });
  return phases.map((phase) => b.reshape(phase, dims.with(axis, size)));
}

/** One value in which the elements of `values` take turns along `axis`. */
export function interleave(b: GraphBuilder, values: readonly Value[], axis: number): Value {
  if (values.length === 1) return values[0]!;
  const { dims } = values[0]!;
  const [outer, inner] = [elementCount(dims.slice(0, axis)), elementCount(dims.slice(axis + 1))];
  const rows = values.map((value) => b.reshape(value, [outer, dims[axis]!, 1, inner]));
  return b.reshape(b.concat(rows, 2), dims.with(axis, dims[axis]! * values.length));
}

/** The value [N, C, ...spatial] with `strides - 1` zeros behind every element of its spatial axes. */
function spreadByZeros(b: GraphBuilder, value: Value, strides: readonly number[]): Value {
  let spread = value;
  for (const [i, stride] of [...strides.entries()].toReversed()) {
    const zeros = b.fill(spread.dims, 0, value.type);
    spread = interleave(b, [spread, ...Array<Value>(stride - 1).fill(zeros)], i + 2);
  }
  return spread;
}

/**
 * What a window of the same kernel must be slid over, at stride 1, so that it sums for each input
 * element of `windows` what all windows gave it: the gradient spread by zeros, and the pads to use.
 */
export function adjointOperand(
  b: GraphBuilder,
  gradient: Value,
  windows: Windows,
  spatial: readonly number[],
): { readonly value: Value; readonly pads: readonly number[] } {
  const spread = spreadByZeros(b, gradient, windows.strides);
  const begin = reachOf(windows).map((reach, axis) => reach - 1 - windows.padsBegin[axis]!);
  const end = spatial.map((size, axis) => size - spread.dims[axis + 2]! + windows.padsBegin[axis]!);
  return cropped(b, spread, { begin, end });
}

/** The value cropped where the margins are negative, and the other margins as the pads of an operator. */
export function cropped(
  b: GraphBuilder,
  value: Value,
  { begin, end }: Margins,
): { readonly value: Value; readonly pads: readonly number[] } {
  const negative = {
    begin: begin.map((rows) => Math.min(rows, 0)),
    end: end.map((rows) => Math.min(rows, 0)),
  };
  return { value: fit(b, value, negative, 0), pads: positivePart([...begin, ...end]) };
}

function positivePart(margin: readonly number[]): number[] {
  return margin.map((rows) => Math.max(rows, 0));
}

/**
 * Margins after which the spatial sizes are those that the windows read, rounded up to whole strides;
 * what no window reads is cropped.
 */
function readMargins(spatial: readonly number[], windows: Windows): Margins {
  const coverage = coverageOf(windows);
  const end = spatial.map((size, axis) => {
    const stride = windows.strides[axis]!;
    const whole = Math.ceil(coverage[axis]! / stride) * stride;
    return whole - size - windows.padsBegin[axis]!;
  });
  return { begin: windows.padsBegin, end };
}

/** Where a place in the kernel falls: which phase of the stride, and how many rows into it, each axis. */
interface TapPlace {
  readonly phase: readonly number[];
  readonly shift: readonly number[];
}

/** The places in the kernel in row-major order. */
function tapPlaces(windows: Windows): readonly TapPlace[] {
  let places: readonly TapPlace[] = [{ phase: [], shift: [] }];
  for (const [axis, size] of windows.kernel.entries()) {
    const stride = windows.strides[axis]!;
    places = places.flatMap(({ phase, shift }) =>
      Array.from({ length: size }, (_, tap) => {
        const offset = tap * windows.dilations[axis]!;
        return {
          phase: [...phase, offset % stride],
          shift: [...shift, Math.floor(offset / stride)],
        };
      }),
    );
  }
  return places;
}

/**
 * For each place in the kernel, in row-major order, the elements that the windows read there, as
 * [.., .., ...output]. `value` is [.., .., ...spatial]; what lies outside of it is `fill`.
 */
export function tapsOf(b: GraphBuilder, value: Value, windows: Windows, fill: number): Value[] {
  const fitted = fit(b, value, readMargins(value.dims.slice(2), windows), fill);
  const split = new Map<string, readonly Value[]>();
  const phaseOf = (path: readonly number[]): Value => {
    if (path.length === 0) return fitted;
    const parent = path.slice(0, -1);
    const axis = parent.length;
    const known = split.get(parent.join());
    const phases = known ?? deinterleave(b, phaseOf(parent), axis + 2, windows.strides[axis]!);
    split.set(parent.join(), phases);
    return phases[path.at(-1)!]!;
  };
  return tapPlaces(windows).map(({ phase, shift }) => {
    const elements = phaseOf(phase);
    const axes = shift.map((_, axis) => axis + 2);
    const ends = shift.map((rows, axis) => rows + windows.output[axis]!);
    const whole = ends.every((end, axis) => end === elements.dims[axis + 2] && shift[axis] === 0);
    return whole ? elements : b.slice(elements, shift, ends, axes);
  });
}
