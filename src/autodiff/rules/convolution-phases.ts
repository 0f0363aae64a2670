/** @file The input gradient of a strided convolution as convolutions without strides: one for each phase of the input. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import type { Windows } from "../../graph/windows.ts";
import { largest, smallest } from "../../statistics.ts";
import { beforeFirst, cropped, fit, interleave, type Convolution } from "./striding.ts";

/** What reads the rows `phase`, `phase` + stride, ... of the input: places in the kernel one stride apart. */
interface AxisPhase {
  /** The first of the places. */
  readonly place: number;
  readonly places: number;
  /** Row i of the phase is read by window i + `offset` at the first place, at the next by the window before that. */
  readonly offset: number;
}

/**
 * The gradient to the input from the gradient `dy` [N, M, ...output]; `w` are the weights with inputs and outputs
 * exchanged, [C, M / groups, ...kernel], and the kernel not turned around. Undilated windows only. `inOne` makes all
 * phases by one convolution whose kernel is as large as any of them needs.
 */
export function gradientByPhases(
  b: GraphBuilder,
  dy: Value,
  w: Value,
  { windows, groups, spatial }: Convolution,
  inOne: boolean,
): Value {
  const rows = spatial.map((size, axis) => Math.ceil(size / windows.strides[axis]!));
  const phases = allPhases(windows);
  const { strides } = windows;
  const target = { dims: [dy.dims[0]!, w.dims[0]!, ...rows], groups, strides };
  const values = inOne
    ? jointly(b, dy, w, phases, target)
    : phases.map((phase) => separately(b, dy, w, phase, target));
  const whole = interleaved(b, values, strides);
  const end = spatial.map((size, axis) => size - whole.dims[axis + 2]!);
  return fit(b, whole, { begin: end.map(() => 0), end }, 0);
}

/** The phases of all axes together, those of the last axis next to each other. */
function allPhases({ kernel, strides, padsBegin }: Windows): readonly (readonly AxisPhase[])[] {
  let all: readonly (readonly AxisPhase[])[] = [[]];
  for (const [axis, size] of kernel.entries()) {
    const stride = strides[axis]!;
    const along = Array.from({ length: stride }, (_, phase): AxisPhase => {
      const place = (phase + padsBegin[axis]!) % stride;
      const offset = (phase + padsBegin[axis]! - place) / stride;
      return { place, offset, places: Math.max(0, Math.ceil((size - place) / stride)) };
    });
    all = all.flatMap((outer) => along.map((phase) => [...outer, phase]));
  }
  return all;
}

interface Target {
  /** Shape of the gradient of one phase. */
  readonly dims: readonly number[];
  readonly groups: number;
  readonly strides: readonly number[];
}

function separately(
  b: GraphBuilder,
  dy: Value,
  w: Value,
  phase: readonly AxisPhase[],
  { dims, groups, strides }: Target,
): Value {
  const weights = weightsOf(b, w, phase, strides);
  if (!weights) return b.fill(dims, 0, dy.type);
  const begin = phase.map(({ places, offset }) => places - 1 - offset);
  const end = phase.map(({ offset }, axis) => offset + dims[axis + 2]! - dy.dims[axis + 2]!);
  const { value, pads } = cropped(b, dy, { begin, end });
  return b.op("Conv", [value, weights], {
    kernel_shape: phase.map(({ places }) => places),
    pads,
    group: groups,
  });
}

function jointly(
  b: GraphBuilder,
  dy: Value,
  w: Value,
  phases: readonly (readonly AxisPhase[])[],
  { dims, groups, strides }: Target,
): readonly Value[] {
  const axes = phases[0]!.map((_, axis) => phases.map((phase) => phase[axis]!));
  const first = axes.map((each) => smallest(each.map(({ offset, places }) => offset - places + 1)));
  const last = axes.map((each) => largest(each.map(({ offset }) => offset)));
  const kernel = last.map((window, axis) => window - first[axis]! + 1);
  const parts = phases.map((phase) => {
    const weights = weightsOf(b, w, phase, strides);
    if (!weights) return b.fill([...w.dims.slice(0, 2), ...kernel], 0, w.type);
    const begin = phase.map(({ offset, places }, axis) => offset - places + 1 - first[axis]!);
    const end = phase.map(({ offset }, axis) => last[axis]! - offset);
    return fit(b, weights, { begin, end }, 0);
  });
  const end = last.map((window, axis) => window + dims[axis + 2]! - dy.dims[axis + 2]!);
  const { value, pads } = cropped(b, dy, { begin: first.map((window) => -window), end });
  const all = b.op("Conv", [value, b.concat(parts, 0)], {
    kernel_shape: kernel,
    pads,
    group: groups,
  });
  return b.ops("Split", [all], phases.length, { axis: 1, num_outputs: phases.length });
}

/** The weights of a phase, those of the earliest window first; undefined if no window reads it. */
function weightsOf(
  b: GraphBuilder,
  w: Value,
  phase: readonly AxisPhase[],
  strides: readonly number[],
): Value | undefined {
  if (phase.some(({ places }) => places === 0)) return undefined;
  const steps = strides.map((stride) => -stride);
  const last = phase.map(({ place, places }, axis) => place + (places - 1) * strides[axis]!);
  const axes = strides.map((_, axis) => axis + 2);
  return b.slice(
    w,
    last,
    axes.map(() => beforeFirst),
    axes,
    steps,
  );
}

/** One value in which the phases, those of the last axis next to each other, take turns. */
function interleaved(b: GraphBuilder, phases: readonly Value[], strides: readonly number[]): Value {
  let values = phases;
  for (const [axis, stride] of [...strides.entries()].toReversed()) {
    values = Array.from({ length: values.length / stride }, (_, i) =>
      interleave(b, values.slice(i * stride, (i + 1) * stride), axis + 2),
    );
  }
  return values[0]!;
}
