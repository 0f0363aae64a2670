/** @file Other numbers of places: repeated, or interpolated between the centres of places. */
import type { GraphBuilder } from "../../graph/builder.ts";
import { channelsFirst, heldFirst, type NhwcValue } from "./nhwc-value.ts";

/** How places between others get their numbers. */
export interface Interpolation {
  readonly kind: "nearest" | "bilinear" | "bicubic";
  /** Whether places are measured between their corners, as TensorFlow 1 and TensorFlow.js do, and not their centres. */
  readonly fromCorners?: boolean;
}

/** TensorFlow's cubic kernel is that of Keys with this. */
const cubicCoefficient = -0.5;

/** Operators of ONNX with the centres of places as TensorFlow 2 has them. */
function attributesOf({ kind, fromCorners = false }: Interpolation) {
  if (fromCorners && kind !== "bicubic") return cornersOf(kind);
  const centres = { coordinate_transformation_mode: "half_pixel" } as const;
  // Half of the way counts as the place behind.
  if (kind === "nearest") return { ...centres, mode: "nearest", nearest_mode: "round_prefer_ceil" };
  if (kind === "bilinear") return { ...centres, mode: "linear" };
  return { ...centres, mode: "cubic", cubic_coeff_a: cubicCoefficient, exclude_outside: 1 };
}

function cornersOf(kind: "nearest" | "bilinear") {
  const corners = { coordinate_transformation_mode: "asymmetric" } as const;
  return kind === "nearest"
    ? { ...corners, mode: "nearest", nearest_mode: "floor" }
    : { ...corners, mode: "linear" };
}

/** [N, ..., C] with `factors` times as many places on each spatial axis; nearest ones are repeated. */
export function upsample(
  b: GraphBuilder,
  x: NhwcValue,
  factors: readonly number[],
  interpolation: Interpolation,
  name: string,
): NhwcValue {
  const scales = b.constant([1, 1, ...factors], [factors.length + 2]);
  const isRepeated = interpolation.kind === "nearest";
  const attributes = isRepeated ? cornersOf("nearest") : attributesOf(interpolation);
  return heldFirst(b.op("Resize", [channelsFirst(b, x), null, scales], attributes, name));
}

/** [N, ..., C] with `places` on its spatial axes. */
export function resize(
  b: GraphBuilder,
  x: NhwcValue,
  places: readonly number[],
  interpolation: Interpolation,
  name: string,
): NhwcValue {
  const axes = places.map((_, axis) => axis + 2);
  const inputs = [channelsFirst(b, x), null, null, b.ints(places)];
  return heldFirst(b.op("Resize", inputs, { ...attributesOf(interpolation), axes }, name));
}

/**
 * [N, H, W, C] with `places` rows and columns, each a mean of all places that it covers. ONNX Runtime repeats the border
 * where TensorFlow leaves out what lies outside, so that it is done by products with the shares. H and W must be known.
 */
export function resizeSmoothly(
  b: GraphBuilder,
  x: NhwcValue,
  [rows, columns]: readonly [number, number],
  kind: Interpolation["kind"],
  name: string,
): NhwcValue {
  const [, height = 1, width = 1] = x.dims;
  const across = sharesOf(width, columns, kind);
  const down = sharesOf(height, rows, kind);
  const byColumn = b.constant(across.transposed, [width, columns]);
  const narrowed = b.op("MatMul", [channelsFirst(b, x), byColumn]);
  const byRow = b.constant(down.shares, [rows, height]);
  return heldFirst(b.op("MatMul", [byRow, narrowed], {}, name));
}

/** Shares of `from` places in each of `to`, [to, from] and [from, to]. */
function sharesOf(from: number, to: number, kind: Interpolation["kind"]) {
  const shares = new Float32Array(to * from);
  const transposed = new Float32Array(to * from);
  const stretch = Math.max(from / to, 1);
  const reach = (kind === "bicubic" ? 2 : 1) * stretch;
  for (let place = 0; place < to; place++) {
    const centre = ((place + 0.5) * from) / to - 0.5;
    const first = Math.max(Math.ceil(centre - reach), 0);
    const last = Math.min(Math.floor(centre + reach), from - 1);
    const weights = Array.from({ length: last - first + 1 }, (_, i) =>
      weightAt(Math.abs(first + i - centre) / stretch, kind),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [i, weight] of weights.entries()) {
      shares[place * from + first + i] = weight / total;
      transposed[(first + i) * to + place] = weight / total;
    }
  }
  return { shares, transposed };
}

function weightAt(distance: number, kind: Interpolation["kind"]): number {
  if (kind !== "bicubic") return Math.max(1 - distance, 0);
  const a = cubicCoefficient;
  if (distance < 1) return ((a + 2) * distance - (a + 3)) * distance ** 2 + 1;
  return distance < 2 ? ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a : 0;
}
