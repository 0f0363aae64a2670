/** @file The cuts of StridedSlice, whose masks say which bounds count and which axes come and go. */
import type { Operation } from "../operation.ts";

/** A cut along one axis; bounds that are left out reach to the ends. */
export interface AxisCut {
  readonly begin: number | undefined;
  readonly end: number | undefined;
  readonly step: number;
}

/** The cuts of all axes of a value, and the shape that is left. */
export interface StridedCut {
  readonly axes: readonly AxisCut[];
  /** Axes of the value that are dropped. */
  readonly dropped: readonly number[];
  /** Places among the axes that are left at which new ones of size 1 come in, counted in the result. */
  readonly added: readonly number[];
  /** The result's shape, from the sizes that the cuts leave. */
  shapeOf(sizes: readonly number[]): readonly number[];
}

const whole: AxisCut = { begin: undefined, end: undefined, step: 1 };

/** Axes that are taken as they are; none for counts below 0. */
function pushWholes(axes: AxisCut[], count: number): void {
  for (let i = 0; i < count; i++) axes.push(whole);
}

/** Begins, ends and steps for the axes of a value. Throws `bad-file` for cuts that do not fit. */
export function stridedOf(
  o: Operation,
  dims: readonly number[],
  [begins, ends, steps]: readonly [readonly number[], readonly number[], readonly number[]],
): StridedCut {
  const bit = (name: string, i: number) => ((o.value(name, 0) >> i) & 1) === 1;
  const entries = [...begins.keys()];
  const isReal = (i: number) => !bit("new_axis_mask", i) && !bit("ellipsis_mask", i);
  const skipped = dims.length - entries.filter(isReal).length;
  const hasEllipsis = entries.some((i) => bit("ellipsis_mask", i));
  const axes: AxisCut[] = [];
  const dropped: number[] = [];
  const added: number[] = [];
  for (const i of entries) {
    if (bit("ellipsis_mask", i)) pushWholes(axes, skipped);
    else if (bit("new_axis_mask", i)) added.push(axes.length - dropped.length + added.length);
    else {
      if (bit("shrink_axis_mask", i)) dropped.push(axes.length);
      axes.push(
        axisCut(o, [begins[i]!, ends[i]!, steps[i] ?? 1], {
          isDropped: bit("shrink_axis_mask", i),
          noBegin: bit("begin_mask", i),
          noEnd: bit("end_mask", i),
        }),
      );
    }
  }
  if (!hasEllipsis) pushWholes(axes, skipped);
  if (axes.length !== dims.length || skipped < 0) {
    throw o.refused(`must cut ${dims.length} axes, got ${entries.length}`);
  }
  const shapeOf = (sizes: readonly number[]) => {
    const left = sizes.filter((_, axis) => !dropped.includes(axis));
    for (const place of added) left.splice(place, 0, 1);
    return left;
  };
  return { axes, dropped, added, shapeOf };
}

function axisCut(
  o: Operation,
  [begin, end, step]: readonly [number, number, number],
  masks: { readonly isDropped: boolean; readonly noBegin: boolean; readonly noEnd: boolean },
): AxisCut {
  if (![begin, end, step].every(Number.isInteger) || step === 0) {
    throw o.refused(`must cut in whole steps, got ${begin} to ${end} by ${step}`);
  }
  // An axis that is dropped has one entry left, whatever its end says.
  if (masks.isDropped) return { begin, end: begin === -1 ? undefined : begin + 1, step: 1 };
  return { begin: masks.noBegin ? undefined : begin, end: masks.noEnd ? undefined : end, step };
}

/** Where a cut begins on an axis of a known size, and how many entries it has. */
export function placesOf({ begin, end, step }: AxisCut, size: number) {
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (at: number) => Math.min(Math.max(at < 0 ? at + size : at, low), high);
  const from = begin === undefined ? (step > 0 ? 0 : size - 1) : clamp(begin);
  const to = end === undefined ? (step > 0 ? size : -1) : clamp(end);
  return { from, step, count: Math.max(Math.ceil((to - from) / step), 0) };
}
