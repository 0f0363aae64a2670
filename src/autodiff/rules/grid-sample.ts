/** @file The gradient of GridSample to the picture and to the grid (Jaderberg et al. 2015). */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { GradientRule, NodeView } from "../rule.ts";

/** One pixel that a sample reads along one axis: where, how strongly, and how that changes with the place. All [N, P]. */
interface Tap {
  readonly index: Value;
  readonly weight: Value;
  readonly slope: Value;
}

/** How places along one axis become pixels. */
interface Axis {
  readonly size: number;
  readonly mode: string;
  readonly padding: string;
  readonly alignCorners: boolean;
}

/** y sums x at the taps times their weights; dx adds dy times weights back, dgrid sums dy x times slopes. */
export const gridSampleGradient: GradientRule = (n, b) => {
  const x = n.in(0);
  const grid = n.in(1);
  const spatial = x.dims.slice(2);
  const pictures = x.dims[0]!;
  const samples = elementCount(grid.dims.slice(1, -1));
  const flatGrid = b.reshape(grid, [pictures, samples, spatial.length]);
  const axes = spatial.map((size): Axis => ({
    size,
    mode: n.string("mode", "linear"),
    padding: n.string("padding_mode", "zeros"),
    alignCorners: n.int("align_corners", 0) === 1,
  }));
  // The grid's last axis runs x, y, z; the picture's axes run the other way.
  const taps = axes.map((axis, i) => {
    const at = spatial.length - 1 - i;
    const place = b.reshape(b.slice(flatGrid, [at], [at + 1], [2]), [pictures, samples]);
    return axisTaps(b, place, axis);
  });
  const corners = combinations(taps);
  return [
    n.needs(0) ? pictureGradient(n, b, corners, spatial) : null,
    n.needs(1) ? gridGradient(n, b, corners, spatial) : null,
  ];
};

function combinations(taps: readonly (readonly Tap[])[]): readonly (readonly Tap[])[] {
  return taps.reduce<readonly (readonly Tap[])[]>(
    (found, next) => found.flatMap((corner) => next.map((tap) => [...corner, tap])),
    [[]],
  );
}

/** The taps of places in -1..1 along one axis. */
function axisTaps(b: GraphBuilder, normalized: Value, axis: Axis): readonly Tap[] {
  const { size, alignCorners } = axis;
  const unit = alignCorners ? (size - 1) / 2 : size / 2;
  const raw = b.add(
    b.scale(normalized, unit),
    b.scalar(alignCorners ? unit : unit - 0.5, normalized.type),
  );
  const pixel = { value: raw, slope: b.scalar(unit, raw.type) };
  if (axis.mode === "cubic") return cubicTaps(b, pixel, axis);
  const folded = foldPlace(b, pixel, axis);
  if (axis.mode === "nearest") return [nearestTap(b, folded.value, axis)];
  return linearTaps(b, folded, axis);
}

interface Place {
  readonly value: Value;
  /** Derivative by the grid's number. */
  readonly slope: Value;
}

function one(b: GraphBuilder, like: Value): Value {
  return b.scalar(1, like.type);
}

/** A place that the padding mode brought inside, and how it moves with the grid. */
function foldPlace(b: GraphBuilder, place: Place, axis: Axis): Place {
  if (axis.padding === "zeros") return place;
  const reflected = axis.padding === "reflection" ? reflect(b, place, axis) : place;
  return clamp(b, reflected, axis.size);
}

function clamp(b: GraphBuilder, place: Place, size: number): Place {
  const { value, slope } = place;
  const type = value.type;
  const zero = b.scalar(0, type);
  const last = b.scalar(size - 1, type);
  const inside = b.op("And", [b.greater(value, zero), b.greater(last, value)]);
  return { value: b.op("Clip", [value, zero, last]), slope: b.where(inside, slope, zero) };
}

/** Mirrors at the borders: at pixel centres when corners are aligned, else at pixel edges. */
function reflect(b: GraphBuilder, place: Place, axis: Axis): Place {
  const { value, slope } = place;
  const type = value.type;
  const low = axis.alignCorners ? 0 : -0.5;
  const span = axis.alignCorners ? axis.size - 1 : axis.size;
  if (span === 0) return { value: b.mul(value, b.scalar(0, type)), slope: b.scalar(0, type) };
  const distance = b.sub(value, b.scalar(low, type));
  const positive = b.op("Abs", [distance]);
  const flips = b.op("Floor", [b.scale(positive, 1 / span)]);
  const rest = b.sub(positive, b.scale(flips, span));
  const parity = b.sub(flips, b.scale(b.op("Floor", [b.scale(flips, 0.5)]), 2));
  const even = b.greater(b.scalar(0.5, type), parity);
  const folded = b.where(even, rest, b.sub(b.scalar(span, type), rest));
  const turned = b.where(even, one(b, value), b.scalar(-1, type));
  return {
    value: b.add(folded, b.scalar(low, type)),
    slope: b.mul(slope, b.mul(turned, b.op("Sign", [distance]))),
  };
}

function nearestTap(b: GraphBuilder, place: Value, axis: Axis): Tap {
  const index = b.op("Round", [place]);
  const zero = b.scalar(0, place.type);
  return withMask(b, { index, weight: one(b, place), slope: zero }, axis);
}

function linearTaps(b: GraphBuilder, place: Place, axis: Axis): readonly Tap[] {
  const floor = b.op("Floor", [place.value]);
  const share = b.sub(place.value, floor);
  const unit = one(b, share);
  return [
    { index: floor, weight: b.sub(unit, share), slope: b.neg(place.slope) },
    { index: b.add(floor, unit), weight: share, slope: place.slope },
  ].map((tap) => withMask(b, tap, axis));
}

/** Four neighbours with the kernel of Keys (1981), a = -0.75; padding folds each neighbour's index. */
function cubicTaps(b: GraphBuilder, place: Place, axis: Axis): readonly Tap[] {
  const a = -0.75;
  const type = place.value.type;
  const floor = b.op("Floor", [place.value]);
  const share = b.sub(place.value, floor);
  return [-1, 0, 1, 2].map((offset) => {
    const distance =
      offset <= 0 ? b.sub(share, b.scalar(offset, type)) : b.sub(b.scalar(offset, type), share);
    const outer = offset === -1 || offset === 2;
    const coefficients = outer ? [a, -5 * a, 8 * a, -4 * a] : [a + 2, -(a + 3), 0, 1];
    const [c3, c2, c1, c0] = coefficients as [number, number, number, number];
    const weight = polynomial(b, distance, [c3, c2, c1, c0]);
    const derivative = polynomial(b, distance, [3 * c3, 2 * c2, c1]);
    const toward = offset <= 0 ? derivative : b.neg(derivative);
    const index = b.add(floor, b.scalar(offset, type));
    const folded = foldPlace(b, { value: index, slope: place.slope }, axis).value;
    const whole = axis.padding === "zeros" ? index : b.op("Round", [folded]);
    return withMask(b, { index: whole, weight, slope: b.mul(toward, place.slope) }, axis);
  });
}

/** Coefficients from the highest power down (Horner). */
function polynomial(b: GraphBuilder, x: Value, coefficients: readonly number[]): Value {
  const [first, ...rest] = coefficients.map((coefficient) => b.scalar(coefficient, x.type));
  return rest.reduce((value, coefficient) => b.add(b.mul(value, x), coefficient), first!);
}

/** Taps outside the picture read nothing; their index becomes a harmless 0. */
function withMask(b: GraphBuilder, tap: Tap, axis: Axis): Tap {
  const zero = b.scalar(0, tap.index.type);
  const inside = b.op("And", [
    b.op("GreaterOrEqual", [tap.index, zero]),
    b.op("LessOrEqual", [tap.index, b.scalar(axis.size - 1, tap.index.type)]),
  ]);
  return {
    index: b.where(inside, tap.index, zero),
    weight: b.where(inside, tap.weight, zero),
    slope: b.where(inside, tap.slope, zero),
  };
}

/** Row-major index of a corner in the flattened picture, int64 [N, P]. */
function flatIndex(b: GraphBuilder, corner: readonly Tap[], spatial: readonly number[]): Value {
  const index = corner
    .map((tap) => b.cast(tap.index, "int64"))
    .reduce((sum, next, axis) => b.add(b.mul(sum, b.scalar(spatial[axis]!, "int64")), next));
  return index;
}

function weightOf(b: GraphBuilder, corner: readonly Tap[]): Value {
  return corner.map((tap) => tap.weight).reduce((product, weight) => b.mul(product, weight));
}

function pictureGradient(
  n: NodeView,
  b: GraphBuilder,
  corners: readonly (readonly Tap[])[],
  spatial: readonly number[],
): Value {
  const [pictures, channels] = n.in(0).dims as [number, number];
  const pixels = elementCount(spatial);
  const samples = n
    .grad(0)
    .dims.slice(2)
    .reduce((product, dim) => product * dim, 1);
  const dy = b.reshape(n.grad(0), [pictures, channels, samples]);
  const indices = b.concat(
    corners.map((corner) => b.expand(flatIndex(b, corner, spatial), [pictures, samples])),
    1,
  );
  const updates = b.concat(
    corners.map((corner) =>
      b.mul(
        dy,
        b.reshape(b.expand(weightOf(b, corner), [pictures, samples]), [pictures, 1, samples]),
      ),
    ),
    2,
  );
  const count = corners.length * samples;
  const spread = b.expand(b.reshape(indices, [pictures, 1, count]), [pictures, channels, count]);
  const zeros = b.fill([pictures, channels, pixels], 0, dy.type);
  const sum = b.op("ScatterElements", [zeros, spread, updates], { axis: 2, reduction: "add" });
  return b.reshape(sum, n.in(0).dims);
}

function gridGradient(
  n: NodeView,
  b: GraphBuilder,
  corners: readonly (readonly Tap[])[],
  spatial: readonly number[],
): Value {
  const [pictures, channels] = n.in(0).dims as [number, number];
  const samples = n
    .grad(0)
    .dims.slice(2)
    .reduce((product, dim) => product * dim, 1);
  const dy = b.reshape(n.grad(0), [pictures, channels, samples]);
  const pixels = b.reshape(n.in(0), [pictures, channels, elementCount(spatial)]);
  // Sum over channels of dy times the pixel, for each corner: [N, P].
  const products = corners.map((corner) => {
    const index = b.reshape(b.expand(flatIndex(b, corner, spatial), [pictures, samples]), [
      pictures,
      1,
      samples,
    ]);
    const read = b.op("GatherElements", [pixels, b.expand(index, [pictures, channels, samples])], {
      axis: 2,
    });
    return b.reduceSum(b.mul(dy, read), [1], false);
  });
  const columns = spatial.map((_, axis) => {
    const parts = corners.map((corner, k) => {
      const factors = corner.map((tap, i) => (i === axis ? tap.slope : tap.weight));
      return b.mul(
        products[k]!,
        factors.reduce((product, factor) => b.mul(product, factor)),
      );
    });
    const total = parts.reduce((sum, part) => b.add(sum, part));
    return b.reshape(b.expand(total, [pictures, samples]), [pictures, samples, 1]);
  });
  return b.reshape(b.concat(columns.toReversed(), 2), n.in(1).dims);
}
