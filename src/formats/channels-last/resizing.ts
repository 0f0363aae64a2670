/** @file Other numbers of places: repeated, or interpolated between the centres of places. */
import type { GraphBuilder } from "../../graph/builder.ts";
import { channelsFirst, heldFirst, type NhwcValue } from "./nhwc-value.ts";

/** How places between others get their numbers. */
export interface Interpolation {
  readonly kind: "nearest" | "bilinear" | "bicubic";
  /** Whether what is made smaller is a mean of all places. */
  readonly antialias?: boolean;
  /** Whether places are measured between their corners, as TensorFlow 1 and TensorFlow.js do, and not their centres. */
  readonly fromCorners?: boolean;
}

/** Operators of ONNX with the centres of places as TensorFlow 2 has them; its cubic kernel is that of Keys, -0.5. */
function attributesOf({ kind, antialias = false, fromCorners = false }: Interpolation) {
  if (fromCorners && kind !== "bicubic") return cornersOf(kind);
  const centres = { coordinate_transformation_mode: "half_pixel" } as const;
  // Half of the way counts as the place behind.
  if (kind === "nearest") return { ...centres, mode: "nearest", nearest_mode: "round_prefer_ceil" };
  const smooth = antialias ? { antialias: 1 } : {};
  if (kind === "bilinear") return { ...centres, ...smooth, mode: "linear" };
  return { ...centres, ...smooth, mode: "cubic", cubic_coeff_a: -0.5, exclude_outside: 1 };
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
