/** @file The gradients of padding in its modes, and of padding or cropping round the centre. */
import { LimpidError } from "../../errors.ts";
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";
import { reversedAlong, withMargins } from "./margins.ts";

/** Places added in front of and behind each axis; negative ones are cropped. */
interface Pads {
  readonly before: readonly number[];
  readonly behind: readonly number[];
}

function padsOf(n: NodeView): Pads {
  const { dims } = n.in(0);
  const pads = n.requireConstant(1, "pads");
  const axes = n.hasIn(3) ? n.requireConstant(3, "axes") : dims.map((_, axis) => axis);
  const places = axes.map((axis) => positiveAxis(axis, dims.length));
  const of = (axis: number, offset: number) => {
    const i = places.indexOf(axis);
    return i < 0 ? 0 : pads[i + offset]!;
  };
  return {
    before: dims.map((_, axis) => of(axis, 0)),
    behind: dims.map((_, axis) => of(axis, axes.length)),
  };
}

function negated(pads: readonly number[]): number[] {
  return pads.map((pad) => 0 - pad);
}

/** dx is the inner part of dy, dvalue the sum of the outer part. */
function constantPad(n: NodeView, b: GraphBuilder): readonly (Value | null)[] {
  const { before, behind } = padsOf(n);
  const dx = withMargins(b, n.grad(0), negated(before), negated(behind));
  if (!n.needs(2)) return [dx];
  const all = dx.dims.map((_, axis) => axis);
  const outer = b.sub(b.reduceSum(n.grad(0), all, false), b.reduceSum(dx, all, false));
  return [dx, null, b.reshape(outer, n.in(2).dims)];
}

/** The place that a padded place of an axis reads, by mode. */
const sources: Readonly<Record<string, (place: number, size: number) => number>> = {
  edge: (place, size) => Math.min(Math.max(place, 0), size - 1),
  reflect: (place, size) => {
    if (size === 1) return 0;
    const period = 2 * (size - 1);
    const folded = ((place % period) + period) % period;
    return folded < size ? folded : period - folded;
  },
  wrap: (place, size) => ((place % size) + size) % size,
};

/** Neighbouring places of dy that read neighbouring places of x: rising (1), falling (-1) or all the same (0). */
interface Run {
  readonly start: number;
  readonly count: number;
  readonly step: -1 | 0 | 1;
  /** The lowest place of x that is read. */
  readonly source: number;
}

/** The runs of the places from `from` to before `to`, which read `reads`. */
function runsOf(reads: readonly number[], from: number, to: number): readonly Run[] {
  const runs: Run[] = [];
  let start = from;
  while (start < to) {
    const next = start + 1 < to ? reads[start + 1]! - reads[start]! : 1;
    const step = next === 0 || next === -1 ? next : 1;
    let end = start + 1;
    while (end < to && reads[end] === reads[end - 1]! + step) end++;
    const source = Math.min(reads[start]!, reads[end - 1]!);
    runs.push({ start, count: end - start, step, source });
    start = end;
  }
  return runs;
}

/** The part of dy in a run, in the order of x: falling ones turned round, equal ones summed. */
function partOf(b: GraphBuilder, dy: Value, axis: number, run: Run): Value {
  const whole = run.count === dy.dims[axis];
  const part = whole ? dy : b.slice(dy, [run.start], [run.start + run.count], [axis]);
  if (run.step === 0) return b.reduceSum(part, [axis]);
  return run.step < 0 ? reversedAlong(b, part, axis) : part;
}

/** Every run of dy is added where it was read; runs that do not overlap in x are laid into one addend. */
function addRuns(
  b: GraphBuilder,
  dy: Value,
  axis: number,
  runs: readonly Run[],
  size: number,
): Value {
  const layers: { end: number; parts: Value[] }[] = [];
  const gap = (length: number) => b.fill(dy.dims.with(axis, length), 0, dy.type);
  const longestFirst = runs.toSorted((a, c) => a.source - c.source || c.count - a.count);
  for (const run of longestFirst) {
    const part = partOf(b, dy, axis, run);
    let layer = layers.find(({ end }) => end <= run.source);
    if (!layer) layers.push((layer = { end: 0, parts: [] }));
    if (layer.end < run.source) layer.parts.push(gap(run.source - layer.end));
    layer.parts.push(part);
    layer.end = run.source + part.dims[axis]!;
  }
  const addends = layers.map(({ end, parts }) =>
    b.concat(end < size ? [...parts, gap(size - end)] : parts, axis),
  );
  return addends.reduce((a, c) => b.add(a, c));
}

function mirroredPad(n: NodeView, b: GraphBuilder, mode: string): Value {
  const source = Object.hasOwn(sources, mode) ? sources[mode] : undefined;
  if (!source) {
    throw new LimpidError(
      "bad-file",
      `differentiate: Pad "${n.node.name}" must have mode constant, edge, reflect or wrap, got "${mode}". export the model again.`,
    );
  }
  const { before, behind } = padsOf(n);
  return n.in(0).dims.reduce((gradient, size, axis) => {
    const length = gradient.dims[axis]!;
    if (length === 0) return b.fill(gradient.dims.with(axis, size), 0, gradient.type);
    const reads = Array.from({ length }, (_, place) => source(place - before[axis]!, size));
    const first = Math.max(before[axis]!, 0);
    const last = length - Math.max(behind[axis]!, 0);
    const runs = [
      [0, first],
      [first, last],
      [last, length],
    ] as const;
    return addRuns(
      b,
      gradient,
      axis,
      runs.flatMap(([from, to]) => runsOf(reads, from, to)),
      size,
    );
  }, n.grad(0));
}

const pad: GradientRule = (n, b) => {
  const mode = n.string("mode", "constant");
  return mode === "constant" ? constantPad(n, b) : [mirroredPad(n, b, mode)];
};

/** y is x cut or padded by zeros round its centre; where the difference is odd the front gets less. */
const centerCropPad: GradientRule = (n, b) => {
  const { dims } = n.in(0);
  const before = dims.map((size, axis) => {
    const added = n.out(0).dims[axis]! - size;
    return added < 0 ? -Math.floor(-added / 2) : Math.floor(added / 2);
  });
  const behind = dims.map((size, axis) => n.out(0).dims[axis]! - size - before[axis]!);
  return [withMargins(b, n.grad(0), negated(before), negated(behind))];
};

export const padding = {
  // y = x cut or padded by zeros round its centre; dx = dy padded or cut the same way
  CenterCropPad: centerCropPad,
  // y = x with margins; dx = the inner part of dy, and what mirrored, repeated or wrapped margins
  // got; dvalue = the rest
  Pad: pad,
} satisfies RuleTable;
