/** @file What the indices of an axis see of the picture, from end to end, and how operators move it. */
import { largest, smallest } from "../statistics.ts";

/**
 * Along one axis of a value, the first and last pixel of the picture that each index sees, as if the picture went on
 * behind its borders: between pixels where values lie between, so that the middles stay evenly apart.
 */
export interface Span {
  /** Of the picture; "depth" of a volume. */
  readonly side: "depth" | "height" | "width";
  /** How many pixels the side has. */
  readonly pixels: number;
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** Pixels from one index to the next, for those outside. */
  readonly step: number;
  /** Pixels from one index to the next where they were farthest apart on the way; no number where there was only one. */
  readonly coarsest: number;
  /** Whether an index sees parts of the picture that lie apart, so that nothing between them is its place. */
  readonly isTorn: boolean;
}

/** For every axis of a value what it sees; undefined for axes of other things than places, and where places are mixed. */
export type Spans = readonly (Span | undefined)[];

/** Pixels themselves. */
export function pixelSpan(side: Span["side"], count: number): Span {
  const own = Float64Array.from({ length: count }, (_, i) => i);
  const coarsest = count === 1 ? Infinity : 1;
  return { side, pixels: count, first: own, last: own, step: 1, coarsest, isTorn: false };
}

/** An axis of `size` indices, each of which reads those from one place of another axis to a second one. */
export function reading(
  span: Span | undefined,
  size: number,
  stride: number,
  between: (index: number) => readonly [number, number],
): Span | undefined {
  if (!span) return undefined;
  const [first, last] = [new Float64Array(size), new Float64Array(size)];
  const seams = seamsOf(span);
  for (let i = 0; i < size; i++) {
    const [from, to] = withinSeams(seams, between(i));
    first[i] = valueAt(span.first, from, span.step);
    last[i] = valueAt(span.last, to, span.step);
  }
  const step = span.step * stride;
  const own = size === 1 ? Infinity : Math.abs(step);
  return { ...span, first, last, step, coarsest: Math.max(span.coarsest, own) };
}

/** Indices before which the picture does not go on: where an axis was rolled, or put together of parts that lie apart. */
function seamsOf(span: Span): readonly number[] {
  const middles = middlesOf(span);
  const steps = middles.slice(1).map((middle, i) => middle - middles[i]!);
  const isUp = steps.filter((step) => step > 0).length >= steps.length / 2;
  const isSeam = (step: number) =>
    step !== 0 && (step > 0 !== isUp || Math.abs(step) > 2 * span.coarsest);
  return [...steps.keys()].filter((i) => isSeam(steps[i]!)).map((i) => i + 1);
}

/** The part of a window on that side of seams on which its middle lies: what it sees beyond lies elsewhere. */
function withinSeams(
  seams: readonly number[],
  [from, to]: readonly [number, number],
): readonly [number, number] {
  const middle = (from + to) / 2;
  const before = seams.findLast((seam) => seam <= middle) ?? Number.NEGATIVE_INFINITY;
  const behind = seams.find((seam) => seam > middle) ?? Number.POSITIVE_INFINITY;
  return [Math.max(from, before), Math.min(to, behind - 1)];
}

/** What each index sees, in its middle. */
export function middlesOf({ first, last }: Span): readonly number[] {
  return Array.from(first, (from, i) => (from + last[i]!) / 2);
}

/** A line through the numbers, which goes on behind both ends. */
function valueAt(numbers: Float64Array, at: number, step: number): number {
  const end = numbers.length - 1;
  if (at <= 0) return numbers[0]! + at * step;
  if (at >= end) return numbers[end]! + (at - end) * step;
  const before = Math.floor(at);
  return numbers[before]! + (at - before) * (numbers[before + 1]! - numbers[before]!);
}

/**
 * What is seen through any of several ways. A way on which places are mixed, or were one for a while, as a pool over all
 * of them makes them, does not move them; ways that lead to parts that lie apart tear them.
 */
export function joined(spans: Spans): Span | undefined {
  const known = spans.filter((span) => span !== undefined);
  const placed = known.filter(({ coarsest }) => coarsest < Infinity);
  const [one, ...others] = placed.length > 0 ? placed : known;
  if (!one || others.some((other) => other.side !== one.side)) return undefined;
  const coarsest = largest([one, ...others].map((span) => span.coarsest));
  const isTorn = [one, ...others].some((span) => span.isTorn) || lieApart([one, ...others]);
  return others.reduce(
    (all, { first, last }) => ({
      ...all,
      first: all.first.map((value, i) => Math.min(value, all.last[i]!, first[i]!, last[i]!)),
      last: all.last.map((value, i) => Math.max(value, all.first[i]!, first[i]!, last[i]!)),
    }),
    { ...one, coarsest, isTorn },
  );
}

/** Whether spans run in different orders, or any index of theirs sees parts of which none reaches the middle of another. */
function lieApart(spans: readonly Span[]): boolean {
  const middles = spans.map(middlesOf);
  const [one = [], ...others] = middles;
  const most = largest(spans.map(({ coarsest }) => coarsest));
  return one.some((_, i) => {
    const here = middles.map((each) => each[i]!);
    const reach = largest(spans.map(({ first, last }) => Math.abs(last[i]! - first[i]!) / 2));
    const isApart = largest(here) - smallest(here) > reach + most;
    return isApart || (i > 0 && others.some((each) => isAgainst(one, each, i)));
  });
}

function isAgainst(one: readonly number[], other: readonly number[], i: number): boolean {
  return (one[i]! - one[i - 1]!) * (other[i]! - other[i - 1]!) < 0;
}

/** Spans one after the other. */
export function appended(spans: Spans): Span | undefined {
  const known = spans.filter((span) => span !== undefined);
  const [one] = known;
  if (!one || known.length < spans.length || known.some(({ side }) => side !== one.side))
    return undefined;
  const all = (key: "first" | "last") => Float64Array.from(known.flatMap((span) => [...span[key]]));
  const coarsest = largest(known.map((span) => span.coarsest));
  const isTorn = known.some((span) => span.isTorn);
  return { ...one, first: all("first"), last: all("last"), coarsest, isTorn };
}
