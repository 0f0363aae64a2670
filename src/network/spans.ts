/** @file What the indices of an axis see of the picture, from end to end, and how operators move it. */

/**
 * Along one axis of a value, the first and last pixel of the picture that each index sees, as if the picture went on
 * behind its borders: between pixels where values lie between, so that the middles stay evenly apart.
 */
export interface Span {
  /** Of the picture. */
  readonly side: "height" | "width";
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** Pixels from one index to the next, for those outside. */
  readonly step: number;
}

/** For every axis of a value what it sees; undefined for axes of other things than places, and where places are mixed. */
export type Spans = readonly (Span | undefined)[];

/** Pixels themselves. */
export function pixelSpan(side: Span["side"], count: number): Span {
  const own = Float64Array.from({ length: count }, (_, i) => i);
  return { side, first: own, last: own, step: 1 };
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
  for (let i = 0; i < size; i++) {
    const [from, to] = between(i);
    first[i] = valueAt(span.first, from, span.step);
    last[i] = valueAt(span.last, to, span.step);
  }
  return { side: span.side, first, last, step: span.step * stride };
}

/** A line through the numbers, which goes on behind both ends. */
function valueAt(numbers: Float64Array, at: number, step: number): number {
  const end = numbers.length - 1;
  if (at <= 0) return numbers[0]! + at * step;
  if (at >= end) return numbers[end]! + (at - end) * step;
  const before = Math.floor(at);
  return numbers[before]! + (at - before) * (numbers[before + 1]! - numbers[before]!);
}

/** What is seen through any of several ways; a way on which places are mixed does not move them. */
export function joined(spans: Spans): Span | undefined {
  const [one, ...others] = spans.filter((span) => span !== undefined);
  if (!one || others.some((other) => other.side !== one.side)) return undefined;
  return others.reduce(
    (all, { first, last }) => ({
      ...all,
      first: all.first.map((value, i) => Math.min(value, first[i]!)),
      last: all.last.map((value, i) => Math.max(value, last[i]!)),
    }),
    one,
  );
}

/** Spans one after the other. */
export function appended(spans: Spans): Span | undefined {
  const known = spans.filter((span) => span !== undefined);
  const [one] = known;
  if (!one || known.length < spans.length || known.some(({ side }) => side !== one.side))
    return undefined;
  const all = (key: "first" | "last") => Float64Array.from(known.flatMap((span) => [...span[key]]));
  return { ...one, first: all("first"), last: all("last") };
}
