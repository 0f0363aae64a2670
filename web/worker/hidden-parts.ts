/** @file What the network answers where parts of the picture are hidden. */
import { tensor } from "../../src/graph/tensor.ts";
import type { ClassAnswer } from "../protocol.ts";
import type { PaintedGrid } from "../shown-region.ts";
import { classesOf } from "./answers.ts";
import type { CallContext } from "./calls.ts";
import type { Desk } from "./desk.ts";

/** Hidden places show each channel's mean over the picture, as occlusion's do. All classes, in their order. */
export async function hiddenParts(
  desk: Desk,
  { inside, width, height }: PaintedGrid,
  { signal }: CallContext,
): Promise<readonly ClassAnswer[]> {
  const { input } = desk.looked.source;
  const [, channels, rows, columns] = input.dims as readonly [number, number, number, number];
  const data = Float32Array.from(input.data as Float32Array);
  const places = rows * columns;
  for (let c = 0; c < channels; c++) {
    const own = data.subarray(c * places, (c + 1) * places);
    const mean = own.reduce((sum, value) => sum + value, 0) / places;
    for (let i = 0; i < places; i++) {
      const y = Math.floor((Math.floor(i / columns) * height) / rows);
      const x = Math.floor(((i % columns) * width) / columns);
      if (inside[y * width + x] === 1) own[i] = mean;
    }
  }
  return classesOf(desk.open, tensor("float32", input.dims, data), signal);
}
