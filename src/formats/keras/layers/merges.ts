/** @file Layers that make one value of several. */
import { binary } from "../../channels-last/elementwise.ts";
import { heldLast, makersOrder, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import { reduce } from "../../channels-last/reductions.ts";
import { concatenate, reshape } from "../../channels-last/shapes.ts";
import { refused, type LayerCall, type LayerKind } from "./layer-kind.ts";
import { unitLength } from "./unit-length.ts";

/** All inputs with as many axes: those with fewer get axes of 1 behind the batch, as Keras does. */
function sameRank(call: LayerCall): readonly NhwcValue[] {
  const { b, inputs, positional } = call;
  if (inputs.length === 0) throw refused(call, "it must be called with tensors, got none");
  if (positional.length > 1) throw refused(call, "it must be called with one list, got more");
  const rank = inputs.reduce((most, { dims }) => Math.max(most, dims.length), 0);
  return inputs.map((x) => {
    const ones = Array<number>(rank - x.dims.length).fill(1);
    if (ones.length === 0) return x;
    return reshape(b, x, [...ones, ...x.dims.slice(1)], b.freeName(`${call.name}/axes`));
  });
}

/** The operator between neighbours, from the first on; the last result is called `name`. */
function folded(call: LayerCall, operator: string, name: string): NhwcValue {
  const { b } = call;
  const [first, ...others] = sameRank(call) as [NhwcValue, ...NhwcValue[]];
  if (others.length === 0) return { ...first, value: b.op("Identity", [first.value], {}, name) };
  return others.reduce((sum, x, i) => {
    const called = i === others.length - 1 ? name : b.freeName(`${name}/${operator}`);
    return binary(b, operator, [sum, x], called);
  }, first);
}

const merge = (operator: string): LayerKind => ({
  build: (call) => folded(call, operator, call.name),
});

const subtract: LayerKind = {
  build: (call) => {
    if (call.inputs.length === 2) return folded(call, "Sub", call.name);
    throw refused(call, `it must be called with two tensors, got ${call.inputs.length}`);
  },
};

const average: LayerKind = {
  build: (call) => {
    const { b, name, inputs } = call;
    const sum = folded(call, "Add", b.freeName(`${name}/sum`));
    const share = b.scalar(1 / inputs.length, sum.value.type);
    return { ...sum, value: b.op("Mul", [sum.value, share], {}, name) };
  },
};

const joined: LayerKind = {
  build: (call) => {
    const { b, config, inputs, name } = call;
    const axis = config.int("axis", -1);
    const rank = inputs[0]?.dims.length ?? 0;
    const isAxis = axis >= -rank && axis < rank && inputs.every((x) => x.dims.length === rank);
    if (isAxis) return concatenate(b, inputs, axis, name);
    throw refused(call, `its tensors must have the axis ${axis}, got ${rank} axes`);
  },
};

const letters = "abcdefghijklmnop";

/** Products over one axis of each, example by example. */
const dot: LayerKind = {
  build: (call) => {
    const { b, config, inputs, name } = call;
    const [x, y] = inputs;
    if (!x || !y || inputs.length > 2 || x.dims.length < 2 || y.dims.length < 2) {
      throw refused(call, "it must be called with two tensors of two axes or more");
    }
    const axes = config.ints("axes");
    const [left = 0, right = left] = axes;
    const places = [axisOf(call, x, left), axisOf(call, y, right)] as const;
    const isUnit = config.flag("normalize", false);
    const [first, second] = [x, y].map((each, i) =>
      isUnit ? unitLength(b, each, [places[i]!], b.freeName(`${name}/unit`)) : each,
    ) as [NhwcValue, NhwcValue];
    if (x.dims.length === 2 && y.dims.length === 2) {
      const products = binary(b, "Mul", [first, second], b.freeName(`${name}/products`));
      return reduce(b, "ReduceSum", products, [1], true, name);
    }
    const equation = dotEquation(x.dims.length, y.dims.length, places);
    const values = [makersOrder(b, first), makersOrder(b, second)];
    return heldLast(b.op("Einsum", values, { equation }, name));
  },
};

function axisOf(call: LayerCall, { dims }: NhwcValue, axis: number): number {
  const place = axis < 0 ? axis + dims.length : axis;
  if (place > 0 && place < dims.length) return place;
  throw refused(call, `"axes" must be axes behind the batch, got ${axis}`);
}

/** The axes of the first without its own, then those of the second. */
function dotEquation(
  rank: number,
  otherRank: number,
  [axis, otherAxis]: readonly [number, number],
): string {
  const first = letters.slice(0, rank);
  const shared = first[axis]!;
  const rest = Array.from(letters.slice(rank, rank + otherRank));
  const second = rest.with(0, first[0]!).with(otherAxis, shared);
  const kept = Array.from(first).filter((letter) => letter !== shared);
  const others = second.filter((letter, i) => i > 0 && letter !== shared);
  return `${first},${second.join("")}->${[...kept, ...others].join("")}`;
}

export const mergeLayers: Readonly<Record<string, LayerKind>> = {
  Add: merge("Add"),
  Multiply: merge("Mul"),
  Maximum: merge("Max"),
  Minimum: merge("Min"),
  Subtract: subtract,
  Average: average,
  Concatenate: joined,
  Dot: dot,
};
