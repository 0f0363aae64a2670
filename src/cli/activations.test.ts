/** @file One picture through `limpid activations`: the files, and numbers that are those of the layers. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel, limpid } from "../../test/command-line.ts";
import { pictureRecordSchema } from "../app/activations/schema.ts";
import { decodeNpy, encodeNpy } from "../formats/npy.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { tensor, tensorOf } from "../graph/tensor.ts";
import { decodePicture } from "../node/codecs.ts";

let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);
const ask = (...options: readonly string[]) =>
  limpid("activations", at("good.onnx"), at("good.png"), "--preprocess", "unit", ...options);

beforeAll(async () => {
  folder = await folderWithModel();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("each convolution and pool has a sheet and its numbers, which the statistics are of", async () => {
  const { code, out } = await ask("--out", at("all"), "--json");
  expect(code).toBe(0);
  const report = v.parse(pictureRecordSchema, JSON.parse(out));
  expect(JSON.parse(readFileSync(at("all", "activations.json"), "utf8"))).toEqual(report);
  const [first] = report.layers;
  expect(first).toMatchObject({ name: "features", operator: "Relu", shape: [4, 6, 6] });
  for (const { shape, zeroShare, mean, deadChannels, sheet, tensor } of report.layers) {
    const values = decodeNpy(readFileSync(tensor));
    const data = values.data as Float32Array;
    expect(values.dims).toEqual(shape);
    expect(zeroShare).toBe(data.filter((value) => value === 0).length / data.length);
    expect(mean).toBeCloseTo(data.reduce((sum, value) => sum + value, 0) / data.length, 6);
    const places = data.length / shape[0]!;
    const dead = [...Array(shape[0]).keys()].filter((c) =>
      data.subarray(c * places, (c + 1) * places).every((value) => value === 0),
    );
    expect(deadChannels).toEqual(dead);
    expect(existsSync(sheet)).toBe(true);
  }
  expect(readFileSync(at("all", "depth.svg"), "utf8")).toContain("Zeros");
});

test("a layer's channels in their own scales, some of them over the picture", async () => {
  const options = ["--layer", "features", "--channel", "1,3", "--scale", "channel"] as const;
  const { code, out } = await ask(...options, "--out", at("one"));
  expect(code).toBe(0);
  expect(out).toContain("features");
  expect(readdirSync(at("one")).toSorted()).toEqual([
    "1-features.npy",
    "1-features.png",
    "activations.json",
    "depth.svg",
    "features-channels.png",
  ]);
  const sheet = await decodePicture(readFileSync(at("one", "features-channels.png")), "sheet");
  expect(sheet.heightPx).toBeGreaterThan(1000);
});

test("layers are given again or in one list, and each once", async () => {
  const lists = [
    ["--layer", "features", "--layer", "GlobalAveragePool"],
    ["--layer", "GlobalAveragePool, features"],
    ["--layer", "features,GlobalAveragePool", "--layer", "features"],
  ];
  for (const options of lists) {
    // oxlint-disable-next-line no-await-in-loop -- all write to one folder
    const { out } = await ask(...options, "--out", at("listed"), "--json");
    const { layers } = v.parse(pictureRecordSchema, JSON.parse(out));
    expect(layers.map(({ name }) => name)).toEqual(["features", "GlobalAveragePool"]);
  }
});

test("the same command gives the same bytes", async () => {
  await ask("--out", at("twice"));
  const files = readdirSync(at("twice"));
  const before = files.map((name) => readFileSync(at("twice", name)));
  await ask("--out", at("twice"));
  expect(files.map((name) => readFileSync(at("twice", name)))).toEqual(before);
});

test.each([
  [["--layer", "fatures"], 'closest: "features"'],
  [["--layer", "features", "--channel", "9"], 'channel of "features": must be from 0 to 3, got 9'],
  [["--channel", "0"], "--channel: one layer must be chosen"],
])("%j is refused in one line and writes nothing", async (options, message) => {
  const { code, err } = await ask(...options, "--out", at("bad"));
  expect(code).toBe(1);
  expect(err.trim().split("\n").at(-1)).toContain(message);
  expect(existsSync(at("bad")) ? readdirSync(at("bad")) : []).toEqual([]);
});

test("a tensor of many pixels is shown too", async () => {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 512, 512]);
  const w = b.initializer("w", tensorOf("float32", [2, 1, 1, 1], [1, -1]));
  b.output(b.op("Relu", [b.op("Conv", [x, w], { strides: [64, 64] })], {}, "features"));
  writeFileSync(at("large.onnx"), encodeOnnx(b.build()).bytes);
  const ramp = Float32Array.from({ length: 512 * 512 }, (_, i) => i / 512 / 512);
  writeFileSync(at("large.npy"), encodeNpy(tensor("float32", [1, 1, 512, 512], ramp)));
  const paths = [at("large.onnx"), at("large.npy")] as const;
  const { code, err } = await limpid("activations", ...paths, "--out", at("large"));
  expect(err).not.toContain("internal error");
  expect(code).toBe(0);
});

test("a picture that is none, or is not there, is told of in one line", async () => {
  const ofText = await limpid("activations", at("good.onnx"), at("good.onnx"), "--out", at("bad"));
  expect(ofText.code).toBe(1);
  const absent = await limpid("activations", at("good.onnx"), at("god.png"), "--out", at("bad"));
  expect(absent.code).toBe(1);
  expect(absent.err).toContain("good.png");
});

test("layers that hold no numbers for a picture are told of, and a check calls them wrong", async () => {
  const b = new GraphBuilder();
  const kernel = b.constant(Array(12).fill(-1), [4, 3, 1, 1]);
  const bias = b.constant(Array(4).fill(-9), [4]);
  const made = b.op("Conv", [b.input("x", [1, 3, 8, 8]), kernel, bias]);
  b.output(b.reduceMean(b.op("Log", [made], {}, "logarithm"), [2, 3], false));
  writeFileSync(at("logarithm.onnx"), encodeOnnx(b.build()).bytes);
  const asked = [at("logarithm.onnx"), at("good.png"), "--preprocess", "unit"];
  const layer = ["--layer", "logarithm", "--out", at("no-numbers")];
  const seen = await limpid("activations", ...asked, ...layer);
  expect(seen.err).toContain('note: layer "logarithm" holds NaN for this picture');
  mkdirSync(at("two"));
  for (const name of ["a.png", "b.png"]) copyFileSync(at("good.png"), at("two", name));
  const [network, , ...prepared] = asked;
  const many = await limpid("activations", network!, at("two"), ...prepared, ...layer);
  expect(many.err).toContain('note: layer "logarithm" holds NaN or infinity for some of these');
  const checked = await limpid("check", ...asked);
  expect(checked.code).toBe(1);
  expect(checked.out).toMatch(/forward +WRONG .* got NaN, first at Log \("logarithm"\)/);
  expect(checked.out).not.toContain("too rough");
});
