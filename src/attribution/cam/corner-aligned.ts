/** @file Bilinear resampling whose outermost places stay at the corners, as some libraries enlarge masks. */
import { plane, type Plane } from "../../image/picture.ts";

/** The plane at another size; place i of n lies at i * (m - 1) / (n - 1) of the source's m, as PyTorch's `align_corners=True`. */
export function cornerAligned(source: Plane, widthPx: number, heightPx: number): Plane {
  const across = steps(source.widthPx, widthPx);
  const down = steps(source.heightPx, heightPx);
  const data = new Float32Array(widthPx * heightPx);
  for (const [y, [top, bottom, lower]] of down.entries()) {
    for (const [x, [left, right, farther]] of across.entries()) {
      const at = (row: number, column: number) => source.data[row * source.widthPx + column]!;
      const above = at(top, left) * (1 - farther) + at(top, right) * farther;
      const below = at(bottom, left) * (1 - farther) + at(bottom, right) * farther;
      data[y * widthPx + x] = above * (1 - lower) + below * lower;
    }
  }
  return plane(widthPx, heightPx, data);
}

/** The two neighbours of each place and the share of the second. */
function steps(from: number, to: number): readonly (readonly [number, number, number])[] {
  return Array.from({ length: to }, (_, i) => {
    const position = to === 1 ? 0 : (i * (from - 1)) / (to - 1);
    const first = Math.min(Math.floor(position), from - 1);
    return [first, Math.min(first + 1, from - 1), position - first];
  });
}
