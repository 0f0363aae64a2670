/** @file Numbers with axes in double precision, and plain loops over them. */
import { elementCount } from "../../src/graph/tensor.ts";

/** Row-major numbers with axes. */
export interface Numbers {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

/** Numbers that have no pattern, between -1 and 1. */
export function counted(dims: readonly number[], seed = 0): Numbers {
  const data = Array.from({ length: elementCount(dims) }, (_, i) =>
    Math.sin(1 + seed + i * 1.7 + Math.cos(i * (seed + 0.3))),
  );
  return { dims, data };
}

/** The number at a place. */
export function at({ dims, data }: Numbers, place: readonly number[]): number {
  return data[place.reduce((sum, index, axis) => sum * dims[axis]! + index, 0)]!;
}

/** Numbers of a shape, each from its place. */
export function every(
  dims: readonly number[],
  value: (place: readonly number[]) => number,
): Numbers {
  const data = Array.from({ length: elementCount(dims) }, (_, index) => {
    let rest = index;
    const place = dims.toReversed().map((dim) => {
      const here = rest % dim;
      rest = Math.floor(rest / dim);
      return here;
    });
    return value(place.toReversed());
  });
  return { dims, data };
}

/** All places of a shape. */
export function placesOf(dims: readonly number[]): readonly (readonly number[])[] {
  const places: (readonly number[])[] = [];
  every(dims, (place) => {
    places.push(place);
    return 0;
  });
  return places;
}

export function mapped(x: Numbers, value: (x: number) => number): Numbers {
  return { dims: x.dims, data: x.data.map(value) };
}

/** The axes in another order. */
export function permuted(x: Numbers, order: readonly number[]): Numbers {
  const dims = order.map((axis) => x.dims[axis]!);
  return every(dims, (place) =>
    at(
      x,
      x.dims.map((_, axis) => place[order.indexOf(axis)]!),
    ),
  );
}

export function reshaped(x: Numbers, dims: readonly number[]): Numbers {
  if (elementCount(dims) !== x.data.length) throw new Error(`${x.dims.join()} as ${dims.join()}`);
  return { dims, data: x.data };
}

/** Two values aligned at their last axes, number by number. */
export function paired(x: Numbers, y: Numbers, value: (x: number, y: number) => number): Numbers {
  const rank = Math.max(x.dims.length, y.dims.length);
  const whole = ({ dims, data }: Numbers): Numbers => ({
    dims: [...Array<number>(rank - dims.length).fill(1), ...dims],
    data,
  });
  const [a, b] = [whole(x), whole(y)];
  const dims = a.dims.map((dim, axis) => Math.max(dim, b.dims[axis]!));
  const inside = ({ dims: own }: Numbers, place: readonly number[]) =>
    place.map((index, axis) => (own[axis] === 1 ? 0 : index));
  return every(dims, (place) => value(at(a, inside(a, place)), at(b, inside(b, place))));
}

/** What comes of all numbers along some axes, which stay as axes of 1. */
export function reduced(
  x: Numbers,
  axes: readonly number[],
  value: (numbers: readonly number[]) => number,
): Numbers {
  const kept = x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const inner = placesOf(x.dims.map((dim, axis) => (axes.includes(axis) ? dim : 1)));
  return every(kept, (place) =>
    value(
      inner.map((more) =>
        at(
          x,
          place.map((index, axis) => index + more[axis]!),
        ),
      ),
    ),
  );
}

export function withoutAxes(x: Numbers, axes: readonly number[]): Numbers {
  return reshaped(
    x,
    x.dims.filter((_, axis) => !axes.includes(axis)),
  );
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((all, x) => all + x, 0);
export const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length;
