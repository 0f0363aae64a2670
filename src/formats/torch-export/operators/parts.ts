/** @file PyTorch's parts of values, and values joined of parts. */
import type { Value } from "../../../graph/builder.ts";
import type { Call, Rule, RuleTable } from "../call.ts";

/** What PyTorch can write in simpler terms by itself. */
const decomposed = "save exported.run_decompositions() with torch.export.save";

/** Ends beyond every axis. */
const farEnd = 2 ** 31 - 1;

/** From `start` up to `end`; an end beyond the axis is its end, so that an open axis can stay open. */
const sliced: Rule = (c) => {
  const x = c.tensor("self");
  const axis = c.axis("dim", x.dims.length, 0);
  const start = c.has("start") ? c.int("start") : 0;
  const end = c.has("end") ? Math.min(c.int("end"), farEnd) : farEnd;
  const step = c.int("step", 1);
  if (step < 1) c.refuse("the step must be above 0", step);
  if (start === 0 && end === farEnd && step === 1) return x;
  return c.b.slice(x, [start], [end], [axis], [step]);
};

const narrowed: Rule = (c) => {
  const x = c.tensor("self");
  const axis = c.axis("dim", x.dims.length);
  const start = c.int("start");
  return c.b.slice(x, [start], [start + c.int("length")], [axis]);
};

const selected: Rule = (c) => {
  const x = c.tensor("self");
  const axis = c.axis("dim", x.dims.length);
  return c.op("Gather", [x, c.b.scalar(c.int("index"), "int64")], { axis });
};

/** All parts in the sizes that the file tells. */
const split: Rule = (c) => {
  const x = c.tensor("self");
  const axis = c.axis("dim", x.dims.length, 0);
  const sizes = c.outputs.map(({ sizes }) => c.fixed([sizes[axis] ?? { value: 0 }])[0]!);
  if (sizes.length === 1) return [x];
  return c.b.ops("Split", [x, c.b.ints(sizes)], sizes.length, { axis });
};

const unbound: Rule = (c) => {
  const x = c.tensor("self");
  const axis = c.axis("dim", x.dims.length, 0);
  return c.outputs.map((_, i) => c.op("Gather", [x, c.b.scalar(i, "int64")], { axis }));
};

function members(c: Call): readonly Value[] {
  const values = c.tensors("tensors").flatMap((value) => value ?? []);
  if (values.length === 0) c.refuse("values must be joined", "none");
  // Empty lists of one axis may be joined with anything.
  const { type, sizes } = c.output;
  const kept = values.filter(({ dims }) => dims.length === sizes.length || dims[0] !== 0);
  return kept.map((value) => c.b.cast(value, type));
}

const joined: Rule = (c) => {
  const values = members(c);
  return c.b.concat(values, c.axis("dim", values[0]!.dims.length, 0));
};

const stacked: Rule = (c) => {
  const values = c.tensors("tensors").flatMap((value) => value ?? []);
  if (values.length === 0) c.refuse("values must be stacked", "none");
  const axis = c.axis("dim", values[0]!.dims.length + 1, 0);
  const raised = values.map((value) =>
    c.op("Unsqueeze", [c.b.cast(value, c.output.type), c.b.ints([axis])]),
  );
  return c.b.concat(raised, axis);
};

/** Every entry of an axis so many times. */
const repeatedEntries: Rule = (c) => {
  const x = c.tensor("self");
  if (!c.has("dim")) return c.refuse("an axis must be named", "none", decomposed);
  if (c.overload !== "self_int") return c.refuse("repeats must be one number", "several");
  const axis = c.axis("dim", x.dims.length);
  const times = c.int("repeats");
  const size = c.fixed([c.meta("self").sizes[axis]!])[0]!;
  const places = c.listed(size * times, (i) => Math.floor(i / times));
  return c.op("Gather", [x, c.b.constant(places, [places.length], "int64")], { axis });
};

/** Each axis turned around by so many places, what leaves one end coming in at the other. */
const rolled: Rule = (c) => {
  let x = c.tensor("self");
  const shifts = c.ints("shifts");
  const axes = c.ints("dims", []);
  if (axes.length !== shifts.length) {
    return c.refuse("each shift must have an axis", axes.length, decomposed);
  }
  for (const [i, each] of axes.entries()) {
    const axis = c.positive(each, x.dims.length);
    const size = c.fixed([c.meta("self").sizes[axis]!])[0]!;
    const shift = size === 0 ? 0 : ((shifts[i]! % size) + size) % size;
    if (shift === 0) continue;
    const tail = c.b.slice(x, [size - shift], [size], [axis]);
    x = c.b.concat([tail, c.b.slice(x, [0], [size - shift], [axis])], axis);
  }
  return x;
};

const flipped: Rule = (c) => {
  const x = c.tensor("self");
  const axes = c.axes("dims", x.dims.length);
  const all = (value: number) => axes.map(() => value);
  return c.b.slice(x, all(-1), all(-farEnd), axes, all(-1));
};

/** `pad` lists the two ends of the last axis first. */
function padded(c: Call, mode: "constant" | "reflect" | "edge" | "wrap", value: number): Value {
  let x = c.tensor("self");
  const pads = c.ints(c.has("pad") ? "pad" : "padding");
  const rank = x.dims.length;
  if (pads.length % 2 !== 0 || pads.length > 2 * rank)
    c.refuse("both ends must be padded", pads.length);
  const axes = Array.from({ length: pads.length / 2 }, (_, i) => rank - 1 - i);
  const begins = axes.map((_, i) => pads[2 * i]!);
  const ends = axes.map((_, i) => pads[2 * i + 1]!);
  const inputs = [c.b.ints([...begins, ...ends]), c.scalar(value, x.type), c.b.ints(axes)];
  x = c.op("Pad", [x, ...inputs], { mode });
  return x;
}

const modes = {
  constant: "constant",
  reflect: "reflect",
  replicate: "edge",
  circular: "wrap",
} as const;

const pad: Rule = (c) => {
  const mode = c.text("mode", "constant");
  if (!Object.hasOwn(modes, mode)) return c.refuse("the mode must be known", mode);
  return padded(c, modes[mode as keyof typeof modes], c.number("value", 0));
};

export const parts: RuleTable = {
  slice: sliced,
  narrow: narrowed,
  select: selected,
  split,
  split_with_sizes: split,
  chunk: split,
  tensor_split: split,
  unbind: unbound,
  cat: joined,
  concat: joined,
  concatenate: joined,
  stack: stacked,
  repeat_interleave: repeatedEntries,
  roll: rolled,
  flip: flipped,
  pad,
  constant_pad_nd: (c) => padded(c, "constant", c.number("value", 0)),
  reflection_pad1d: (c) => padded(c, "reflect", 0),
  reflection_pad2d: (c) => padded(c, "reflect", 0),
  replication_pad1d: (c) => padded(c, "edge", 0),
  replication_pad2d: (c) => padded(c, "edge", 0),
};
