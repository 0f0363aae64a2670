/** @file No command writes over what it reads, or in a form that its file's name does not say. */
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel, limpid } from "../../test/command-line.ts";
import { encodeNpy } from "../formats/npy.ts";
import { tensor } from "../graph/tensor.ts";

let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);
const inputs = [
  "good.onnx",
  "good.png",
  "in.npy",
  "out/model.onnx",
  "out/sheet.png",
  "data/a/most-wrong.png",
];

beforeAll(async () => {
  folder = await folderWithModel();
  writeFileSync(at("in.npy"), encodeNpy(tensor("float32", [1, 3, 8, 8], new Float32Array(192))));
  symlinkSync("good.png", at("soft.png"));
  linkSync(at("good.png"), at("hard.png"));
  mkdirSync(at("out"));
  const pets = fileURLToPath(new URL("../../assets/networks/pets.onnx", import.meta.url));
  copyFileSync(pets, at("out", "model.onnx"));
  copyFileSync(at("good.png"), at("out", "sheet.png"));
  for (const name of ["a", "b"]) {
    mkdirSync(at("data", name), { recursive: true });
    for (const file of ["1.png", "most-wrong.png"]) {
      copyFileSync(at("good.png"), at("data", name, file));
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const isInput = /^limpid: write: ".*" must be no file that is read, got one of the inputs\./m;
const isNoFolder = /^limpid: out: it must be a folder, got /m;

test.each([
  ["attribute good.onnx good.png --out good.png", isInput],
  ["convert out out/model.onnx", isInput],
  ["convert good.onnx ./out/../good.onnx", isInput],
  ["attribute good.onnx good.png --out ./out/../good.png", isInput],
  ["attribute good.onnx good.png --out soft.png", isInput],
  ["attribute good.onnx soft.png --out good.png", isInput],
  ["attribute good.onnx good.png --out hard.png", isInput],
  ["attribute good.onnx in.npy --method gradient --raw in.npy", isInput],
  ["attribute good.onnx out/sheet.png --out out", isInput],
  ["attribute good.onnx good.png --out good.onnx", /must end in \.png/],
  ["attribute good.onnx good.png --out figure.webp", /must end in \.png/],
  ["attribute good.onnx good.png --raw good.png", /must end in \.npy/],
  ["attribute good.onnx good.png --raw numbers", /must end in \.npy/],
  ["activations good.onnx good.png --out new.png", isNoFolder],
  ["activations good.onnx good.png --out good.png", isNoFolder],
  ["maximize good.onnx --class 1 --steps 1 --out new.jpg", isNoFolder],
  ["train data --from out/model.onnx --epochs 1 --out out", isInput],
  ["train data --from out/model.onnx --epochs 1 --out data/a", isInput],
  ["train digits --epochs 1 --out model.onnx", isNoFolder],
  ["study --quick --out study.html", isNoFolder],
])("%s", async (line, message) => {
  const paths = /^[\w./]*\.(png|onnx|npy|webp|jpg|html)$|^(out|numbers|data|data\/a)$/;
  const argv = line.split(" ").map((word) => (paths.test(word) ? at(word) : word));
  const before = inputs.map((name) => readFileSync(at(name)));
  const names = readdirSync(folder).toSorted();
  const { code, err } = await limpid(...argv);
  expect(err).toMatch(message);
  expect(code).toBe(1);
  for (const [i, name] of inputs.entries()) {
    expect(readFileSync(at(name)).equals(before[i]!), name).toBe(true);
  }
  expect(readdirSync(folder).toSorted()).toEqual(names);
});

test("a JPEG is one, whatever the case of its ending", async () => {
  const out = at("why.JPG");
  expect((await limpid("attribute", at("good.onnx"), at("good.png"), "--out", out)).code).toBe(0);
  expect([...readFileSync(out).subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
});

test("no path is no place", async () => {
  const { code, err } = await limpid("attribute", at("good.onnx"), at("good.png"), "--out", "");
  expect([code, err]).toEqual([1, expect.stringContaining("out: there must be the path")]);
  expect(existsSync("heatmap.png")).toBe(false);
});
