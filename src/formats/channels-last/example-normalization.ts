/** @file Normalisation of each example by statistics of its own. */
import type { GraphBuilder } from "../../graph/builder.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import { binary } from "./elementwise.ts";
import {
  axisIn,
  channelsFirst,
  heldFirst,
  heldLast,
  makersOrder,
  withAllAxes,
  type NhwcValue,
} from "./nhwc-value.ts";
import { permutedTensor } from "./permuted-tensor.ts";

/** How numbers are normalised over some axes. */
export interface LayerNormalization {
  /** The maker's axes, counted from the front and in their order. */
  readonly axes: readonly number[];
  readonly epsilon: number;
  /** Numbers without their mean by their deviation; whole ones by their deviation, or by the root of their mean square. */
  readonly kind: "centred" | "by-deviation" | "by-root-mean-square";
  /** One number for each place of the axes, in their order; left out for 1 and 0. */
  readonly scale?: Tensor;
  readonly shift?: Tensor;
}

/** `(x - mean) / sqrt(variance + epsilon) * scale + shift`, the mean and the variance being those over `axes`; so for "centred". */
export function layerNormalization(
  b: GraphBuilder,
  x: NhwcValue,
  how: LayerNormalization,
  name: string,
): NhwcValue {
  const { axes, epsilon, kind, scale, shift } = how;
  const rank = x.dims.length;
  const isTrailing = axes.every((axis, i) => axis === rank - axes.length + i);
  if (kind === "centred" && isTrailing && scale && x.held !== "first") {
    const weights = [scale, ...(shift ? [shift] : [])].map((numbers, i) =>
      b.initializer(`${name}/${i === 0 ? "scale" : "shift"}`, asFloats(numbers)),
    );
    const attributes = { axis: rank - axes.length, epsilon };
    return heldLast(b.op("LayerNormalization", [makersOrder(b, x), ...weights], attributes, name));
  }
  const held = withAllAxes(b, x);
  const steps = [scale && "scale", shift && "shift"].filter((step) => step !== undefined);
  let value = whitened(b, held, how, steps.length === 0 ? name : undefined);
  if (scale) {
    const called = shift ? undefined : name;
    value = withNumbers(b, "Mul", value, scale, axes, { name, step: "scale", called });
  }
  if (shift) {
    value = withNumbers(b, "Add", value, shift, axes, { name, step: "shift", called: name });
  }
  return value;
}

function asFloats(numbers: Tensor): Tensor<"float32"> {
  return permutedTensor(
    numbers,
    numbers.dims.map((_, axis) => axis),
  );
}

function whitened(
  b: GraphBuilder,
  x: NhwcValue,
  { axes, epsilon, kind }: LayerNormalization,
  name: string | undefined,
): NhwcValue {
  const where = axes.map((axis) => axisIn(x, axis)).sort((a, other) => a - other);
  const isWhole = kind === "by-root-mean-square";
  const apart = isWhole ? x.value : b.sub(x.value, b.reduceMean(x.value, where));
  const variance = b.reduceMean(b.mul(apart, apart), where);
  const deviation = b.op("Sqrt", [b.add(variance, b.scalar(epsilon))]);
  const divided = kind === "centred" ? apart : x.value;
  return { ...x, value: b.op("Div", [divided, deviation], {}, name) };
}

/** An operation with one number for each place of some of the maker's axes. */
function withNumbers(
  b: GraphBuilder,
  operator: string,
  x: NhwcValue,
  numbers: Tensor,
  axes: readonly number[],
  names: { readonly name: string; readonly step: string; readonly called: string | undefined },
): NhwcValue {
  const dims = x.dims.map((dim, axis) => (axes.includes(axis) ? dim : 1));
  const whole = tensor("float32", dims, asFloats(numbers).data);
  const constant = heldLast(b.initializer(`${names.name}/${names.step}`, whole));
  const called = names.called ?? b.freeName(`${names.name}/${operator}`);
  return binary(b, operator, [x, constant], called);
}

/** How channels are normalised in groups. */
export interface GroupNormalization {
  readonly groups: number;
  readonly epsilon: number;
  /** [C]. */
  readonly scale: Tensor;
  readonly shift: Tensor;
}

/** Each group of channels of [N, ..., C] by the mean and the variance of its own channels and all places. */
export function groupNormalization(
  b: GraphBuilder,
  x: NhwcValue,
  { groups, epsilon, scale, shift }: GroupNormalization,
  name: string,
): NhwcValue {
  const weights = [
    b.initializer(`${name}/scale`, asFloats(scale)),
    b.initializer(`${name}/shift`, asFloats(shift)),
  ];
  const attributes = { num_groups: groups, epsilon };
  if (x.dims.length > 2) {
    const inputs = [channelsFirst(b, x), ...weights];
    return heldFirst(b.op("GroupNormalization", inputs, attributes, name));
  }
  const channels = x.dims[1]!;
  const row = b.op("Reshape", [makersOrder(b, x), b.ints([0, channels, 1])]);
  const result = b.op("GroupNormalization", [row, ...weights], attributes);
  return heldLast(b.op("Reshape", [result, b.ints([0, channels])], {}, name));
}
