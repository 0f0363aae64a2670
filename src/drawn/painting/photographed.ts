/** @file What a camera makes of a painted picture: exposure, grain and whole steps. */
import type { RandomStream } from "../../random.ts";
import type { Canvas } from "./canvas.ts";

/** Exposure and the grain of a sensor, to 8 bits: [3, H, W] in whole steps of 1/255. */
export function photographed(canvas: Canvas, random: RandomStream): Float32Array {
  const exposure = random.between(0.85, 1.15);
  const grain = 0.03 * random.uniform();
  return canvas.data.map((value) => toByte(exposure * value + grain * random.normal()));
}

/** The nearest whole step of 1/255 in 0..1. */
export function toByte(value: number): number {
  return Math.round(255 * Math.min(Math.max(value, 0), 1)) / 255;
}
