/** @file THE table of how operators move places: what each index of their outputs sees, from what those of their inputs see. */
import { placeRead } from "../autodiff/rules/interpolation.ts";
import { positiveAxis } from "../graph/infer.ts";
import type { TracedNode } from "../graph/traced-node.ts";
import { poolWindowsOf, transposedWindowsOf, windowsOf, type Windows } from "../graph/windows.ts";
import { appended, joined, reading, type Spans } from "./spans.ts";

/** The spans of an output from those of the inputs, undefined for inputs that do not depend on the picture. */
export type SpanRule = (
  n: TracedNode,
  inputs: readonly (Spans | undefined)[],
  output: number,
) => Spans;

function sizesOf(n: TracedNode, output: number): readonly number[] {
  return n.dimsOf(n.node.outputs[output] ?? "") ?? [];
}

function isPlaced(spans: Spans | undefined): spans is Spans {
  return spans !== undefined;
}

/** Every index as it is of all inputs that are as large; what is spread over an axis, as a gate, has no place on it. */
const inPlace: SpanRule = (n, inputs, output) => {
  const sizes = sizesOf(n, output);
  return sizes.map((size, axis) =>
    joined(
      inputs.flatMap((spans) => {
        const own = spans?.[axis - sizes.length + spans.length];
        return own?.first.length === size ? [own] : [];
      }),
    ),
  );
};

const windowed =
  (windowsFor: (n: TracedNode) => Windows): SpanRule =>
  (n, [spans], output) => {
    const { kernel, strides, dilations, padsBegin } = windowsFor(n);
    return sizesOf(n, output).map((size, axis) => {
      if (axis < 2) return undefined;
      const i = axis - 2;
      const reach = (kernel[i]! - 1) * dilations[i]!;
      return reading(spans?.[axis], size, strides[i]!, (index) => {
        const from = index * strides[i]! - padsBegin[i]!;
        return [from, from + reach];
      });
    });
  };

const transposedConvolution: SpanRule = (n, [spans], output) => {
  const { kernel, strides, dilations, padsBegin } = transposedWindowsOf(
    n,
    n.in(0).slice(2),
    n.in(1).slice(2),
  );
  return sizesOf(n, output).map((size, axis) => {
    if (axis < 2) return undefined;
    const i = axis - 2;
    const reach = (kernel[i]! - 1) * dilations[i]!;
    return reading(spans?.[axis], size, 1 / strides[i]!, (index) => {
      const to = index + padsBegin[i]!;
      return [(to - reach) / strides[i]!, to / strides[i]!];
    });
  });
};

/** Places lie between those that they are made of, also where single ones are repeated. */
const resize: SpanRule = (n, [spans], output) => {
  const dims = n.in(0);
  const coordinates = n.string("coordinate_transformation_mode", "half_pixel");
  const given = n.node.inputs[2] ? (n.constant(2) ?? []) : [];
  const axes = n.ints("axes", [...dims.keys()]).map((axis) => positiveAxis(axis, dims.length));
  if (coordinates === "tf_crop_and_resize") return dims.map(() => undefined);
  return sizesOf(n, output).map((to, axis) => {
    const from = dims[axis]!;
    const scale = given[axes.indexOf(axis)] ?? to / from;
    const mode = n.string("mode", "nearest");
    const nearest = n.string("nearest_mode", "round_prefer_floor");
    const line = { from, to, scale, mode, coordinates, nearest, region: [0, 1] } as const;
    const repeats = mode === "nearest" && to >= from;
    return reading(spans?.[axis], to, from / to, (index) => {
      const at = repeats ? ((index + 0.5) * from) / to - 0.5 : placeRead(line, index);
      return [at, at];
    });
  });
};

const depthToSpace: SpanRule = (n, [spans], output) => {
  const block = n.int("blocksize");
  return sizesOf(n, output).map((size, axis) =>
    reading(axis < 2 ? undefined : spans?.[axis], size, 1 / block, (index) => {
      const at = (index + 0.5) / block - 0.5;
      return [at, at];
    }),
  );
};

const spaceToDepth: SpanRule = (n, [spans], output) => {
  const block = n.int("blocksize");
  return sizesOf(n, output).map((size, axis) =>
    reading(axis < 2 ? undefined : spans?.[axis], size, block, (index) => [
      index * block,
      (index + 1) * block - 1,
    ]),
  );
};

/** An axis whose indices are single ones of the input's. */
function picked(n: TracedNode, spans: Spans | undefined, output: number, axis: number) {
  return (stride: number, source: (index: number) => number): Spans =>
    (spans ?? []).map((span, i) =>
      i === axis
        ? reading(span, sizesOf(n, output)[axis]!, stride, (index) => [
            source(index),
            source(index),
          ])
        : span,
    );
}

const pad: SpanRule = (n, [spans], output) => {
  const [pads, asked] = [n.constant(1), n.constant(3)];
  if (!pads || (n.node.inputs[3] && !asked)) return n.in(0).map(() => undefined);
  const axes = asked ?? n.in(0).map((_, axis) => axis);
  return axes.reduce<Spans>((all, axis, i) => {
    return picked(n, all, output, positiveAxis(axis, all.length))(1, (index) => index - pads[i]!);
  }, spans ?? []);
};

const slice: SpanRule = (n, [spans], output) => {
  const [starts, asked, steps] = [n.constant(1), n.constant(3), n.constant(4)];
  if (!starts || (n.node.inputs[3] && !asked) || (n.node.inputs[4] && !steps))
    return n.in(0).map(() => undefined);
  return starts.reduce<Spans>((all, start, i) => {
    const axis = positiveAxis(asked?.[i] ?? i, all.length);
    const [size, step] = [n.in(0)[axis]!, steps?.[i] ?? 1];
    const from = Math.min(
      Math.max(start < 0 ? start + size : start, 0),
      step > 0 ? size : size - 1,
    );
    return picked(n, all, output, axis)(step, (index) => from + index * step);
  }, spans ?? []);
};

const gather: SpanRule = (n, [spans], output) => {
  const indices = n.constant(1);
  const rank = n.in(1).length;
  const axis = positiveAxis(n.int("axis", 0), n.in(0).length);
  if (!indices || !spans || rank > 1) return sizesOf(n, output).map(() => undefined);
  if (rank === 0) return spans.filter((_, i) => i !== axis);
  const size = n.in(0)[axis]!;
  const source = (index: number) => (indices[index]! + size) % size;
  const stride = indices.length > 1 ? source(1) - source(0) : 1;
  return picked(n, spans, output, axis)(stride, source);
};

const split: SpanRule = (n, [spans], output) => {
  const axis = positiveAxis(n.int("axis", 0), n.in(0).length);
  const before = n.node.outputs
    .slice(0, output)
    .map((name) => n.dimsOf(name)?.[axis] ?? Number.NaN);
  const start = before.reduce((sum, size) => sum + size, 0);
  return picked(n, spans, output, axis)(1, (index) => start + index);
};

const concatenation: SpanRule = (n, inputs, output) => {
  const sizes = sizesOf(n, output);
  const axis = positiveAxis(n.int("axis"), sizes.length);
  return sizes.map((_, i) =>
    i === axis
      ? appended(inputs.map((spans) => spans?.[i]))
      : joined(inputs.filter(isPlaced).map((spans) => spans[i])),
  );
};

const transpose: SpanRule = (n, [spans]) => {
  const reversed = n.in(0).map((_, axis) => n.in(0).length - 1 - axis);
  return n.ints("perm", reversed).map((axis) => spans?.[axis]);
};

/** Axes of the same sizes in the same order, those of size 1 aside; else those that are alike at either end. */
const reshape: SpanRule = (n, [spans], output) => {
  const [from, to] = [n.in(0), sizesOf(n, output)];
  const wide = (sizes: readonly number[]) =>
    sizes.flatMap((size, axis) => (size > 1 ? [axis] : []));
  const [before, after] = [wide(from), wide(to)];
  if (before.map((axis) => from[axis]).join() === after.map((axis) => to[axis]).join())
    return to.map((_, axis) => spans?.[before[after.indexOf(axis)] ?? -1]);
  let front = 0;
  while (from[front] === to[front]) front += 1;
  let back = 0;
  while (from.at(-1 - back) === to.at(-1 - back)) back += 1;
  return to.map((_, axis) => {
    if (axis < front) return spans?.[axis];
    return axis >= to.length - back ? spans?.[axis - to.length + from.length] : undefined;
  });
};

const reduction: SpanRule = (n, [spans], output) => {
  const asked = n.constant(1);
  if (n.node.inputs[1] && !asked) return sizesOf(n, output).map(() => undefined);
  const rank = n.in(0).length;
  const axes = new Set(asked?.map((axis) => positiveAxis(axis, rank)) ?? [...n.in(0).keys()]);
  const kept = (spans ?? []).map((span, axis) => (axes.has(axis) ? undefined : span));
  return n.int("keepdims", 1) === 1 ? kept : kept.filter((_, axis) => !axes.has(axis));
};

/** Rows keep their places; the last axis is mixed. */
const matrixProduct: SpanRule = (n, [spans, other], output) => {
  const sizes = sizesOf(n, output);
  const isOfRows = spans !== undefined && other === undefined && spans.length === sizes.length;
  return sizes.map((_, axis) => (isOfRows && axis < sizes.length - 1 ? spans[axis] : undefined));
};

function all(names: string, rule: SpanRule): Readonly<Record<string, SpanRule>> {
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, rule]));
}

/** THE table of rules. What is not in it mixes places. */
export const spanRules: Readonly<Record<string, SpanRule>> = {
  ...all(
    "Abs Acos Acosh Add And Asin Asinh Atan Atanh BatchNormalization Cast Ceil Celu Clip Cos Cosh DequantizeLinear Div Dropout Elu Equal Erf Exp Expand Floor Gelu Greater GreaterOrEqual GroupNormalization HardSigmoid HardSwish Hardmax Identity InstanceNormalization IsInf IsNaN LRN LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax LpNormalization Max Mean MeanVarianceNormalization Min Mish Mod Mul Neg Not Or PRelu Pow QuantizeLinear Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt Sub Sum Swish Tan Tanh ThresholdedRelu Where Xor",
    inPlace,
  ),
  ...all(
    "AveragePool LpPool MaxPool",
    windowed((n) => poolWindowsOf(n, n.in(0).slice(2))),
  ),
  ...all(
    "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare",
    reduction,
  ),
  ...all("Flatten Reshape Squeeze Unsqueeze", reshape),
  Concat: concatenation,
  Conv: windowed((n) => windowsOf(n, n.in(0).slice(2), n.in(1).slice(2))),
  ConvTranspose: transposedConvolution,
  DepthToSpace: depthToSpace,
  Gather: gather,
  MatMul: matrixProduct,
  Pad: pad,
  Resize: resize,
  Slice: slice,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Transpose: transpose,
};

/** Whether an operator only changes the shape. */
export function reshapes(operator: string): boolean {
  return spanRules[operator] === reshape;
}

/** Whether an operator leaves every element where it is. */
export function leavesInPlace(operator: string): boolean {
  return spanRules[operator] === inPlace;
}
