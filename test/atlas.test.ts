/** @file The atlas of a small network: however its work is cut, stopped or shared, the same files come of it. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { atlas } from "../src/atlas/atlas.ts";
import { parseShard, type AtlasRequest } from "../src/atlas/request.ts";
import type { AtlasIndex, AtlasLabels, AtlasUnits } from "../src/atlas/site/site-data.ts";
import { encodePng } from "../src/node/codecs.ts";
import { randomStream } from "../src/random.ts";
import { filesOf, handed } from "./atlas-files.ts";
import { contextOf } from "./atlas-context.ts";
import { folderWithModel } from "./command-line.ts";

let folder: string;
let work: string;
const at = (...names: readonly string[]) => join(work, ...names);

function requestOf(out: string, more: Partial<AtlasRequest> = {}): AtlasRequest {
  const model = join(folder, "good.onnx");
  return {
    model,
    photos: at("photos"),
    preset: "icons",
    seed: 0,
    runtime: "cpu",
    out: at(out),
    ...more,
  };
}

beforeAll(async () => {
  folder = await folderWithModel();
  work = mkdtempSync(join(tmpdir(), "limpid-atlas-"));
  for (const name of ["bright", "dark"]) {
    mkdirSync(at("photos", name), { recursive: true });
    for (let i = 0; i < 40; i++) {
      const random = randomStream("atlas photo", name, i);
      const data = Uint8Array.from(
        { length: 192 },
        () => (name === "dark" ? 0 : 128) + random.below(128),
      );
      // oxlint-disable-next-line no-await-in-loop -- pictures of 8 by 8
      writeFileSync(
        at("photos", name, `${i}.png`),
        await encodePng({ widthPx: 8, heightPx: 8, channels: 3, data }),
      );
    }
  }
  await atlas(requestOf("whole"), contextOf());
});
afterAll(() => {
  rmSync(work, { recursive: true });
  rmSync(folder, { recursive: true });
});

describe("an atlas", () => {
  test("holds every unit of every layer", () => {
    const index = handed(at("whole"), "atlas-index.js") as AtlasIndex;
    expect(index.photoCount).toBe(80);
    expect(index.layers.length).toBeGreaterThan(0);
    for (const { folder: own, channels, height, width, sheets, strip } of index.layers) {
      const { units, patchSheets } = handed(at("whole"), `${own}/units.js`) as AtlasUnits;
      expect(units).toHaveLength(channels);
      for (const sheet of [...sheets, ...patchSheets, strip])
        expect(statSync(at("whole", own, sheet)).size).toBeGreaterThan(0);
      for (const { state, tops, zeroShare, histogram } of units) {
        expect(tops!.length > 0).toBe(state === "live" || state === "silent");
        expect(zeroShare! === 1).toBe(tops!.length === 0);
        expect(histogram!.counts.reduce((sum, count) => sum + count, 0)).toBe(80);
        expect(tops!.every(({ x, y }) => x < width && y < height)).toBe(true);
      }
    }
  });

  test("tells for which class each unit speaks, where the logits say it", () => {
    const index = handed(at("whole"), "atlas-index.js") as AtlasIndex;
    expect(index.readOut).toEqual({ photos: 80, classes: 4, of: 4 });
    const features = index.layers.find(({ name }) => name === "features")!;
    const { units } = handed(at("whole"), `${features.folder}/units.js`) as AtlasUnits;
    // A class's logit is the mean of its channel, so that each unit speaks for the class of its own number, with its mean.
    for (const [unit, { classes, histogram, state }] of units.entries()) {
      expect(classes!.map(([number]) => number)).toEqual(state === "live" ? [unit] : []);
      for (const [, mean, error] of classes!) {
        expect(mean).toBeGreaterThan(histogram!.least);
        expect(mean).toBeLessThan(histogram!.most);
        expect(error).toBeLessThan(mean / 3);
      }
    }
  });

  test("of a network without logits of classes says so, and tells none", async () => {
    const context = contextOf();
    await atlas(requestOf("no-logits", { kind: "values" }), context);
    expect(context.notes.join()).toContain("has no logits of classes");
    const index = handed(at("no-logits"), "atlas-index.js") as AtlasIndex;
    expect(index.readOut).toBe("no-logits");
    const { units } = handed(at("no-logits"), `${index.layers[0]!.folder}/units.js`) as AtlasUnits;
    expect(units.every((unit) => unit.classes === undefined)).toBe(true);
  });

  test("says what its units are found by", () => {
    const { layers, classes } = handed(at("whole"), "atlas-index.js") as AtlasIndex;
    const labels = handed(at("whole"), "atlas-search.js") as AtlasLabels;
    expect(labels.layers).toHaveLength(layers.length);
    const known = new Set([...(classes ?? []), "bright", "dark"]);
    expect(labels.names.every((name) => known.has(name))).toBe(true);
    expect(labels.layers.flat().length).toBeGreaterThan(0);
    for (const [at, own] of labels.layers.entries())
      for (const [unit, name] of own) {
        expect(unit).toBeLessThan(layers[at]!.channels);
        expect(labels.names[name]).toBeDefined();
      }
  });

  test("that shards made, in any order, is the same bytes", async () => {
    const results = [];
    for (const shard of ["3/3", "1/3", "2/3", "3/3", "1/3"])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      results.push(await atlas(requestOf("shards", { shard: parseShard(shard) }), contextOf()));
    expect([results[0]!.page, results.at(-1)!.page]).toEqual([
      undefined,
      at("shards", "index.html"),
    ]);
    expect(filesOf(at("shards"))).toEqual(filesOf(at("whole")));
  });

  test("that was stopped again and again is the same bytes, and says how far it is", async () => {
    const random = randomStream("stops");
    let stops = 0;
    for (;;) {
      const signal = { aborted: false };
      let left = random.below(4);
      const context = contextOf(signal);
      const told = {
        ...context,
        platform: {
          ...context.platform,
          writeWhole: async (...given: Parameters<typeof context.platform.writeWhole>) => {
            await context.platform.writeWhole(...given);
            if (left-- === 0) signal.aborted = true;
          },
        },
      };
      try {
        // oxlint-disable-next-line no-await-in-loop -- one run after the other
        await atlas(requestOf("stopped"), told);
        break;
      } catch (error) {
        expect(String(error)).toMatch(/stopped, \d+ of \d+ jobs are in .* goes on with the rest/);
        stops += 1;
      }
    }
    expect(stops).toBeGreaterThan(0);
    expect(filesOf(at("stopped"))).toEqual(filesOf(at("whole")));
  });

  test("with another seed makes the pictures anew, and keeps what the photos said", async () => {
    cpSync(at("whole"), at("seed"), { recursive: true });
    const before = new Set(filesOf(at("seed")).keys());
    await atlas(requestOf("seed", { seed: 1 }), contextOf());
    const added = [...filesOf(at("seed")).keys()].filter((name) => !before.has(name));
    expect(added.length).toBeGreaterThan(0);
    expect(added.every((name) => name.startsWith("parts/units-"))).toBe(true);
  });

  test("with photos that came later looks at the new ones, and is the atlas of all", async () => {
    const photos = at("more-photos");
    cpSync(at("photos"), photos, { recursive: true });
    await atlas(requestOf("more", { photos }), contextOf());
    const photoParts = () =>
      [...filesOf(at("more")).keys()].filter((name) => name.startsWith("parts/photos"));
    const before = photoParts();
    expect(before.length).toBeGreaterThan(1);
    cpSync(at("photos", "dark", "1.png"), join(photos, "dark", "99.png"));
    await atlas(requestOf("more", { photos }), contextOf());
    expect((handed(at("more"), "atlas-index.js") as AtlasIndex).photoCount).toBe(81);
    expect(photoParts().length).toBe(before.length + 1);
    await atlas(requestOf("afresh", { photos }), contextOf());
    const siteOf = (out: string) =>
      [...filesOf(at(out))].filter(([name]) => !name.startsWith("parts/"));
    expect(siteOf("more")).toEqual(siteOf("afresh"));
  });

  test("does not trust a part that was changed", async () => {
    const asked = requestOf("changed", {
      also: ["opposite"],
      caricature: join(folder, "good.png"),
    });
    await atlas(asked, contextOf());
    for (const kind of [
      "units",
      "photos",
      "patches",
      "answers",
      "classes",
      "opposite",
      "caricature",
    ]) {
      const part = [...filesOf(at("changed")).keys()].find((name) =>
        name.startsWith(`parts/${kind}-`),
      )!;
      const bytes = readFileSync(at("changed", part));
      const torn = Uint8Array.from(bytes);
      torn[torn.length - 3]! ^= 255;
      writeFileSync(at("changed", part), torn);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(atlas(asked, contextOf())).rejects.toThrow(/must (hold|be there)/);
      writeFileSync(at("changed", part), bytes);
    }
  });
});

test.each(["0/3", "4/3", "1/0", "1", "a/b", "1/3/5", "-1/3", "1.5/3", ""])(
  "%j is no shard",
  (text) => expect(() => parseShard(text)).toThrow("shard: it must be one of so many"),
);
