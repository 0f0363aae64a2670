/** @file What `limpid maximize` says and makes of units that stay silent. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { folderWithModel, limpid } from "../../test/command-line.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { readPicture } from "../node/codecs.ts";
import { randomStream } from "../random.ts";

let folder: string;
const at = (name: string) => join(folder, name);

/** Channels that wake at once (0), never (1), and where much of the picture is theirs (2). */
function network(): Graph {
  const random = randomStream("silent");
  const weights = Array.from({ length: 81 }, () => random.between(-1, 1));
  const most = weights.slice(54).filter((weight) => weight > 0);
  const late = -0.3 * most.reduce((a, b) => a + b, 0);
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 12, 12]);
  const made = b.op("Conv", [
    x,
    b.constant(weights, [3, 3, 3, 3]),
    b.constant([5, -99, late], [3]),
  ]);
  b.output(b.op("Relu", [made], {}, "units"));
  return b.build();
}

beforeAll(async () => {
  folder = await folderWithModel();
  writeFileSync(at("units.onnx"), encodeOnnx(network()).bytes);
});
afterEach(() => {
  for (const name of ["out", "again"]) rmSync(at(name), { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = ["--layer", "units", "--channel", "all", "--preprocess", "unit", "--steps", "4"];

function maximize(...options: readonly string[]) {
  return limpid("maximize", at("units.onnx"), ...asked, "--out", at("out"), ...options);
}

test("names silent units in a note, in lines and in JSON, and gives them a plain picture", async () => {
  const { code, out, err } = await maximize();
  expect(code, err).toBe(0);
  expect(err).toContain(
    "note: stayed silent in every picture that was tried, and got a plain one, which shows nothing: units, channel 1 (at 0)",
  );
  expect(out).toContain("units, channel 1: silent, at 0.000 in every picture that was tried");
  expect(out).toMatch(/units, channel 2: activation 0\.0*[1-9]/);
  const picture = await readPicture(at("out/units/channel-0001.png"));
  expect(new Set(picture.data)).toEqual(new Set([128]));
  const again = await maximize("--json");
  const { units } = JSON.parse(again.out) as { units: { silent?: true; activation: number }[] };
  expect(units.map(({ silent }) => silent)).toEqual([undefined, true, undefined]);
  expect(units[1]!.activation).toBe(0);
});

test("makes the same files again from the recipe, animations of units that were tried again too", async () => {
  expect((await maximize("--animate")).code).toBe(0);
  const again = await limpid("maximize", "--recipe", at("out/recipe.json"), "--out", at("again"));
  expect(again.code, again.err).toBe(0);
  const bytes = (name: string) => readFileSync(at(name));
  for (const file of [0, 1, 2].flatMap((i) =>
    ["png", "npy", "webp"].map((e) => `units/channel-000${i}.${e}`),
  )) {
    expect(bytes(`again/${file}`).equals(bytes(`out/${file}`)), file).toBe(true);
  }
});

test("units that are the same at another level than 0 are called constant", async () => {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 12, 12]);
  const weights = b.constant(Array(27).fill(0), [1, 3, 3, 3]);
  b.output(b.op("Relu", [b.op("Conv", [x, weights, b.constant([50], [1])])], {}, "units"));
  writeFileSync(at("constant.onnx"), encodeOnnx(b.build()).bytes);
  const made = await limpid("maximize", at("constant.onnx"), ...asked, "--out", at("out"));
  expect(made.code, made.err).toBe(0);
  expect(made.err).toMatch(/stayed constant in every picture .*: units, channel 0 \(at 50\)/);
  expect(made.err).not.toContain("silent");
  expect(made.out).toContain("units, channel 0: constant, at 50.00 in every picture");
});
