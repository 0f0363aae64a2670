/** @file Pictures of noise that units are shown beside what was made for them: a picture that excites less has failed. */
import { randomStream } from "../random.ts";
import type { PictureSize } from "./parameterizations.ts";
import type { StartPhoto } from "./photo-levels.ts";

/** Sides of the squares and contrasts, 1 being black and white, of which there are so many pictures each. */
const kinds = [
  { cellPx: 1, contrast: 1 },
  { cellPx: 1, contrast: 0.5 },
  { cellPx: 1, contrast: 0.1 },
  { cellPx: 4, contrast: 1 },
] as const;
const picturesEach = 2;

/** Black and white noise of several contrasts, fine and coarse, always the same. */
export function noisePictures(size: PictureSize): readonly StartPhoto[] {
  return kinds.flatMap(({ cellPx, contrast }) =>
    Array.from({ length: picturesEach }, (_, i) => ({
      name: "noise",
      picture: () => noise(size, cellPx, contrast, i),
    })),
  );
}

/** [C, H, W] in 0..1, the same in all channels. */
function noise(
  { channels, heightPx, widthPx }: PictureSize,
  cellPx: number,
  contrast: number,
  round: number,
): Float32Array {
  const random = randomStream("noise-picture", cellPx, contrast, round);
  const columns = Math.ceil(widthPx / cellPx);
  const cells = Array.from({ length: columns * Math.ceil(heightPx / cellPx) }, () =>
    random.uniform() < 0.5 ? (1 - contrast) / 2 : (1 + contrast) / 2,
  );
  const places = heightPx * widthPx;
  return Float32Array.from({ length: channels * places }, (_, i) => {
    const [y, x] = [Math.floor((i % places) / widthPx), i % widthPx];
    return cells[Math.floor(y / cellPx) * columns + Math.floor(x / cellPx)]!;
  });
}
