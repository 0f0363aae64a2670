/** @file `limpid maximize` says what is maximised as `limpid attribute` says what is explained, and all objectives. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { folderWithModel, limpid, type Outcome } from "../../test/command-line.ts";
import { attributionSchema } from "../app/attribute/schema.ts";
import { maximizeSchema, resultsSchema, type MaximizeRecord } from "../app/maximize/schema.ts";
import { decodeNpy, encodeNpy } from "../formats/npy.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensor, tensorOf, toNumbers, type Tensor } from "../graph/tensor.ts";
import { recipeSchema } from "../optvis/recipe.ts";
import { randomStream } from "../random.ts";

let folder: string;
const at = (name: string) => join(folder, name);

/** Conv 3 to 4 `features` [N, 4, 6, 6], tokens [N, 36, 4], their mean, softmax; pictures of 8 by 8. */
function softNetwork(): Graph {
  const random = randomStream("soft");
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 8, 8]);
  const weights = Float32Array.from({ length: 108 }, () => random.normal());
  const kernel = b.initializer("w", tensor("float32", [4, 3, 3, 3], weights));
  const features = b.op("Softplus", [b.op("Conv", [x, kernel])], {}, "features");
  const flat = b.reshape(features, [1, 4, 36]);
  const tokens = b.op("Transpose", [flat], { perm: [0, 2, 1] }, "tokens");
  const logits = b.op("Identity", [b.reduceMean(tokens, [1], false)], {}, "logits");
  b.output(b.op("Softmax", [logits], { axis: -1 }, "probabilities"));
  return b.build();
}

beforeAll(async () => {
  folder = await folderWithModel();
  writeFileSync(at("soft.onnx"), encodeOnnx(softNetwork()).bytes);
  writeFileSync(at("labels.txt"), "cat\ndog\ncow\nhen\n");
  writeFileSync(at("direction.npy"), encodeNpy(tensorOf("float32", [4], [0.5, -1, 0, 2])));
  writeFileSync(at("wide.npy"), encodeNpy(tensorOf("float32", [2, 2], [1, 2, 3, 4])));
});
afterEach(() => {
  for (const name of ["out", "again"]) rmSync(at(name), { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function maximize(model: string, ...options: readonly string[]): Promise<Outcome> {
  const places = ["--out", at("out"), "--labels", at("labels.txt")];
  return limpid("maximize", at(model), "--steps", "4", ...places, ...options);
}

function unitsOf({ code, out, err }: Outcome): MaximizeRecord["units"] {
  expect(code, err).toBe(0);
  return v.parse(maximizeSchema, JSON.parse(out)).units;
}

function storedAt(path: string): Tensor {
  return decodeNpy(new Uint8Array(readFileSync(path)));
}

describe("a target", () => {
  test.each([
    ["soft.onnx", "2"],
    ["soft.onnx", "dog,hen"],
    ["soft.onnx", "dog minus cat"],
    ["soft.onnx", "0 plus 1 minus cow"],
    ["soft.onnx", "features:3,features:1@2x5"],
    ["soft.onnx", "features:direction(0.5,-1,0,2)"],
    ["soft.onnx", "features:direction(0.5,-1,0,2)@0x5"],
    ["soft.onnx", "tokens:3"],
    ["soft.onnx", "tokens:3@7"],
    ["soft.onnx", "tokens:direction(0.5,-1,0,2)@7"],
  ])("of %s, %s, is told by the number that attribute explains", async (model, target) => {
    const made = unitsOf(await maximize(model, "--target", target, "--json"));
    for (const [i, unit] of made.entries()) {
      expect(unit.activation).toBeGreaterThan(unit.start);
      const { dims, data } = storedAt(unit.tensor);
      const fed = tensor("float32", [1, ...dims], data as Float32Array);
      writeFileSync(at("fed.npy"), encodeNpy(fed));
      const given = ["--target", target, "--labels", at("labels.txt"), "--json"];
      const method = ["--method", "gradient"];
      const { out } = await limpid("attribute", at(model), at("fed.npy"), ...given, ...method);
      const { results } = v.parse(attributionSchema, JSON.parse(out));
      expect(results).toHaveLength(made.length);
      expect(unit.activation).toBeCloseTo(results[i]!.score!, 4);
    }
  });

  test("is the same in the short form, to the byte", async () => {
    const pairs = [
      [
        ["--target", "features:2@1x4"],
        ["--layer", "features", "--neuron", "2,1,4"],
      ],
      [
        ["--target", "dog"],
        ["--class", "dog"],
      ],
      [
        ["--target", "features:0,features:3"],
        ["--layer", "features", "--channel", "0,3"],
      ],
    ] as const;
    for (const [long, short] of pairs) {
      await maximize("soft.onnx", ...long);
      const first = filesIn("out");
      rmSync(at("out"), { recursive: true });
      await maximize("soft.onnx", ...short);
      expect(filesIn("out")).toEqual(first);
      rmSync(at("out"), { recursive: true });
    }
  });

  test("may be a direction in a file, which the recipe holds", async () => {
    const made = await maximize(
      "soft.onnx",
      "--target",
      `features:direction(${at("direction.npy")})`,
      "--json",
    );
    expect(unitsOf(made)).toMatchObject([{ layer: "features", vector: [0.5, -1, 0, 2] }]);
    await expectSameAgain();
  });

  test("is told in words", async () => {
    const target = "dog minus cat,features:1@2x5,features:direction(1,0,0,0)";
    const { out } = await maximize("soft.onnx", "--target", target);
    expect(out).toMatch(/^dog minus cat: activation/m);
    expect(out).toMatch(/^features, channel 1 at row 2, column 5: activation/m);
    expect(out).toMatch(/^features, a direction: activation/m);
  });

  test("lists of layers are written with commas or by repeating", async () => {
    const one = ["--channel", "0", "--steps", "1", "--json"];
    const first = unitsOf(await maximize("soft.onnx", "--layer", "Conv,features", ...one));
    rmSync(at("out"), { recursive: true });
    const other = ["--layer", "Conv", "--layer", "features", ...one];
    expect(unitsOf(await maximize("soft.onnx", ...other))).toEqual(first);
    expect(first.map(({ layer }) => layer)).toHaveLength(2);
  });

  test.each([
    ["top", /class that is maximised must be named, got "top"/],
    ["4", /from 0 to 3, got 4/],
    ["dog minus dog", /must differ/],
    ["featurs:1", /closest: "features"/],
    ["features:4", /from 0 to 3 on axis 1, got 4/],
    ["features:1@6x0", /from 0 to 5 on axis 2, got 6/],
    ["features:1@2", /must have 2 numbers, got 1/],
    ["features:direction(1,2)", /must have 4 numbers, one a channel, got 2/],
    ["features:direction(WIDE)", /must hold one number a channel, got shape \[2, 2\]/],
  ])("%s is refused before anything is written", async (target, message) => {
    const given = target.replace("WIDE", at("wide.npy"));
    const { code, err } = await maximize("soft.onnx", "--target", given);
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(readdirSync(folder)).not.toContain("out");
  });
});

/** Every file of a folder by its name from there. */
function filesIn(name: string): Record<string, string> {
  const names = readdirSync(at(name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(at(name).length));
  return Object.fromEntries(
    names.sort().map((file) => [file, readFileSync(join(at(name), file)).toString("base64")]),
  );
}

/** The recipe in `out` makes the same bytes; recipe and results are as their schemas say. */
async function expectSameAgain(): Promise<void> {
  const recipe = join(at("out"), "recipe.json");
  const { code, err } = await limpid(
    "maximize",
    "--recipe",
    recipe,
    "--out",
    at("again"),
    "--labels",
    at("labels.txt"),
  );
  expect(code, err).toBe(0);
  expect(filesIn("again")).toEqual(filesIn("out"));
  v.parse(recipeSchema, JSON.parse(readFileSync(recipe, "utf8")));
  v.parse(resultsSchema, JSON.parse(readFileSync(join(at("out"), "results.json"), "utf8")));
}

describe("an objective", () => {
  const channels = ["--layer", "features", "--channel", "0-2"];

  test.each<[string, readonly string[], number]>([
    ["activation", channels, 3],
    ["evidence", ["--class", "all"], 4],
    ["log-odds", ["--class", "1,2"], 2],
    ["interpolation(to=3,share=0.25)", channels, 3],
    ["activation + 0.1 * alignment", channels, 3],
    ["deep-dream", ["--layer", "features"], 1],
    ["inversion(photo=PHOTO)", ["--layer", "features"], 1],
    ["caricature(photo=PHOTO)", ["--layer", "features"], 1],
    ["deep-dream + 0.2 * diversity", ["--layer", "features", "--diversity", "2"], 2],
  ])("%s is reached, and its recipe makes the same bytes", async (objective, options, count) => {
    const text = objective.replace("PHOTO", at("good.png"));
    const made = await maximize("soft.onnx", "--objective", text, ...options, "--json");
    const units = unitsOf(made);
    expect(units).toHaveLength(count);
    for (const unit of units) expect(unit.activation).not.toBe(unit.start);
    await expectSameAgain();
  });

  test("changes the picture, and what preset natural does for classes is evidence", async () => {
    const bytes = async (...options: readonly string[]) => {
      const [unit] = unitsOf(
        await maximize("soft.onnx", "--class", "1", "--steps", "24", ...options, "--json"),
      );
      const found = toNumbers(storedAt(unit!.tensor));
      rmSync(at("out"), { recursive: true });
      return found;
    };
    const usual = await bytes();
    expect(await bytes("--objective", "evidence")).toEqual(usual);
    expect(await bytes("--objective", "activation")).not.toEqual(usual);
    expect(await bytes("--objective", "log-odds")).not.toEqual(usual);
  });

  test("a photo that has changed is no longer the recipe's", async () => {
    writeFileSync(at("photo.png"), readFileSync(at("good.png")));
    const objective = ["--objective", `inversion(photo=${at("photo.png")})`];
    unitsOf(await maximize("soft.onnx", "--layer", "features", ...objective, "--json"));
    writeFileSync(at("photo.png"), readFileSync(join(at("out"), "features", "layer.png")));
    const recipe = join(at("out"), "recipe.json");
    const { code, err } = await limpid("maximize", "--recipe", recipe, "--out", at("again"));
    expect(code).toBe(1);
    expect(err).toMatch(/photo ".*photo\.png" must be the recipe's/);
  });

  test.each<[readonly string[], RegExp]>([
    [["--objective", "excitement", ...channels], /must be one of activation,/],
    [["--objective", "log-odds", ...channels], /"log-odds" must be of a class/],
    [["--objective", "interpolation(to=9)", ...channels], /from 0 to 3, got 9/],
    [["--objective", "deep-dream", ...channels], /layers alone, got --channel/],
    [["--objective", "deep-dream", "--class", "1"], /layers alone, got --class/],
    [["--objective", "caricature", "--layer", "features"], /must be given photo/],
    [["--objective", "caricature(photo=none.png)", "--layer", "features"], /none\.png/],
  ])("%j is refused before anything is written", async (options, message) => {
    const { code, err } = await maximize("soft.onnx", ...options);
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(readdirSync(folder)).not.toContain("out");
  });
});
