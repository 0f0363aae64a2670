/** @file `limpid train` through the front door, on small pictures and a small network. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { limpid, type Outcome } from "../../test/command-line.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { encodePng } from "../node/codecs.ts";
import { openModel } from "../node/open-model.ts";
import { randomStream } from "../random.ts";
import { run } from "./run.ts";
import { parseTrainingRecipe } from "../app/train/recipe.ts";
import { trainingRecordSchema, trainingSummarySchema } from "../app/train/record.ts";

let folder: string;
const at = (name: string) => join(folder, name);

/** Dark and light pictures with noise, 16 by 16. */
async function writePictures(root: string, count: number): Promise<void> {
  const random = randomStream("train command");
  for (const [name, base] of Object.entries({ dark: 60, light: 150 })) {
    mkdirSync(join(root, name), { recursive: true });
    for (let i = 0; i < count; i++) {
      const data = Uint8Array.from({ length: 3 * 256 }, () => base + random.below(60));
      // oxlint-disable-next-line no-await-in-loop -- the order of random numbers makes the pictures
      const png = await encodePng({ widthPx: 16, heightPx: 16, channels: 3, data });
      writeFileSync(join(root, name, `${i}.png`), png);
    }
  }
}

const layers = [
  { type: "conv2d", name: "conv1", filters: 4, kernel: 3, activation: "relu" },
  { type: "batchNorm", name: "norm" },
  { type: "dropout", share: 0.25 },
  { type: "globalAvgPool" },
  { type: "dense", name: "logits", units: 2 },
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "limpid-train-"));
  await writePictures(at("photos"), 20);
  writeFileSync(at("arch.json"), JSON.stringify(layers));
});
afterEach(() => {
  for (const name of ["out", "again", "broken"]) rmSync(at(name), { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const small = () => ["--arch", at("arch.json"), "--size", "16", "--batch", "8", "--lr", "0.02"];

function train(...options: readonly string[]): Promise<Outcome> {
  return limpid("train", at("photos"), ...small(), "--epochs", "4", "--out", at("out"), ...options);
}

test("a folder of pictures becomes a model that other commands use by itself", async () => {
  const { code, out, err } = await train("--json");
  expect(code, err).toBe(0);
  const printed = v.parse(trainingSummarySchema, JSON.parse(out));
  expect(printed).toMatchObject({ model: at("out/model.onnx"), parameters: 130, epochs: 4 });
  expect(printed.accuracy).toBe(1);
  expect(printed.seconds).toBeGreaterThan(0);
  expect(err).toBe("");
  const graph = await openModel(at("out/model.onnx"));
  expect(JSON.parse(graph.metadata.get("limpid.classes")!)).toEqual(["dark", "light"]);
  expect(JSON.parse(graph.metadata.get("limpid.training")!)).toMatchObject({ epochs: 4, seed: 0 });
  const light = at("photos/light/0.png");
  const explained = await limpid(
    "attribute",
    at("out/model.onnx"),
    light,
    "--json",
    "--layer",
    "conv1",
    "--method",
    "grad-cam",
  );
  expect(explained.code, explained.err).toBe(0);
  expect(explained.err).not.toMatch(/assumed/);
  expect(explained.out).toMatch(/"light"/);
  const maximized = await limpid(
    "maximize",
    at("out/model.onnx"),
    "--class",
    "dark",
    "--steps",
    "2",
    "--out",
    at("again"),
  );
  expect(maximized.code, maximized.err).toBe(0);
});

test("what there is to see is written: the course, the confusions, the recipe", async () => {
  const { code, out, err } = await train();
  expect(code, err).toBe(0);
  expect(out).toMatch(
    /held-out accuracy 100\.00 % \(95 % interval 67\.\d+ % to 100\.00 %, 8 pictures\)/,
  );
  expect(err).toMatch(/epoch 4: loss 0\.\d+/);
  const history = v.parse(
    trainingRecordSchema,
    JSON.parse(readFileSync(at("out/history.json"), "utf8")),
  );
  const recipe = readFileSync(at("out/recipe.json"), "utf8");
  expect(history.recipe).toEqual(parseTrainingRecipe(recipe, "recipe.json"));
  expect(history.recipe).toMatchObject({ batch: 8, optimizer: "adamw", dims: [3, 16, 16] });
  expect(history.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
  expect(history.confusion).toEqual([
    [4, 0],
    [0, 4],
  ]);
  for (const name of ["history.svg", "confusion.svg"]) {
    expect(readFileSync(at(`out/${name}`), "utf8")).toMatch(/^<svg/);
  }
});

test("stopped by a signal, the same command goes on and ends in the bytes of a run never stopped", async () => {
  const whole = await train();
  expect(whole.code, whole.err).toBe(0);
  const signal = { aborted: false };
  let text = "";
  const io = {
    out: () => {},
    err: (line: string) => {
      text += line;
      if (line.startsWith("epoch 2")) signal.aborted = true;
    },
    signal,
    isWatched: false,
  };
  const argv = ["train", at("photos"), ...small(), "--epochs", "4", "--out", at("again")];
  expect(await run(argv, io)).toBe(130);
  expect(text).toMatch(/stopped; the checkpoint is in ".*"\. the same command goes on/);
  const resumed = await limpid(...argv);
  expect(resumed.code, resumed.err).toBe(0);
  expect(resumed.err).toMatch(/note: the run in ".*again" goes on after epoch 2 of 4\n/);
  expect(resumed.err).not.toMatch(/epoch 2:/);
  const model = (name: string) => readFileSync(at(`${name}/model.onnx`));
  expect(model("again").equals(model("out"))).toBe(true);
});

test("--resume goes on with a run that is there, and begins none", async () => {
  const none = await train("--resume");
  expect(none.code).toBe(1);
  expect(none.err).toMatch(/--resume goes on with a run, got none in the folder .*out"/);
  expect((await train()).code).toBe(0);
  expect((await train("--resume")).code).toBe(0);
});

test("a checkpoint that cannot be read is named", async () => {
  expect((await train()).code).toBe(0);
  const path = at("out/checkpoint.safetensors");
  writeFileSync(path, readFileSync(path).subarray(0, 100));
  const { code, err } = await train();
  expect(code).toBe(1);
  expect(err).toMatch(/train: ".*checkpoint\.safetensors" cannot be read\. safetensors: /);
});

test("killed at any moment, the same command goes on and ends in the same bytes", async () => {
  const argv = ["train", at("photos"), ...small(), "--epochs", "200", "--out", at("again")];
  const main = new URL("main.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--import", "tsx", main, ...argv], { stdio: "ignore" });
  const ended = once(child, "exit");
  while (!existsSync(at("again/checkpoint.safetensors"))) {
    expect(child.exitCode).toBeNull();
    // oxlint-disable-next-line no-await-in-loop -- polls
    await pause(5);
  }
  child.kill("SIGKILL");
  await ended;
  expect(existsSync(at("again/model.onnx"))).toBe(false);
  // What the command began may say for a moment longer that the folder is in use.
  const isKept = (path: string) => !path.endsWith(".limpid-running");
  cpSync(at("again"), at("out"), { recursive: true, filter: isKept });
  rmSync(at("out/checkpoint.safetensors"));
  const whole = await limpid(...argv.slice(0, -1), at("out"));
  expect(whole.code, whole.err).toBe(0);
  const resumed = await limpid(...argv);
  expect(resumed.code, resumed.err).toBe(0);
  const model = (name: string) => readFileSync(at(`${name}/model.onnx`));
  expect(model("again").equals(model("out"))).toBe(true);
});

test("a finished run is written once more, and a folder with another run is left as it is", async () => {
  expect((await train()).code).toBe(0);
  const model = readFileSync(at("out/model.onnx"));
  rmSync(at("out/model.onnx"));
  const again = await train();
  expect(again.code, again.err).toBe(0);
  expect(again.err).toMatch(
    /note: the run in ".*out" is complete; its results are written once more/,
  );
  expect(again.err).not.toMatch(/^epoch/m);
  expect(readFileSync(at("out/model.onnx")).equals(model)).toBe(true);
  const other = await train("--seed", "5");
  expect(other.code).toBe(1);
  expect(other.err).toMatch(
    /must have the same options, got seed 5 where it had 0\. repeat its options, or choose another folder with --out\./,
  );
  const recipe = readFileSync(at("out/recipe.json"), "utf8");
  const smaller = recipe.replace('"seed": 0', '"seed": "none"');
  writeFileSync(at("out/recipe.json"), smaller);
  const broken = await train();
  expect(broken.code).toBe(1);
  expect(broken.err).toMatch(
    /recipe\.json" must hold the recipe of a training run, got "none" at "seed"/,
  );
  writeFileSync(at("out/recipe.json"), "seed 0");
  expect((await train()).err).toMatch(/recipe\.json" must be JSON, got other text/);
});

test("pictures that cannot be read are left out, counted and named; --strict stops", async () => {
  cpSync(at("photos"), at("broken"), { recursive: true });
  writeFileSync(at("broken/dark/3.png"), "no picture");
  const argv = ["train", at("broken"), ...small(), "--epochs", "1", "--out", at("out")];
  const { code, err } = await limpid(...argv);
  expect(code, err).toBe(0);
  expect(err).toMatch(/note: 1 pictures? could not be read.*\n.*dark.3\.png/);
  rmSync(at("out"), { recursive: true });
  const strict = await limpid(...argv, "--strict");
  expect(strict.code).toBe(1);
  expect(strict.err).toMatch(/3\.png/);
});

test.each([
  ["an unknown architecture", ["--arch", "vgg61"], /did you mean vgg16/],
  ["no file of that name", ["--arch", "nothing.json"], /nothing\.json/],
  ["a rate that is none", ["--lr", "fast"], /lr: it must be a positive number, got "fast"/],
  ["no epochs", ["--epochs", "0"], /epochs: it must be a positive whole number, got "0"/],
  ["a rate at which the loss overflows", ["--lr", "1e30"], /finite/],
] as const)("%s: one clear line", async (_, options, message) => {
  const { code, err } = await train(...options);
  expect(code).toBe(1);
  expect(err.split("\n").find((line) => line.startsWith("limpid: "))).toMatch(message);
});

test("data that is no data set says so", async () => {
  mkdirSync(at("broken"));
  const empty = await limpid("train", at("broken"), "--out", at("out"));
  expect([empty.code, empty.err]).toEqual([
    1,
    expect.stringMatching(/at least two classes, got none/),
  ]);
  cpSync(at("photos/dark"), at("broken/dark"), { recursive: true });
  const single = await limpid("train", at("broken"), "--out", at("out"));
  expect(single.err).toMatch(/at least two classes, got only "dark"/);
  const nowhere = await limpid("train", at("no-such"), "--out", at("out"));
  expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringMatching(/no-such/)]);
  expect(existsSync(at("out"))).toBe(false);
});

test.skipIf(!existsSync("/dev/full"))("a full disk stops with the checkpoint kept", async () => {
  mkdirSync(at("out"));
  symlinkSync("/dev/full", at("out/model.onnx"));
  const { code, err } = await train();
  expect(code).toBe(1);
  expect(err).toMatch(/model\.onnx" must be writable, got a full disk/);
  expect(existsSync(at("out/checkpoint.safetensors"))).toBe(true);
  rmSync(at("out/model.onnx"));
  const resumed = await train();
  expect(resumed.code, resumed.err).toBe(0);
  expect(existsSync(at("out/model.onnx"))).toBe(true);
});

test.each([
  [
    { x: [1, 3, 8, 8], meta: [1, 3] },
    /--from: .* have one input, .*got "x" \[1, 3, 8, 8\] and "meta" \[1, 3\]\. choose/,
  ],
  [{ beat: [1, 2, 30] }, /--from: .* take pictures, got "beat" \[1, 2, 30\], which is a signal/],
])(
  "a model of other inputs than one picture is refused before anything starts",
  async (of, must) => {
    const b = new GraphBuilder();
    const means = Object.entries(of).map(([name, dims]) => {
      const x = b.input(name, dims);
      const [, channels] = dims as [number, number];
      const kernel = b.fill([4, channels, ...dims.slice(2).map(() => 1)], 0.5);
      const conv =
        dims.length > 2 ? b.op("Conv", [x, kernel]) : b.op("Gemm", [x, b.fill([3, 4], 1)]);
      const places = dims.slice(2).map((_, axis) => axis + 2);
      return places.length > 0 ? b.reduceMean(conv, places, false) : conv;
    });
    b.output(means.reduce((sum, each) => b.add(sum, each)));
    writeFileSync(at("start.onnx"), encodeOnnx(b.build()).bytes);
    const argv = ["train", at("photos"), "--from", at("start.onnx"), "--out", at("out")];
    const { code, err, out } = await limpid(...argv);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(must);
    expect(existsSync(at("out"))).toBe(false);
  },
);

test("a model is fine-tuned, up to a layer frozen, by its own preprocessing", async () => {
  expect((await train("--epochs", "1")).code).toBe(0);
  const argv = ["train", at("photos"), "--from", at("out/model.onnx"), "--freeze", "conv1"];
  argv.push("--batch", "8", "--epochs", "2", "--lr", "0.02", "--out", at("again"));
  const { code, err } = await limpid(...argv);
  expect(code, err).toBe(0);
  expect(err).not.toMatch(/assumed/);
  const [before, after] = [
    await openModel(at("out/model.onnx")),
    await openModel(at("again/model.onnx")),
  ];
  const weights = (graph: typeof before, name: string) => graph.initializers.get(name)?.data;
  expect(weights(after, "conv1/kernel")).toEqual(weights(before, "conv1/kernel"));
  expect(weights(after, "logits/kernel")).not.toEqual(weights(before, "logits/kernel"));
  expect(after.metadata.get("limpid.preprocessing")).toBe(
    before.metadata.get("limpid.preprocessing"),
  );
});
