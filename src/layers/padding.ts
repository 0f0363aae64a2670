/** @file Windows of convolutions and pools: their size, step and border. */
import { LimpidError } from "../errors.ts";
import type { LayerDescription } from "./layer.ts";

/** Attributes of ONNX windows. */
export interface WindowAttributes {
  readonly kernel_shape: readonly [number, number];
  readonly strides: readonly [number, number];
  /** [top, left, bottom, right]. */
  readonly pads: readonly [number, number, number, number];
}

/** Reads a size: one number for both sides, or [height, width]. */
export function sizeOf(value: unknown): readonly [number, number] {
  return Array.isArray(value)
    ? (value as unknown as readonly [number, number])
    : [value as number, value as number];
}

/**
 * The window of a layer over [N, C, H, W]. `padding` is `valid` (none), `same` (as many places come out as
 * strides fit in; the larger half lies below and on the right, as in TensorFlow) or pixels on every side.
 * Throws `bad-option` where the window is larger than its input.
 */
export function windowOf(
  name: string,
  layer: LayerDescription,
  dims: readonly number[],
  defaults: { readonly size: unknown; readonly stride: unknown },
): WindowAttributes {
  requireSpatial(name, dims);
  const kernel = sizeOf(defaults.size);
  const strides = sizeOf(layer["stride"] ?? defaults.stride);
  const padding = (layer["padding"] ?? "valid") as "valid" | "same" | number;
  const sides = [0, 1].map((axis) =>
    axisPads(padding, dims[axis + 2]!, kernel[axis]!, strides[axis]!),
  );
  for (const axis of [0, 1]) {
    const room = dims[axis + 2]! + sides[axis]![0] + sides[axis]![1];
    if (kernel[axis]! <= room) continue;
    throw new LimpidError(
      "bad-option",
      `network: the window of "${name}" must fit its input, got ${kernel.join(" x ")} over ${dims.slice(2).join(" x ")}. take larger pictures or fewer pools.`,
    );
  }
  const [[top, bottom], [left, right]] = sides as [[number, number], [number, number]];
  return { kernel_shape: kernel, strides, pads: [top, left, bottom, right] };
}

function axisPads(
  padding: "valid" | "same" | number,
  size: number,
  kernel: number,
  stride: number,
): readonly [number, number] {
  if (padding === "valid") return [0, 0];
  if (padding !== "same") return [padding, padding];
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Throws `bad-option` unless the input is [N, C, H, W]. */
export function requireSpatial(name: string, dims: readonly number[]): void {
  if (dims.length === 4) return;
  throw new LimpidError(
    "bad-option",
    `network: "${name}" must follow a layer with places [N, C, H, W], got [${dims.join(", ")}]. put it before flatten and dense layers.`,
  );
}
