/** @file `limpid maximize` of networks with several outputs: which one is meant is said as `limpid attribute` has it. */
import { rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { folderWithModel, limpid } from "../../test/command-line.ts";
import { attributionSchema } from "../app/attribute/schema.ts";
import { maximizeSchema } from "../app/maximize/schema.ts";
import { decodeNpy, encodeNpy } from "../formats/npy.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { tensor } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";

let folder: string;
const at = (name: string) => join(folder, name);

/** Outputs: `sex` (sigmoid), `age` (a number), `parts` (a map of 4 classes), `kind` (softmax of 3), each of its own numbers. */
function network() {
  const random = randomStream("heads");
  const numbers = (length: number) => Array.from({ length }, () => random.normal());
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 8, 8]);
  const seen = b.op("Softplus", [b.op("Conv", [x, b.constant(numbers(162), [6, 3, 3, 3])])]);
  const parts = b.op("Conv", [seen, b.constant(numbers(24), [4, 6, 1, 1])]);
  const deeper = b.op("Softplus", [b.op("Softplus", [seen])]);
  const row = b.op("Flatten", [b.op("GlobalAveragePool", [deeper])]);
  const dense = (from: Value, units: number) =>
    b.op("MatMul", [from, b.constant(numbers(6 * units), [6, units])]);
  b.output(b.op("Sigmoid", [dense(row, 1)], {}, "sex"));
  b.output(b.op("Identity", [dense(row, 1)], {}, "age"));
  b.output(b.op("Identity", [parts], {}, "parts"));
  b.output(b.op("Softmax", [b.op("Identity", [dense(row, 3)])], { axis: -1 }, "kind"));
  return b.build();
}

beforeAll(async () => {
  folder = await folderWithModel();
  writeFileSync(at("heads.onnx"), encodeOnnx(network()).bytes);
  writeFileSync(at("labels.txt"), "cat\ndog\ncow\n");
});
afterEach(() => {
  for (const name of ["out", "again"]) rmSync(at(name), { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const usual = ["--preprocess", "unit", "--steps", "4", "--preset", "chollet"];

function maximize(...options: readonly string[]) {
  return limpid("maximize", at("heads.onnx"), ...usual, "--out", at("out"), ...options);
}

async function made(...options: readonly string[]) {
  const { code, out, err } = await maximize(...options, "--json");
  expect(code, err).toBe(0);
  return v.parse(maximizeSchema, JSON.parse(out)).units;
}

/** What attribute says of a picture that was made. */
async function scoreOf(path: string, ...options: readonly string[]): Promise<number | null> {
  const { dims, data } = decodeNpy(await readFile(path));
  writeFileSync(
    at("fed.npy"),
    encodeNpy(tensor("float32", [1, ...dims], Float32Array.from(data as Float32Array))),
  );
  const asked = ["--method", "gradient", "--json", ...options];
  const { code, out, err } = await limpid("attribute", at("heads.onnx"), at("fed.npy"), ...asked);
  expect(code, err).toBe(0);
  return v.parse(attributionSchema, JSON.parse(out)).results[0]!.score;
}

test.each([
  [
    ["--target", "1"],
    ["--target", "1"],
  ],
  [
    ["--target", "kind:1"],
    ["--target", "kind:1"],
  ],
  [
    ["--target", "sex:1"],
    ["--target", "sex:1"],
  ],
  [
    ["--target", "sex:0"],
    ["--target", "sex:0"],
  ],
  [
    ["--target", "age:0"],
    ["--target", "age:0"],
  ],
  [
    ["--target", "sex:1 minus sex:0"],
    ["--target", "sex:1 minus sex:0"],
  ],
  [
    ["--output", "sex", "--class", "0"],
    ["--target", "sex:0"],
  ],
  [
    ["--output", "age", "--target", "0"],
    ["--target", "age:0"],
  ],
  [
    ["--output", "age", "--kind", "yes-no", "--class", "0"],
    ["--output", "age", "--kind", "yes-no", "--target", "0"],
  ],
  [
    ["--output", "parts", "--class", "2"],
    ["--target", "parts:2"],
  ],
  [
    ["--kind", "values", "--target", "2"],
    ["--kind", "values", "--target", "2"],
  ],
])("%j is told by the number that attribute has for %j", async (options, asked) => {
  const [unit, ...others] = await made(...options);
  expect(others).toEqual([]);
  expect(unit!.activation).toBeGreaterThan(unit!.start);
  expect(unit!.activation).toBeCloseTo((await scoreOf(unit!.tensor, ...asked))!, 4);
});

test("classes of several outputs in one run say whose they are, and have no names of another's", async () => {
  const target = ["--target", "dog,sex:1,age:0", "--labels", at("labels.txt")];
  const units = await made(...target);
  expect(units.map((unit) => ("output" in unit ? unit.output : undefined))).toEqual([
    undefined,
    "sex",
    "age",
  ]);
  expect(units.map((unit) => ("label" in unit ? unit.label : undefined))).toEqual([
    "dog",
    null,
    undefined,
  ]);
  const { out } = await maximize(...target);
  expect(out).toContain("class 1 (dog): activation");
  expect(out).toContain('class 1 of "sex": activation');
});

test("the recipe holds which output was meant, and makes the same bytes", async () => {
  expect((await maximize("--output", "parts", "--class", "2")).code).toBe(0);
  const again = ["--recipe", at("out/recipe.json"), "--out", at("again"), "--json"];
  const { code, err } = await limpid("maximize", ...again);
  expect(code, err).toBe(0);
  const recipe = await readFile(at("again/recipe.json"), "utf8");
  expect(recipe).toContain('"output": "parts"');
  const { units } = JSON.parse(await readFile(at("out/results.json"), "utf8")) as {
    units: { tensor: string }[];
  };
  for (const { tensor: file } of units) {
    expect(await readFile(at(`again/${file}`))).toEqual(await readFile(at(`out/${file}`)));
  }
  const other = await maximize("--output", "kind", "--class", "2");
  expect(other.code).toBe(1);
  expect(other.err).toContain("results of another output or kind (--output, --kind)");
});

test.each([
  [["--target", "parts:2"], /output that is meant, got "parts:2".*--output parts.*--target 2/],
  [["--output", "nothing", "--class", "0"], /output: must be an output of floating numbers/],
  [["--output", "age", "--class", "1"], /must be from 0 to 0, got 1/],
  [["--output", "age", "--target", "1"], /one value and has no classes/],
])("%j is refused with the reason", async (options, message) => {
  const { code, err } = await maximize(...options);
  expect(code).toBe(1);
  expect(err).toMatch(message);
});
