/** @file The first view's files of an atlas of 6,000 units and 1,000 classes, whose strips are noise: larger than those of any network. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AtlasIndex, AtlasLayer, SheetGrid } from "../../src/atlas/site/site-data.ts";
import { filled } from "../../src/image/raster.ts";
import { nodePlatform } from "../../src/node/platform.ts";
import { randomStream } from "../../src/random.ts";
import { builtSite, writeScript, type AtlasFolder } from "./atlas-folder.ts";

const strips: SheetGrid = { columns: 16, rows: 1, sidePx: 48 };

/** Sixty layers of a hundred units. */
export async function largeAtlas(): Promise<AtlasFolder> {
  const path = await builtSite();
  const folders = Array.from({ length: 60 }, (_, i) => `features_block${i}_concat_output`);
  const layers: AtlasLayer[] = [];
  for (const [i, folder] of folders.entries()) {
    mkdirSync(join(path, folder));
    const strip = filled(16 * strips.sidePx, strips.sidePx, 3, 0);
    // Grey noise in blocks of 2 by 2, as grainy as pictures of units are.
    const random = randomStream("strip", i);
    const across = strip.widthPx / 2;
    const blocks = random.bytes(across * (strip.heightPx / 2));
    for (let at = 0; at < strip.data.length; at++) {
      const [x, y] = [Math.floor(at / 3) % strip.widthPx, Math.floor(at / 3 / strip.widthPx)];
      strip.data[at] = 64 + blocks[(y >> 1) * across + (x >> 1)]! / 2;
    }
    const bytes = await nodePlatform.encodePicture([strip], { kind: "jpeg", quality: 85 });
    writeFileSync(join(path, folder, "strip-0.jpg"), bytes);
    layers.push({
      name: `features.block${i}/concat:output`,
      folder,
      sheets: ["icons-0.jpg"],
      strip: "strip-0.jpg",
      operator: "Concat",
      channels: 100,
      height: 14,
      width: 14,
      dead: i % 3,
      zeroShare: 0.123_456_789 + i / 100,
      effectiveShare: 0.512_345_678,
      classShare: 0.812_345_678,
    });
  }
  const index: AtlasIndex = {
    network: "network.onnx",
    digest: "0123456789abcdef".repeat(4),
    input: [3, 224, 224],
    classes: Array.from({ length: 1000 }, (_, i) => `class ${i} of a thousand`),
    icons: { columns: 16, rows: 16, sidePx: 96 },
    strips,
    patches: { columns: 8, rows: 8, sidePx: 292, count: 9 },
    photoCount: 50_000,
    layers,
    notes: [],
    recipe: "limpid atlas network.onnx",
  };
  writeScript(join(path, "atlas-index.js"), "index", [index]);
  return { path, folders, remove: () => rmSync(path, { recursive: true, force: true }) };
}
