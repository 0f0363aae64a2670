/** @file What pytorch-grad-cam does to its maps. */
import { extremes } from "../src/attribution/heatmap.ts";
import { plane } from "../src/image/picture.ts";
import { resizePlane } from "../src/image/resize.ts";

/** A map [height, width] after its ReLU: to 0..1, bilinear to the input's size, and to 0..1 again. */
export function postProcessed(
  map: Float32Array,
  [height, width]: readonly [number, number],
  side: number,
): Float32Array {
  const scaled = (values: Float32Array) => {
    const { min, max } = extremes(values);
    return values.map((value) => (value - min) / (1e-7 + max - min));
  };
  return scaled(resizePlane(plane(width, height, scaled(map)), side, side).data);
}
