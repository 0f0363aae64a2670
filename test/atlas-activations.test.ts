/** @file The activation atlas of a planted network: red and green photos are two regions, however the work is cut. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { atlas } from "../src/atlas/atlas.ts";
import { parseShard, type AtlasRequest } from "../src/atlas/request.ts";
import type { AtlasCell, AtlasCells, AtlasIndex } from "../src/atlas/site/site-data.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import { GraphBuilder } from "../src/graph/builder.ts";
import { tensor } from "../src/graph/tensor.ts";
import { decodePicture, encodePng } from "../src/node/codecs.ts";
import { randomStream } from "../src/random.ts";
import { contextOf } from "./atlas-context.ts";
import { filesOf, handed } from "./atlas-files.ts";

let work: string;
const at = (...names: readonly string[]) => join(work, ...names);
const cellsOf = (out: string) => handed(at(out), "colours/cells.js") as AtlasCells;

function requestOf(out: string, more: Partial<AtlasRequest> = {}): AtlasRequest {
  return {
    model: at("colours.onnx"),
    photos: at("photos"),
    layers: ["colours"],
    activationAtlas: ["all"],
    kind: "classes",
    preset: "icons",
    seed: 0,
    runtime: "cpu",
    out: at(out),
    ...more,
  };
}

/** Channels: more red than green, more green than red, and two of blue. */
function colourNetwork() {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 8, 8]);
  const rows = [
    [1, -1, 0],
    [-1, 1, 0],
    [0, 0, 0.4],
    [0, 0, -0.4],
  ];
  const weights = tensor("float32", [4, 3, 1, 1], Float32Array.from(rows.flat()));
  const colours = b.op("Relu", [b.op("Conv", [x, b.initializer("w", weights)])], {}, "colours");
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", [colours])], {}, "logits"));
  return b.build();
}

async function writePhotos(): Promise<void> {
  for (const [folder, strong] of [
    ["red", 0],
    ["green", 1],
  ] as const) {
    mkdirSync(at("photos", folder), { recursive: true });
    for (let i = 0; i < 6; i++) {
      const random = randomStream("colours", folder, i);
      const data = Uint8Array.from({ length: 192 }, (_, at) => {
        const own = at % 3;
        if (own === 2) return random.below(256);
        return own === strong ? 150 + random.below(100) : random.below(60);
      });
      const bytes = await encodePng({ widthPx: 8, heightPx: 8, channels: 3, data });
      writeFileSync(at("photos", folder, `${i}.png`), bytes);
    }
  }
}

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "limpid-activations-"));
  writeFileSync(at("colours.onnx"), encodeOnnx(colourNetwork()).bytes);
  await writePhotos();
  await atlas(requestOf("whole"), contextOf());
});
afterAll(() => rmSync(work, { recursive: true }));

test("cells are of photos of one colour, lie beside others of it, and their pictures show it", async () => {
  const cells = cellsOf("whole");
  expect([cells.places, cells.photoCount, cells.each, cells.side]).toEqual([384, 12, 32, 6]);
  expect(cells.folders).toEqual(["green", "red"]);
  const colours = cells.cells.map(({ folders, count }) => {
    expect(folders).toHaveLength(1);
    expect(folders![0]![1]).toBe(count);
    return folders![0]![0];
  });
  expect(new Set(colours).size).toBe(2);
  const isBeside = (a: AtlasCell, b: AtlasCell) =>
    Math.abs(a.column - b.column) + Math.abs(a.row - b.row) === 1;
  const pairs = cells.cells.flatMap((cell, i) =>
    cells.cells.flatMap((other, j) => (j < i && isBeside(cell, other) ? [[i, j] as const] : [])),
  );
  const alike = pairs.filter(([i, j]) => colours[i] === colours[j]).length;
  // Of two regions, those along the border differ; of colours without order half would.
  expect(alike / pairs.length).toBeGreaterThan(0.75);
  expect(cells.cells.flatMap(({ tops }) => tops).every((photo) => photo < 12)).toBe(true);
  const sheet = await decodePicture(
    readFileSync(at("whole", "colours", cells.sheets[0]!)),
    "sheet",
  );
  const redder: (readonly [colour: number, by: number])[] = [];
  for (const [i, colour] of colours.entries()) {
    const [left, top] = [96 * (i % 16), 96 * Math.floor(i / 16)];
    let [red, green] = [0, 0];
    for (let y = top; y < top + 96; y++) {
      for (let x = left; x < left + 96; x++) {
        red += sheet.data[3 * (y * sheet.widthPx + x)]!;
        green += sheet.data[3 * (y * sheet.widthPx + x) + 1]!;
      }
    }
    redder.push([colour, (red - green) / 96 ** 2]);
  }
  for (const colour of [0, 1]) {
    const own = redder.flatMap(([of, by]) => (of === colour ? [colour === 1 ? by : -by] : []));
    expect(own.filter((by) => by > 0).length).toBeGreaterThan(0.7 * own.length);
    expect(own.reduce((sum, by) => sum + by, 0) / own.length).toBeGreaterThan(5);
  }
});

test("cells speak for the class whose logit is the mean of their colour's channel, by a place's share of it", () => {
  const cells = cellsOf("whole");
  expect(cells.placesOfCell).toBe(5);
  for (const { folders, classes, count } of cells.cells) {
    const [[folder]] = folders as [readonly [number, number]];
    const [[number, mean, error] = [Number.NaN, 0, 0]] = classes!;
    // Channel 0 is of red, channel 1 of green: prepared as for ImageNet they differ by 1.4 to 4.7, and one of 64 places has a 64th of the mean.
    expect([number, count >= 6]).toEqual([cells.folders![folder] === "red" ? 0 : 1, true]);
    expect(mean).toBeGreaterThan(1.4 / 64);
    expect(mean).toBeLessThan(4.7 / 64);
    expect(mean).toBeGreaterThanOrEqual(3 * error);
    expect(classes!.every(([other]) => other !== (number === 0 ? 1 : 0))).toBe(true);
  }
});

test("shards in any order make the same bytes", async () => {
  for (const shard of ["2/3", "3/3", "1/3", "3/3", "2/3", "1/3", "3/3"])
    await atlas(requestOf("shards", { shard: parseShard(shard) }), contextOf());
  expect(filesOf(at("shards"))).toEqual(filesOf(at("whole")));
});

test("another seed makes the pictures anew, and keeps the places and the grid", async () => {
  cpSync(at("whole"), at("seed"), { recursive: true });
  const before = new Set(filesOf(at("seed")).keys());
  await atlas(requestOf("seed", { seed: 1 }), contextOf());
  const added = [...filesOf(at("seed")).keys()].filter((name) => !before.has(name));
  expect(added.some((name) => name.startsWith("parts/cells-"))).toBe(true);
  expect(added.every((name) => /^parts\/(units|cells)-/.test(name))).toBe(true);
});

test("does not trust a part that was changed", async () => {
  cpSync(at("whole"), at("changed"), { recursive: true });
  for (const kind of ["grid", "cells", "cell-patches", "cell-classes"]) {
    const part = [...filesOf(at("changed")).keys()].find((name) =>
      name.startsWith(`parts/${kind}-`),
    )!;
    const bytes = readFileSync(at("changed", part));
    const torn = Uint8Array.from(bytes);
    torn[torn.length - 3]! ^= 255;
    writeFileSync(at("changed", part), torn);
    await expect(atlas(requestOf("changed"), contextOf())).rejects.toThrow(/must (hold|be there)/);
    writeFileSync(at("changed", part), bytes);
  }
});

test("of too few places there is no grid, and how many there are", async () => {
  const photos = at("few");
  mkdirSync(photos);
  for (const name of ["0.png", "1.png"]) cpSync(at("photos", "red", name), join(photos, name));
  await atlas(requestOf("few-out", { photos }), contextOf());
  const { cells, places, leastPlaces } = cellsOf("few-out");
  expect([cells, places, leastPlaces]).toEqual([[], 64, 250]);
});

test("only layers of the atlas can have one, and none is made unless it is asked for", async () => {
  const asked = requestOf("refused", { activationAtlas: ["logits"] });
  await expect(atlas(asked, contextOf())).rejects.toThrow(
    'its layers must be among those of the atlas, got "logits"',
  );
  await atlas(requestOf("none", { activationAtlas: ["none"] }), contextOf());
  const { layers } = handed(at("none"), "atlas-index.js") as AtlasIndex;
  expect(layers.map(({ hasCells }) => hasCells)).toEqual([undefined]);
});
