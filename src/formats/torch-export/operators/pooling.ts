/** @file PyTorch's pools over windows, and over as many parts as are asked for. */
import type { Value } from "../../../graph/builder.ts";
import { elementCount } from "../../../graph/tensor.ts";
import type { Call, Rule, RuleTable } from "../call.ts";

/** Spatial axes by the operator's name: `max_pool2d`. */
function spatialRank(c: Call): number {
  return Number(/(\d)d/.exec(c.operator)?.[1] ?? 2);
}

/** The same numbers before and behind each axis; `behind` are further ones. */
function bothEnds(pads: readonly number[], behind: readonly number[]): number[] {
  return [...pads, ...pads.map((pad, axis) => pad + behind[axis]!)];
}

interface PoolWindow {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
}

function windowOf(c: Call): PoolWindow {
  const rank = spatialRank(c);
  const kernel = c.ints("kernel_size", undefined, rank);
  return {
    kernel,
    strides: c.ints("stride", kernel, rank),
    pads: c.ints("padding", Array<number>(rank).fill(0), rank),
    dilations: c.ints("dilation", Array<number>(rank).fill(1), rank),
  };
}

/**
 * What each axis lacks for its last window where sizes are rounded up; a window that would start in the padding behind
 * is left out.
 */
function overhang(c: Call, { kernel, strides, pads, dilations }: PoolWindow): readonly number[] {
  const rank = kernel.length;
  if (!c.flag("ceil_mode", false)) return Array<number>(rank).fill(0);
  const sizes = c.fixed(c.meta("self").sizes.slice(-rank));
  return sizes.map((size, axis) => {
    const reach = (kernel[axis]! - 1) * dilations[axis]! + 1;
    const slack = size + 2 * pads[axis]! - reach;
    let count = Math.ceil(slack / strides[axis]!) + 1;
    if ((count - 1) * strides[axis]! >= size + pads[axis]!) count -= 1;
    return Math.max((count - 1) * strides[axis]! - slack, 0);
  });
}

/** A picture without a batch is one of a batch of one. */
function inBatch(c: Call, pool: (input: Value) => Value): Value {
  const input = c.tensor("self");
  if (input.dims.length === spatialRank(c) + 2) return pool(input);
  const batch = c.b.op("Unsqueeze", [input, c.b.ints([0])]);
  return c.b.op("Squeeze", [pool(batch), c.b.ints([0])]);
}

const maxPool: Rule = (c) => {
  const window = windowOf(c);
  const { kernel, strides, pads, dilations } = window;
  const all = bothEnds(pads, overhang(c, window));
  const attributes = { kernel_shape: kernel, strides, pads: all, dilations };
  return inBatch(c, (input) => c.op("MaxPool", [input], attributes));
};

const averagePool: Rule = (c) => {
  const window = windowOf(c);
  const { kernel, strides, pads } = window;
  const behind = overhang(c, window);
  const divisor = c.has("divisor_override") ? c.int("divisor_override") : undefined;
  const places = elementCount(kernel);
  const attributes = { kernel_shape: kernel, strides };
  if (divisor !== undefined) {
    const counted = { ...attributes, pads: bothEnds(pads, behind), count_include_pad: 1 };
    return inBatch(c, (x) => c.b.scale(c.op("AveragePool", [x], counted), places / divisor));
  }
  const isPadCounted = c.flag("count_include_pad", true) && pads.some((pad) => pad > 0);
  if (!isPadCounted) {
    const all = bothEnds(pads, behind);
    return inBatch(c, (x) => c.op("AveragePool", [x], { ...attributes, pads: all }));
  }
  if (behind.every((more) => more === 0)) {
    const counted = { ...attributes, pads: bothEnds(pads, behind), count_include_pad: 1 };
    return inBatch(c, (x) => c.op("AveragePool", [x], counted));
  }
  // Padding counts, and what the last window lacks does not.
  const none = pads.map(() => 0);
  return inBatch(c, (x) => {
    const padded = c.op("Pad", [x, c.b.ints([0, 0, ...pads, 0, 0, ...pads]), c.scalar(0, x.type)]);
    return c.op("AveragePool", [padded], { ...attributes, pads: bothEnds(none, behind) });
  });
};

/** Windows of one size where the parts are even; undefined where they are not. */
function evenParts(
  sizes: readonly number[],
  parts: readonly number[],
): readonly number[] | undefined {
  const isEven = sizes.every((size, axis) => size % parts[axis]! === 0);
  return isEven ? sizes.map((size, axis) => size / parts[axis]!) : undefined;
}

/** How many parts each axis is given; None keeps the axis. */
function partsOf(c: Call): readonly number[] {
  return c.fixed(c.output.sizes.slice(-spatialRank(c)));
}

function adaptive(c: Call, whole: string, windows: string, uneven: Rule): Value {
  const rank = spatialRank(c);
  const parts = partsOf(c);
  if (parts.every((count) => count === 1)) return inBatch(c, (x) => c.op(whole, [x]));
  const kernel = evenParts(c.fixed(c.meta("self").sizes.slice(-rank)), parts);
  if (!kernel) return uneven(c) as Value;
  if (kernel.every((size) => size === 1)) return c.tensor("self");
  return inBatch(c, (x) => c.op(windows, [x], { kernel_shape: kernel, strides: kernel }));
}

/** Part i of n is the mean from floor(i size / n) to ceil((i + 1) size / n): a product with a matrix on each axis. */
const unevenMeans: Rule = (c) => {
  const parts = partsOf(c);
  if (parts.length > 2) return c.refuse("uneven parts must be of 1 or 2 axes", parts.length);
  const sizes = c.fixed(c.meta("self").sizes.slice(-parts.length));
  let x = c.tensor("self");
  const last = parts.length - 1;
  x = c.op("MatMul", [x, shares(c, sizes[last]!, parts[last]!, true)]);
  return last === 0 ? x : c.op("MatMul", [shares(c, sizes[0]!, parts[0]!, false), x]);
};

const mostShares = 2 ** 22;

/** The share of each place in each part: [size, count] behind a value, [count, size] before it. */
function shares(c: Call, size: number, count: number, isBehind: boolean): Value {
  if (size * count > mostShares)
    c.refuse(`parts must have at most ${mostShares} shares`, size * count);
  const numbers = new Float32Array(size * count);
  for (let part = 0; part < count; part++) {
    const start = Math.floor((part * size) / count);
    const end = Math.ceil(((part + 1) * size) / count);
    for (let at = start; at < end; at++) {
      numbers[isBehind ? at * count + part : part * size + at] = 1 / (end - start);
    }
  }
  const dims = isBehind ? [size, count] : [count, size];
  return c.b.cast(c.b.constant(numbers, dims), c.output.type);
}

const averageParts: Rule = (c) => adaptive(c, "GlobalAveragePool", "AveragePool", unevenMeans);

const mostParts = 64;

/** The largest of each part, one axis after the other. */
const unevenExtremes: Rule = (c) => {
  let x = c.tensor("self");
  const parts = partsOf(c);
  const sizes = c.fixed(c.meta("self").sizes.slice(-parts.length));
  for (const [i, count] of parts.entries()) {
    if (count > mostParts) c.refuse(`there must be at most ${mostParts} uneven parts`, count);
    const axis = x.dims.length - parts.length + i;
    const size = sizes[i]!;
    if (count === size) continue;
    const largest = Array.from({ length: count }, (_, part) => {
      const [start, end] = [
        Math.floor((part * size) / count),
        Math.ceil(((part + 1) * size) / count),
      ];
      const those = c.b.slice(x, [start], [end], [axis]);
      return c.op("ReduceMax", [those, c.b.ints([axis])], { keepdims: 1 });
    });
    x = c.b.concat(largest, axis);
  }
  return x;
};

const largestParts: Rule = (c) => adaptive(c, "GlobalMaxPool", "MaxPool", unevenExtremes);

export const pools: RuleTable = {
  max_pool1d: maxPool,
  max_pool2d: maxPool,
  max_pool3d: maxPool,
  max_pool2d_with_indices: maxPool,
  max_pool3d_with_indices: maxPool,
  avg_pool1d: averagePool,
  avg_pool2d: averagePool,
  avg_pool3d: averagePool,
  adaptive_avg_pool1d: averageParts,
  adaptive_avg_pool2d: averageParts,
  adaptive_avg_pool3d: averageParts,
  _adaptive_avg_pool2d: averageParts,
  _adaptive_avg_pool3d: averageParts,
  adaptive_max_pool1d: largestParts,
  adaptive_max_pool2d: largestParts,
  adaptive_max_pool3d: largestParts,
};
