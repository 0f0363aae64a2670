/** @file PyTorch's views: the same elements in another shape or order. */
import { sameSizes, type Rule, type RuleTable } from "../call.ts";

/** In the shape that the file tells of the output. */
const shaped: Rule = (c) => c.reshaped(c.tensor("self"), c.meta("self").sizes, c.output.sizes);

const permuted: Rule = (c) => {
  const x = c.tensor("self");
  const order = c.ints("dims").map((axis) => c.positive(axis, x.dims.length));
  if (new Set(order).size !== x.dims.length)
    c.refuse("an order must name every axis", order.join());
  return c.b.transpose(x, order);
};

/** Two axes, each in the other's place. */
function swapped(first: string, second: string): Rule {
  return (c) => {
    const x = c.tensor("self");
    const rank = x.dims.length;
    const order = x.dims.map((_, axis) => axis);
    const [a, b] = [c.axis(first, rank), c.axis(second, rank)];
    [order[a], order[b]] = [order[b]!, order[a]!];
    return c.b.transpose(x, order);
  };
}

/** The last two axes, or all, in reverse. */
function turned(count: number): Rule {
  return (c) => {
    const x = c.tensor("self");
    const order = x.dims.map((_, axis) => axis);
    const kept = Math.max(order.length - count, 0);
    return c.b.transpose(x, [...order.slice(0, kept), ...order.slice(kept).reverse()]);
  };
}

const moved: Rule = (c) => {
  const x = c.tensor("self");
  const rank = x.dims.length;
  const from = c.ints("source").map((axis) => c.positive(axis, rank));
  const to = c.ints("destination").map((axis) => c.positive(axis, rank));
  const rest = x.dims.map((_, axis) => axis).filter((axis) => !from.includes(axis));
  const order = x.dims.map((_, axis) => from[to.indexOf(axis)] ?? rest.shift() ?? axis);
  return c.b.transpose(x, order);
};

/** Repeated along axes of one element; an open axis stays as it is. */
const expanded: Rule = (c) => {
  const x = c.tensor("self");
  const from = c.meta("self").sizes;
  const to = c.output.sizes;
  const before = to.length - from.length;
  const target = to.map((size, axis) => {
    const own = from[axis - before];
    const isKept =
      own !== undefined && own.expression === size.expression && own.value === size.value;
    return isKept ? 1 : c.fixed([size])[0]!;
  });
  const isSame = before === 0 && target.every((size) => size === 1);
  return isSame ? x : c.b.op("Expand", [x, c.b.ints(target)]);
};

const repeated: Rule = (c) => {
  const times = c.ints(c.operator === "tile" ? "dims" : "repeats");
  const x = c.tensor("self");
  const rank = Math.max(times.length, x.dims.length);
  const ones = (count: number) => Array<number>(count).fill(1);
  const from = c.meta("self").sizes;
  const padded = [...ones(rank - from.length).map((value) => ({ value })), ...from];
  const shaped = c.reshaped(x, from, padded);
  const all = [...ones(rank - times.length), ...times];
  return all.every((count) => count === 1) ? shaped : c.b.op("Tile", [shaped, c.b.ints(all)]);
};

/** Axes that are added, and axes of one element that go. */
const unsqueezed: Rule = (c) => {
  const x = c.tensor("self");
  return c.b.op("Unsqueeze", [x, c.b.ints([c.axis("dim", x.dims.length + 1)])]);
};

const squeezed: Rule = (c) => {
  const x = c.tensor("self");
  const { sizes } = c.meta("self");
  const axes = c.axes("dim", x.dims.length);
  const ones = axes.filter((axis) => sizes[axis]?.value === 1 && !sizes[axis].expression);
  return ones.length === 0 ? x : c.b.op("Squeeze", [x, c.b.ints(ones)]);
};

/** run_decompositions() writes views by strides also where every element stays in its place; only those are read. */
const restrided: Rule = (c) => {
  const [from, to] = [c.meta("self"), c.output];
  const isSame =
    sameSizes(from.sizes, to.sizes) &&
    from.sizes.every(
      ({ value, expression }, axis) =>
        (value === 1 && expression === undefined) || from.strides[axis] === to.strides[axis],
    );
  const offset = c.int("storage_offset", 0);
  if (!isSame || offset !== 0) {
    return c.refuse("strides must be those that the value has", to.strides.join(", "));
  }
  return c.tensor("self");
};

export const shapes: RuleTable = {
  view: shaped,
  reshape: shaped,
  _unsafe_view: shaped,
  _reshape_alias: shaped,
  view_as: shaped,
  reshape_as: shaped,
  flatten: shaped,
  unflatten: shaped,
  permute: permuted,
  transpose: swapped("dim0", "dim1"),
  swapaxes: swapped("axis0", "axis1"),
  swapdims: swapped("dim0", "dim1"),
  t: turned(2),
  numpy_T: turned(64),
  mT: turned(2),
  adjoint: turned(2),
  movedim: moved,
  as_strided: restrided,
  expand: expanded,
  expand_as: expanded,
  broadcast_to: expanded,
  repeat: repeated,
  tile: repeated,
  unsqueeze: unsqueezed,
  squeeze: squeezed,
};
