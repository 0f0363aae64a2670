/** @file Photos of which a network sees a part: figures show all of them, and JSON says which part. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel, limpid } from "../../test/command-line.ts";
import { folderRecordSchema, pictureRecordSchema } from "../app/activations/schema.ts";
import { attributionSchema } from "../app/attribute/schema.ts";
import { petScene } from "../drawn/pets.ts";
import { pictureOfFloats } from "../image/float-picture.ts";
import { decodePicture, encodePng } from "../node/codecs.ts";

let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);

async function photo(path: string, widthPx: number, heightPx: number): Promise<void> {
  const { picture } = petScene(1, 0, [3, heightPx, widthPx]);
  const size = { channels: 3, heightPx, widthPx } as const;
  writeFileSync(path, await encodePng(pictureOfFloats(Float32Array.from(picture), size, "range")));
}

beforeAll(async () => {
  folder = await folderWithModel();
  mkdirSync(at("photos"));
  await photo(at("photos", "0-square.png"), 24, 24);
  await photo(at("photos", "1-wide.png"), 48, 24);
  await photo(at("photos", "2-tall.png"), 24, 36);
  const how = { scale: 1 / 255, mean: [0], std: [1], channels: "rgb", layout: "nchw" };
  writeFileSync(at("crop.json"), JSON.stringify({ ...how, resize: "crop", cropShare: 1 }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const prepared = () => ["--preprocess", at("crop.json")];
const partOfWide = { left: 12, top: 0, widthPx: 24, heightPx: 24, ofWidthPx: 48, ofHeightPx: 24 };
const noteOfWide = /sees only the middle 24 x 24 of 48 x 24 pixels, the rest is cut off/;

async function ofPicture(name: string) {
  const asked = ["--layer", "features", "--channel", "1", "--out", at(`of-${name}`), "--json"];
  const picture = at("photos", `${name}.png`);
  const { code, out, err } = await limpid(
    "activations",
    at("good.onnx"),
    picture,
    ...prepared(),
    ...asked,
  );
  expect(code, err).toBe(0);
  const sheet = readFileSync(at(`of-${name}`, "features-channels.png"));
  const record = v.parse(pictureRecordSchema, JSON.parse(out));
  return { record, err, sheet: await decodePicture(sheet, "sheet") };
}

test("activations of one photo: the sheet is as wide as the whole photo, and JSON has the part", async () => {
  const [wide, square] = [await ofPicture("1-wide"), await ofPicture("0-square")];
  expect(wide.err).toMatch(noteOfWide);
  expect(wide.record.seen).toEqual(partOfWide);
  expect(square.record).not.toHaveProperty("seen");
  expect(wide.sheet.widthPx).toBeGreaterThan(1.5 * square.sheet.widthPx);
});

test("activations of a folder: crops are told once, and the parts of all that are drawn", async () => {
  const asked = ["--layer", "features", "--channel", "1", "--out", at("all")];
  const { code, err } = await limpid(
    "activations",
    at("good.onnx"),
    at("photos"),
    ...prepared(),
    ...asked,
  );
  expect(code, err).toBe(0);
  expect(err.match(/2 of 3 photos are cut off at the sides/g)).toHaveLength(1);
  expect(err).toMatch(/cut most, the network sees only the middle 24 x 24 of 48 x 24 pixels; to/);
  expect(err).not.toMatch(/24 x 36/);
  const record = v.parse(
    folderRecordSchema,
    JSON.parse(readFileSync(at("all", "activations.json"), "utf8")),
  );
  expect(record.seen).toEqual([
    { picture: 1, ...partOfWide },
    { picture: 2, left: 0, top: 6, widthPx: 24, heightPx: 24, ofWidthPx: 24, ofHeightPx: 36 },
  ]);
});

test("attribute: each result has the part", async () => {
  const asked = ["--method", "gradient", "--json", "--check", "off"];
  const { out } = await limpid("attribute", at("good.onnx"), at("photos"), ...prepared(), ...asked);
  const { results } = v.parse(attributionSchema, JSON.parse(out));
  expect(results.map(({ seen }) => seen?.ofWidthPx)).toEqual([undefined, 48, 24]);
});
