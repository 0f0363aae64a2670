/** @file PyTorch's values with other numbers in a part of them, which assignments to parts become by run_decompositions(). */
import type { Value } from "../../../graph/builder.ts";
import type { Call, Rule, RuleTable } from "../call.ts";

const farEnd = 2 ** 31 - 1;

/** `self` with `part` from `start` on along an axis, in every `step`th place. */
function overwritten(
  c: Call,
  part: Value,
  axis: number,
  [start, end, step]: readonly [number, number, number],
): Value {
  const x = c.tensor("self");
  const { type } = c.output;
  const size = c.fixed([c.meta("self").sizes[axis]!])[0]!;
  const source = c.b.cast(part, type);
  if (start === 0 && end === size && step === 1) return source;
  const rest = [
    ...(start > 0 ? [c.b.slice(x, [0], [start], [axis])] : []),
    source,
    ...(end < size ? [c.b.slice(x, [end], [farEnd], [axis])] : []),
  ];
  if (step === 1) return c.b.concat(rest, axis);
  const count = Math.ceil((end - start) / step);
  const isTaken = (at: number) => at >= start && at < end && (at - start) % step === 0;
  // Each place of the axis is one of `self`, or one of the part behind them.
  const places = c.listed(size, (at) => (isTaken(at) ? size + (at - start) / step : at));
  if (source.dims[axis] !== count) c.refuse("the part must fit", source.dims[axis] ?? 0);
  const all = c.b.concat([x, source], axis);
  return c.op("Gather", [all, c.b.constant(places, [size], "int64")], { axis });
}

const ofSlice: Rule = (c) => {
  const rank = c.tensor("self").dims.length;
  const axis = c.axis("dim", rank, 0);
  const size = c.fixed([c.meta("self").sizes[axis]!])[0]!;
  const bound = (name: string, otherwise: number) => {
    const given = c.has(name) ? c.int(name) : otherwise;
    return Math.min(Math.max(given < 0 ? given + size : given, 0), size);
  };
  const step = c.int("step", 1);
  if (step < 1) c.refuse("the step must be above 0", step);
  const start = bound("start", 0);
  const end = Math.max(bound("end", size), start);
  return overwritten(c, c.tensor("src"), axis, [start, end, step]);
};

const ofPlace: Rule = (c) => {
  const axis = c.axis("dim", c.tensor("self").dims.length);
  const size = c.fixed([c.meta("self").sizes[axis]!])[0]!;
  const index = c.int("index");
  const at = index < 0 ? index + size : index;
  if (at < 0 || at >= size) c.refuse(`the index must be one of ${size}`, index);
  const part = c.op("Unsqueeze", [c.tensor("src"), c.b.ints([axis])]);
  return overwritten(c, part, axis, [at, at + 1, 1]);
};

/** Numbers in place of those that a mask of flags marks. */
const ofMask: Rule = (c) => {
  const [mask, ...others] = c.tensors("indices");
  if (!mask || mask.type !== "bool" || others.some((each) => each !== undefined)) {
    return c.refuse("places must be told by one mask of flags", mask?.type ?? "none");
  }
  const values = c.tensor("values");
  if (values.dims.length > 0) c.refuse("the value must be one number", values.dims.length);
  if (c.flag("accumulate", false)) c.refuse("values must not be added up", "accumulate");
  const x = c.tensor("self");
  const wide = [...mask.dims, ...x.dims.slice(mask.dims.length).map(() => 1)];
  const isMarked = wide.length === mask.dims.length ? mask : c.b.reshape(mask, wide);
  return c.b.where(isMarked, c.b.cast(values, x.type), x);
};

export const overwriting: RuleTable = {
  slice_scatter: ofSlice,
  select_scatter: ofPlace,
  index_put: ofMask,
};
