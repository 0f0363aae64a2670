/** @file Photos for benchmarks, where none are at hand: drawn cats and dogs. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { petScene } from "../src/drawn/pets.ts";
import { pictureOfFloats } from "../src/image/float-picture.ts";
import { encodePng } from "../src/node.ts";

/** Writes so many photos of a side in pixels into a folder. */
export async function drawPetPhotos(folder: string, count: number, sidePx: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const size = { channels: 3, heightPx: sidePx, widthPx: sidePx } as const;
  for (let i = 0; i < count; i += 1) {
    const { picture } = petScene(0, i, [3, sidePx, sidePx]);
    const png = await encodePng(pictureOfFloats(picture, size, "range"));
    writeFileSync(join(folder, `pet-${i}.png`), png);
  }
}
