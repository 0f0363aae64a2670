/** @file `limpid maximize --photos`: silent units are told their levels on photos, and start from them. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { folderWithModel, limpid } from "../../test/command-line.ts";
import { maximizeSchema } from "../app/maximize/schema.ts";
import { petScene } from "../drawn/pets.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { pictureOfFloats } from "../image/float-picture.ts";
import { encodePng } from "../node/codecs.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const sidePx = 16;
const size = { channels: 3, heightPx: sidePx, widthPx: sidePx } as const;

function pet(index: number): Float32Array {
  return Float32Array.from(petScene(1, index, [3, sidePx, sidePx]).picture);
}

/** Channel 0 answers to one photo alone, channel 1 to nothing, channel 2 to everything. */
function network(meant: Float32Array) {
  const mean = meant.reduce((sum, x) => sum + x, 0) / meant.length;
  const kernel = Array.from(meant, (x) => x - mean);
  const most = kernel.reduce((sum, weight, i) => sum + weight * meant[i]!, 0);
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, sidePx, sidePx]);
  const weights = b.constant([...kernel, ...kernel, ...kernel], [3, 3, sidePx, sidePx]);
  const biases = b.constant([-0.9 * most, -99 * most, 99 * most], [3]);
  b.output(b.op("Relu", [b.op("Conv", [x, weights, biases])], {}, "units"));
  return b.build();
}

beforeAll(async () => {
  folder = await folderWithModel();
  writeFileSync(at("units.onnx"), encodeOnnx(network(pet(1))).bytes);
  for (const name of ["cats", "dogs"]) mkdirSync(at(`pets/${name}`), { recursive: true });
  const write = async (path: string, index: number) =>
    writeFileSync(at(path), await encodePng(pictureOfFloats(pet(index), size, "range")));
  await write("pets/cats/0.png", 0);
  await write("pets/dogs/1.png", 1);
  await write("pets/dogs/3.png", 3);
  await write("lone.png", 2);
  writeFileSync(at("pets/dogs/broken.png"), "no picture");
});
afterEach(() => {
  for (const name of ["out", "again"]) rmSync(at(name), { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = ["--layer", "units", "--channel", "all", "--preprocess", "unit", "--steps", "4"];

function maximize(...options: readonly string[]) {
  return limpid("maximize", at("units.onnx"), ...asked, "--out", at("out"), ...options);
}

test("levels and starts are told in note, lines and JSON; a photo that cannot be read is left out", async () => {
  const { code, out, err } = await maximize("--photos", at("pets"), at("lone.png"));
  expect(code, err).toBe(0);
  expect(err).toContain("broken.png");
  expect(err).toMatch(
    /which shows nothing: units, channel 1 \(at 0; on your 4 photos its highest value is 0\)\n/,
  );
  expect(out).toMatch(/units, channel 0: activation \S+, \S+ at the start, from 1\.png\n/);
  expect(out).toMatch(/units, channel 1: silent, at .* on your 4 photos its highest value is 0\n/);
  expect(out).toMatch(/units, channel 2: activation \S+, \S+ at the start\n/);
  rmSync(at("out"), { recursive: true });
  const printed = await maximize("--json", "--photos", at("pets/dogs/1.png"));
  const { units, preprocessing } = v.parse(maximizeSchema, JSON.parse(printed.out));
  expect(units.map(({ from }) => from)).toEqual([
    { kind: "photo", photo: "1.png" },
    undefined,
    undefined,
  ]);
  expect(units[1]!.onPhotos).toEqual({ highest: 0, photo: "1.png", photos: 1 });
  expect(preprocessing).toMatchObject({ name: "unit", chosenBy: "request" });
});

test("the recipe holds the photos, makes the same bytes, and refuses others", async () => {
  expect((await maximize("--photos", at("pets"))).code).toBe(0);
  const again = () => limpid("maximize", "--recipe", at("out/recipe.json"), "--out", at("again"));
  const { code, err } = await again();
  expect(code, err).toBe(0);
  for (const unit of [0, 1, 2]) {
    const file = `units/channel-000${unit}.npy`;
    expect(readFileSync(at(`again/${file}`)).equals(readFileSync(at(`out/${file}`)))).toBe(true);
  }
  const other = await maximize("--photos", at("lone.png"));
  expect(other.err).toContain("results of other photos to start from (--photos)");
  const kept = readFileSync(at("pets/dogs/1.png"));
  writeFileSync(at("pets/dogs/1.png"), readFileSync(at("lone.png")));
  expect((await again()).err).toMatch(/the photo "\S+1\.png" must be the recipe's, got another/);
  writeFileSync(at("pets/dogs/1.png"), kept);
});

test("where nothing says how pictures are prepared, it is tried on the first photo", async () => {
  const given = ["--layer", "units", "--channel", "2", "--steps", "1", "--out", at("out")];
  const photos = ["--photos", at("lone.png"), "--json"];
  const { out, err } = await limpid("maximize", at("units.onnx"), ...given, ...photos);
  expect(err).toContain('usual preparations on "');
  expect(err).toContain('lone.png"');
  const { preprocessing } = v.parse(maximizeSchema, JSON.parse(out));
  expect(preprocessing!.verdict).toBe("nothing tells");
  expect(preprocessing!.candidates!.length).toBeGreaterThan(4);
});

test("the range that is said is the photos', and stands in the recipe", async () => {
  const half = ["--range", "0..510", "--photos", at("pets/dogs/1.png"), "--json"];
  const { out, err, code } = await maximize(...half);
  expect(code, err).toBe(0);
  const { units } = v.parse(maximizeSchema, JSON.parse(out));
  expect(units[0]!.from).not.toEqual({ kind: "photo", photo: "1.png" });
  expect(JSON.parse(readFileSync(at("out/recipe.json"), "utf8"))).toMatchObject({
    range: [0, 510],
  });
});

test.each([
  ["no such photo", ["--photos", "missing.png"], /missing\.png/],
  ["a folder without photos", ["--photos", "again"], /must hold pictures/],
  ["a file that is none", ["--photos", "pets/dogs/broken.png"], /broken\.png/],
])("%s is refused before anything is written", async (_, [option, path], message) => {
  mkdirSync(at("again"), { recursive: true });
  const { code, err } = await maximize(option!, at(path!));
  expect(code).toBe(1);
  expect(err).toMatch(message);
  expect(() => readFileSync(at("out/recipe.json"))).toThrow();
});
