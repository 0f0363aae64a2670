/** @file `limpid maximize` through the front door, on a small network. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { folderWithModel, limpid, smallNetwork, type Outcome } from "../../test/command-line.ts";
import { decodeNpy } from "../formats/npy.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensor, toNumbers } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { readPicture } from "../node/codecs.ts";
import { openModel } from "../node/open-model.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { run } from "./run.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const runtime = createNodeRuntime();

/** One logit of a convolution, a pool and a dense layer; 16 by 16 grey. */
function oneUnitNetwork(): Graph {
  const random = randomStream("one unit");
  const weights = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 16, 16]);
  const features = b.op(
    "Relu",
    [b.op("Conv", [x, b.constant(weights(36), [4, 1, 3, 3])])],
    {},
    "f",
  );
  const pooled = b.op("MaxPool", [features], { kernel_shape: [7, 7], strides: [7, 7] }, "pooled");
  const flat = b.op("Flatten", [pooled]);
  const logit = b.op("MatMul", [flat, b.constant(weights(16), [16, 1])], {}, "logit");
  b.output(b.op("Sigmoid", [logit], {}, "p"));
  return b.build();
}

beforeAll(async () => {
  folder = await folderWithModel();
  const random = randomStream("another");
  writeFileSync(at("other.onnx"), encodeOnnx(smallNetwork(() => random.normal())).bytes);
  writeFileSync(at("one.onnx"), encodeOnnx(oneUnitNetwork()).bytes);
  writeFileSync(at("labels.txt"), "cat\ndog\ncow\nhen\n");
  writeFileSync(at("broken.json"), "{ no json");
  writeFileSync(at("wrong.json"), JSON.stringify({ recipe: "limpid maximize", versions: {} }));
});
afterEach(() => {
  for (const name of ["out", "again"]) rmSync(at(name), { recursive: true, force: true });
});
afterAll(async () => {
  await runtime.release();
  rmSync(folder, { recursive: true, force: true });
});

function maximize(...options: readonly string[]): Promise<Outcome> {
  return limpid("maximize", at("good.onnx"), "--steps", "6", "--out", at("out"), ...options);
}

interface Printed {
  readonly layer: string;
  readonly channel: number;
  readonly start: number;
  readonly activation: number;
  readonly picture: string;
  readonly tensor: string;
}

function unitsOf({ code, out, err }: Outcome): readonly (Printed & Record<string, unknown>)[] {
  expect(code, err).toBe(0);
  expect(out.trim().split("\n")).toHaveLength(1);
  return (JSON.parse(out) as { units: (Printed & Record<string, unknown>)[] }).units;
}

/** Every file of a folder by its name from there. */
function filesIn(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    names.sort().map((name) => [relative(root, name), readFileSync(name).toString("base64")]),
  );
}

/** Activations of a stored float picture: what the network itself says of it. */
async function activationsAt(layer: string, tensorFile: string): Promise<Float32Array[]> {
  const stored = decodeNpy(new Uint8Array(readFileSync(tensorFile)));
  const model = new Model(await openModel(at("good.onnx")), runtime);
  const dims = [1, ...stored.dims];
  const graph = await model.part([layer], dims);
  const feeds = { x: tensor("float32", dims, stored.data as Float32Array) };
  const { [layer]: found } = await runtime.run(graph, feeds);
  const values = Float32Array.from(toNumbers(found!));
  const plane = values.length / found!.dims[1]!;
  return Array.from({ length: found!.dims[1]! }, (_, c) =>
    values.slice(c * plane, (c + 1) * plane),
  );
}

const mean = (values: Float32Array) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("maximize", () => {
  test("prints one object with the fields that are promised, and writes what it names", async () => {
    const units = unitsOf(await maximize("--layer", "features", "--channel", "0-2", "--json"));
    expect(units.map((unit) => [unit.layer, unit.channel])).toEqual([
      ["features", 0],
      ["features", 1],
      ["features", 2],
    ]);
    for (const unit of units) {
      expect(Object.keys(unit)).toEqual([
        "layer",
        "channel",
        "start",
        "activation",
        "picture",
        "tensor",
      ]);
      expect(unit.activation).toBeGreaterThan(unit.start);
      const picture = await readPicture(unit.picture);
      expect([picture.widthPx, picture.heightPx]).toEqual([8, 8]);
      const stored = await activationsAt("features", unit.tensor);
      expect(mean(stored[unit.channel]!) / unit.activation).toBeCloseTo(1, 5);
    }
    expect(Object.keys(filesIn(at("out")))).toEqual([
      "features.png",
      "features/channel-0000.npy",
      "features/channel-0000.png",
      "features/channel-0001.npy",
      "features/channel-0001.png",
      "features/channel-0002.npy",
      "features/channel-0002.png",
      "recipe.json",
      "results.json",
    ]);
  });

  test("says it in words, with what it assumed", async () => {
    const { out, err } = await maximize("--layer", "features", "--channel", "1");
    expect(out).toMatch(/features, channel 1: activation \d+(\.\d+)?.* at the start/);
    expect(out).toContain(`wrote ${join(at("out"), "features.png")}`);
    expect(err).toMatch(/note: .*assumed --preprocess torchvision/);
  });

  test("a neuron is told by its own activation, in the centre or at a place", async () => {
    const [placed] = unitsOf(await maximize("--layer", "features", "--neuron", "2,1,4", "--json"));
    expect(placed).toMatchObject({ channel: 2, place: [1, 4] });
    const stored = await activationsAt("features", placed!.tensor);
    expect(stored[2]![1 * 6 + 4]! / placed!.activation).toBeCloseTo(1, 5);
    rmSync(at("out"), { recursive: true });
    const [centre] = unitsOf(await maximize("--layer", "features", "--neuron", "3", "--json"));
    expect(centre).toMatchObject({ channel: 3, place: [3, 3] });
  });

  test("classes by number and label; their logit is maximised, not their probability", async () => {
    const labels = ["--labels", at("labels.txt"), "--json"];
    const [dog] = unitsOf(await maximize("--class", "dog", ...labels));
    expect(dog).toMatchObject({ layer: "logits", class: 1, channel: 1, label: "dog" });
    const stored = await activationsAt("logits", dog!.tensor);
    expect(stored[1]![0]! / dog!.activation).toBeCloseTo(1, 5);
  });

  test("both sides of a network of one unit", async () => {
    const argv = ["maximize", at("one.onnx"), "--class", "all", "--steps", "12", "--json"];
    const [low, high] = unitsOf(await limpid(...argv, "--out", at("out")));
    expect([low!["class"], high!["class"]]).toEqual([0, 1]);
    expect(low!.activation).toBeGreaterThan(low!.start);
    expect(high!.activation).toBeGreaterThan(high!.start);
  });

  test("--negative makes the unit's own activation small", async () => {
    const [unit] = unitsOf(
      await maximize("--layer", "Conv", "--channel", "0", "--negative", "--json"),
    );
    expect(unit!.activation).toBeLessThan(unit!.start);
  });

  test("--diversity gives several pictures of a unit, told by the unit alone", async () => {
    const argv = ["--layer", "features", "--channel", "1", "--diversity", "2", "--json"];
    const units = unitsOf(await maximize(...argv));
    expect(units.map((unit) => unit["facet"])).toEqual([0, 1]);
    const [one, other] = units.map((unit) => readFileSync(unit.tensor));
    expect(one!.equals(other!)).toBe(false);
    const stored = await activationsAt("features", units[0]!.tensor);
    expect(mean(stored[1]!) / units[0]!.activation).toBeCloseTo(1, 5);
  });

  test("--animate writes an animation that ends in the picture", async () => {
    const argv = ["--layer", "features", "--channel", "1", "--animate", "--json"];
    const [unit] = unitsOf(await maximize(...argv));
    const bytes = readFileSync(unit!["animation"] as string);
    expect(bytes.subarray(8, 12).toString()).toBe("WEBP");
    expect(bytes.includes("ANIM")).toBe(true);
  });

  test("--layers every-conv takes convolutions after their activation; --size is the pictures'", async () => {
    const argv = ["--layers", "every-conv", "--channel", "random:2", "--size", "12", "--json"];
    const units = unitsOf(await maximize(...argv));
    expect(units.map((unit) => unit.layer)).toEqual(["features", "features"]);
    expect(decodeNpy(new Uint8Array(readFileSync(units[0]!.tensor))).dims).toEqual([3, 12, 12]);
  });

  test("without --out each recipe has a folder of its own", async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const argv = [
        "maximize",
        "good.onnx",
        "--layer",
        "features",
        "--channel",
        "0",
        "--steps",
        "1",
      ];
      const [one] = unitsOf(await limpid(...argv, "--json"));
      const [other] = unitsOf(await limpid(...argv, "--seed", "1", "--json"));
      expect(one!.picture).toMatch(/^maximized.good-natural-[\da-f]{8}./);
      expect(other!.picture).not.toBe(one!.picture);
    } finally {
      process.chdir(before);
      rmSync(at("maximized"), { recursive: true, force: true });
    }
  });
});

describe("the same again", () => {
  const units = ["--layer", "features", "--channel", "all"];

  test("a recipe gives the same bytes, twice in a row and from its file", async () => {
    await maximize(...units);
    const first = filesIn(at("out"));
    rmSync(at("out"), { recursive: true });
    await maximize(...units);
    expect(filesIn(at("out"))).toEqual(first);
    const recipe = join(at("out"), "recipe.json");
    const { code, err } = await limpid("maximize", "--recipe", recipe, "--out", at("again"));
    expect(code, err).toBe(0);
    expect(filesIn(at("again"))).toEqual(first);
  });

  test("stopped by a signal, the same command goes on and gives the same bytes", async () => {
    const argv = [...units, "--layer", "Conv"];
    await maximize(...argv);
    const whole = filesIn(at("out"));
    rmSync(at("out"), { recursive: true });
    // The first layer's batch is listed as soon as it is written.
    const stop = {
      get aborted() {
        return existsSync(join(at("out"), "results.json"));
      },
    };
    let err = "";
    const code = await run(
      ["maximize", at("good.onnx"), "--steps", "6", "--out", at("out"), ...argv],
      {
        out: () => undefined,
        err: (text) => void (err += text),
        signal: stop,
        isWatched: true,
      },
    );
    expect(code).toBe(130);
    expect(err).toMatch(/\d %.*stopped, 4 of 8 units are in .*goes on with the rest/s);
    const again = await maximize(...argv);
    expect(again.code).toBe(0);
    expect(again.err).toMatch(/note: 4 of 8 units are done already/);
    expect(filesIn(at("out"))).toEqual(whole);
  });

  test("a finished folder is left as it is", async () => {
    await maximize(...units);
    const first = filesIn(at("out"));
    const { code, err } = await maximize(...units);
    expect([code, filesIn(at("out"))]).toEqual([0, first]);
    expect(err).toMatch(/4 of 4 units are done already/);
  });
});

describe("bad input", () => {
  const features = ["--layer", "features", "--channel", "0"];
  const failures: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["nothing to maximise", [], /something to maximise.*--layer/],
    ["an unknown layer", ["--layer", "featurs"], /closest: "features"/],
    ["a channel out of range", ["--layer", "features", "--channel", "4"], /from 0 to 3, got 4/],
    ["a channel that is none", ["--layer", "features", "--channel", "x"], /must be numbers/],
    ["a class out of range", ["--class", "4"], /from 0 to 3, got 4/],
    [
      "a neuron out of range",
      ["--layer", "features", "--neuron", "0,6,0"],
      /row must be from 0 to 5/,
    ],
    ["a neuron of a dense layer", ["--layer", "logits", "--neuron", "0"], /rows and columns/],
    ["a size below the network's minimum", [...features, "--size", "2"], /\[1, 3, 2, 2\].*smaller/],
    ["no steps", [...features, "--steps", "0"], /--steps: must be a whole number, 1 or more/],
    ["a seed that is none", [...features, "--seed", "x"], /--seed/],
    ["an unknown group of layers", ["--layers", "all"], /every-conv/],
    ["diversity of two layers", [...features, "--layer", "Conv", "--diversity", "2"], /one layer/],
    ["a recipe that is no JSON", ["--recipe", "broken.json"], /must be JSON/],
    ["a recipe that lacks fields", ["--recipe", "wrong.json"], /"runtime" as a text/],
  ];

  test.each(failures)("%s", async (_, options, message) => {
    const argv = options.map((option) => (option.endsWith(".json") ? at(option) : option));
    const { code, out, err } = await maximize(...argv);
    expect([code, out]).toEqual([1, ""]);
    expect(err.split("\n").filter((line) => line.startsWith("limpid:"))).toHaveLength(1);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(existsSync(at("out"))).toBe(false);
  });

  test("no model and no recipe", async () => {
    const { code, err } = await limpid("maximize");
    expect(code).toBe(1);
    expect(err).toMatch(/a model or a recipe must be given/);
  });

  test("a path without a gradient is named before the first step", async () => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 3, 8, 8]);
    b.output(b.op("Relu", [b.op("Identity", [x], {}, "before")], {}, "y"));
    const graph = b.build();
    const nodes = graph.nodes.map((node) =>
      node.name === "y" ? { ...node, operator: "Det" } : node,
    );
    const outputs = [{ name: "y", type: "float32", dims: [1, 3] } as const];
    writeFileSync(at("det.onnx"), encodeOnnx({ ...graph, nodes, outputs }).bytes);
    const { code, err } = await limpid(
      "maximize",
      at("det.onnx"),
      "--layer",
      "y",
      "--out",
      at("out"),
    );
    expect(code).toBe(1);
    expect(err).toMatch(/Det/);
  });

  test("a folder with results of another model or recipe keeps them", async () => {
    await maximize(...features);
    const first = filesIn(at("out"));
    const other = ["maximize", at("other.onnx"), "--steps", "6", "--out", at("out"), ...features];
    expect((await limpid(...other)).err).toMatch(/results of another model.*--out/);
    expect((await maximize(...features, "--seed", "1")).err).toMatch(/results of another seed/);
    expect((await maximize("--layer", "Conv", "--channel", "0")).err).toMatch(/results of other/);
    expect(filesIn(at("out"))).toEqual(first);
  });

  test("a recipe of another model is refused", async () => {
    await maximize(...features);
    const recipe = join(at("out"), "recipe.json");
    const { code, err } = await limpid("maximize", at("other.onnx"), "--recipe", recipe);
    expect(code).toBe(1);
    expect(err).toMatch(/must be the one with fingerprint/);
  });

  test.skipIf(!existsSync("/dev/full"))("a full disk leaves nothing half-written", async () => {
    mkdirSync(at("out"));
    symlinkSync("/dev/full", join(at("out"), "results.json"));
    const { code, err } = await maximize(...features);
    expect(code).toBe(1);
    expect(err).toMatch(/results\.json" must be writable, got a full disk/);
    expect(readdirSync(join(at("out"), "features"))).toEqual([
      "channel-0000.npy",
      "channel-0000.png",
    ]);
  });
});
