/** @file Pictures of an atlas beside its icons: opposites, three that differ, a caricature of a photo. */
import { cpSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { atlas, withPlan } from "../src/atlas/atlas.ts";
import { parseShard, type AtlasRequest } from "../src/atlas/request.ts";
import {
  onQueue,
  requestOnQueue,
  requireSamePlan,
  type AtlasOnQueue,
} from "../src/atlas/shared-request.ts";
import type { AtlasIndex, AtlasUnits } from "../src/atlas/site/site-data.ts";
import { placedHere } from "../src/atlas/work.ts";
import { encodePng } from "../src/node/codecs.ts";
import { contextOf } from "./atlas-context.ts";
import { filesOf, handed } from "./atlas-files.ts";
import { smallAtlas, type SmallAtlas } from "./atlas-parts.ts";

let small: SmallAtlas;
const at = (...names: readonly string[]) => join(small.folder, ...names);

const more = () => ({ also: ["opposite", "diverse"], caricature: at("halves.png") });

function requestOf(out: string, asked: Partial<AtlasRequest> = more()): AtlasRequest {
  const { model } = small;
  const own = { model, layers: ["features"], preset: "icons", seed: 0, runtime: "cpu" } as const;
  return { ...own, out: at(out), ...asked };
}

beforeAll(async () => {
  small = await smallAtlas(1);
  // Left dark, right of one colour: unlike any noise.
  const data = Uint8Array.from({ length: 192 }, (_, i) =>
    Math.floor(i / 3) % 8 < 4 ? 0 : (i % 3) * 127,
  );
  writeFileSync(at("halves.png"), await encodePng({ widthPx: 8, heightPx: 8, channels: 3, data }));
  await atlas(requestOf("plain", {}), contextOf());
  cpSync(at("plain"), at("whole"), { recursive: true });
  await atlas(requestOf("whole"), contextOf());
});
afterAll(() => small.remove());

describe("an atlas with more pictures", () => {
  test("has of each unit its opposite and three that differ, and of each layer a caricature", () => {
    const index = handed(at("whole"), "atlas-index.js") as AtlasIndex;
    expect(index.caricature).toEqual({ photo: "halves.png", file: "caricature-photo.jpg" });
    expect(statSync(at("whole", "caricature-photo.jpg")).size).toBeGreaterThan(0);
    expect(index.recipe).toContain("--also opposite --also diverse --caricature halves.png");
    const { folder } = index.layers[0]!;
    const { units, others, caricature } = handed(at("whole"), `${folder}/units.js`) as AtlasUnits;
    expect(others!.columns).toEqual(["opposite", "diverse", "diverse", "diverse"]);
    expect(others!.sheets).toEqual(["others-0.jpg"]);
    for (const { opposite, diverse, start, state } of units) {
      // Before the ReLU, which would hide how far below 0 it is.
      expect(opposite!.isBeforeRectifier).toBe(true);
      expect(opposite!.isSilent).toBe(false);
      expect(opposite!.activation).toBeLessThan(Math.min(opposite!.start, 0));
      expect(diverse!.activations).toHaveLength(3);
      if (state === "live")
        for (const each of diverse!.activations) expect(each).toBeGreaterThan(start);
      expect(diverse!.alike).toBeGreaterThan(0);
      expect(diverse!.alike).toBeLessThanOrEqual(1.00001);
    }
    for (const file of [...others!.sheets, caricature!.file])
      expect(statSync(at("whole", folder, file)).size).toBeGreaterThan(0);
    expect(caricature!.cosine).toBeGreaterThan(caricature!.noise);
    expect(caricature!.strength).toBeGreaterThan(1);
  });

  test("keeps what was made before", () => {
    const [plain, whole] = [filesOf(at("plain")), filesOf(at("whole"))];
    for (const [name, bytes] of plain)
      if (name.startsWith("parts/")) expect(whole.get(name)).toBe(bytes);
    for (const name of whole.keys()) {
      const isMore = /^parts\/(opposite|diverse|caricature)-|others-\d|caricature/.test(name);
      expect(plain.has(name)).toBe(!isMore);
    }
  });

  test("with another photo makes the caricature alone anew", async () => {
    cpSync(at("whole"), at("other"), { recursive: true });
    const before = new Set(filesOf(at("other")).keys());
    await atlas(
      requestOf("other", { ...more(), caricature: join(small.photos, "0.png") }),
      contextOf(),
    );
    const added = [...filesOf(at("other")).keys()].filter((name) => !before.has(name));
    expect(added).toHaveLength(1);
    expect(added[0]).toMatch(/^parts\/caricature-/);
  });

  test("made by two shards, of which one was stopped, is the same bytes", async () => {
    const signal = { aborted: false };
    const context = contextOf(signal);
    const stopping = {
      ...context,
      platform: {
        ...context.platform,
        writeWhole: async (...given: Parameters<typeof context.platform.writeWhole>) => {
          await context.platform.writeWhole(...given);
          signal.aborted = true;
        },
      },
    };
    const shard = (number: number) =>
      requestOf("shards", { ...more(), shard: parseShard(`${number}/2`) });
    await expect(atlas(shard(2), stopping)).rejects.toThrow(/stopped, 1 of \d+ jobs/);
    await atlas(shard(1), contextOf());
    const { page } = await atlas(shard(2), contextOf());
    expect(page).toBeDefined();
    expect(filesOf(at("shards"))).toEqual(filesOf(at("whole")));
  });

  test("lies on a queue as it was asked for", async () => {
    const context = contextOf();
    const [versions, request] = [context.platform.versions(), requestOf("asked")];
    const data = await withPlan(request, context, (plan) => onQueue(plan, versions, undefined));
    const read = requestOnQueue(JSON.parse(JSON.stringify(data)));
    expect(read.request).toMatchObject(more());
    const planned = (asked: AtlasRequest) =>
      withPlan(asked, context, (plan) => requireSamePlan(read, plan));
    await planned(read.request as AtlasRequest);
    await expect(planned(requestOf("asked", {}))).rejects.toThrow("cut into the same jobs");
  });

  test("lies elsewhere for a worker, the photo of its caricatures too", () => {
    const asked = { request: { ...requestOf("asked"), photos: small.photos } } as AtlasOnQueue;
    const here = { model: "m", photos: "p", caricature: "c.png", out: "o" };
    expect(placedHere(asked, here)).toMatchObject(here);
    const without = { request: requestOf("asked", {}) } as AtlasOnQueue;
    expect(placedHere(without, here)).not.toHaveProperty("caricature");
  });

  test("refuses other pictures of a name that there is not", async () => {
    await expect(atlas(requestOf("refused", { also: ["opposites"] }), contextOf())).rejects.toThrow(
      'also: the names must be among opposite, diverse, got "opposites"',
    );
  });

  test("refuses a part of another kind", async () => {
    cpSync(at("whole"), at("changed"), { recursive: true });
    const names = [...filesOf(at("changed")).keys()];
    for (const kind of ["opposite", "diverse", "caricature"]) {
      const part = names.find((name) => name.startsWith(`parts/${kind}-`))!;
      const bytes = Buffer.from(filesOf(at("whole")).get(part)!, "base64");
      const torn = Uint8Array.from(bytes);
      torn[torn.length - 3]! ^= 255;
      writeFileSync(at("changed", part), torn);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(atlas(requestOf("changed"), contextOf())).rejects.toThrow(/must hold/);
      writeFileSync(at("changed", part), bytes);
    }
  });
});
