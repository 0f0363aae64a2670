/** @file Which preparation is taken: the user's, the model's, or the one that fits the first picture. */
import { afterAll, expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { picture, type Picture } from "../image/picture.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { commandWords, wordsOf } from "../wording/face.ts";
import { memoryPlatform } from "./memory-platform.ts";
import { preparationsCompared, preprocessingFor, readPreprocessing } from "./preparation.ts";
import { preprocessingRecord } from "./preprocessing-record.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

const side = 12;

/** Brightness and contrast of pictures in 0..1. */
const usual = { mean: 0.45, deviation: 0.25 };

/** A layer of sums of colours, normalised by what pictures are in `factor * x + shift`; and a head. */
function network(factor: number, shift: number): Graph {
  const b = new GraphBuilder();
  const rows = [1, 0.5, 0.25, 0.2, 0.2, 0.9, -0.3, -0.4, -0.5, 0.1, 1.2, 0.4];
  const sums = [0, 1, 2, 3].map((c) => rows.slice(3 * c, 3 * c + 3).reduce((n, x) => n + x, 0));
  const y = b.op("Conv", [b.input("x", [1, 3, side, side]), b.constant(rows, [4, 3, 1, 1])]);
  const each = (list: readonly number[]) => b.constant(list, [4]);
  const means = each(sums.map((sum) => sum * (usual.mean * factor + shift)));
  const variances = each(sums.map((sum) => (sum * usual.deviation * factor) ** 2));
  const [ones, zeros] = [each([1, 1, 1, 1]), each([0, 0, 0, 0])];
  const normal = b.op("BatchNormalization", [y, ones, zeros, means, variances]);
  const pooled = b.reduceMean(b.op("Relu", [normal]), [2, 3], false);
  b.output(b.op("MatMul", [pooled, b.constant([1, 0, 0, 1, 1, 0, 0, 1], [4, 2])], {}, "logits"));
  return { ...b.build(), shapes: new Map() };
}

/** Grey, in large patches. */
function photo(seed: number): Picture {
  const random = randomStream("preparation", seed);
  const levels = Array.from({ length: 16 }, () => usual.mean + usual.deviation * random.normal());
  const data = Uint8Array.from({ length: 3 * side * side }, (_, i) => {
    const [row, column] = [Math.floor(i / 3 / side), Math.floor(i / 3) % side];
    const level = levels[4 * Math.floor(row / 3) + Math.floor(column / 3)]!;
    return Math.min(Math.max(Math.round(255 * level), 0), 255);
  });
  return picture(side, side, 3, data);
}

const files = { "a.png": photo(1), "b.png": photo(2), "broken.png": "no picture" };
const platform = memoryPlatform({ files });

test.each([
  ["none", 255, 0, "pictures"],
  ["unit", 1, 0, "pictures"],
  ["torchvision", 4.4, -2, "default"],
])("pictures of %s are told by running statistics", async (name, factor, shift, by) => {
  const model = new Model(network(factor, shift), runtime);
  const chosen = await preprocessingFor(platform, model, {}, ["broken.png", "a.png", "b.png"]);
  expect([chosen.how.name, chosen.chosenBy]).toEqual([name, by]);
  expect(wordsOf(chosen.note!, commandWords)).toContain(
    `does not say how its input is prepared; assumed --preprocess ${name}`,
  );
  expect(wordsOf(chosen.compared!, commandWords)).toMatch(
    /^tried 10 usual preparations on "a.png": .*running statistics.*the top class is the same under/,
  );
  // The first picture decides for all.
  const other = { name: "b.png", picture: photo(2) };
  expect(await readPreprocessing(platform, model, undefined, other)).toBe(chosen);
  expect(await readPreprocessing(platform, model, undefined)).toBe(chosen);
  const { candidates, verdict } = preprocessingRecord(chosen);
  expect(candidates).toHaveLength(10);
  expect(verdict).toBe(chosen.comparison!.verdict);
  const fitting = candidates!.find((candidate) => candidate.name === name)!;
  expect(fitting.penalty).toBeLessThan(3);
});

test("statistics that no usual preparation gives are said to fit none", async () => {
  const model = new Model(network(1e5, 0), runtime);
  const { how, chosenBy, compared } = await preprocessingFor(platform, model, {}, ["a.png"]);
  expect([how.name, chosenBy]).toEqual(["torchvision", "default"]);
  expect(wordsOf(compared!, commandWords)).toMatch(/none fits .* --preprocess should say how/);
});

test("nothing is compared where the user or the model says it, and where there is no picture", async () => {
  const graph = network(255, 0);
  const asked = await preprocessingFor(platform, new Model(graph, runtime), { preprocess: "tf" }, [
    "a.png",
  ]);
  expect(asked).toMatchObject({ chosenBy: "request", how: { name: "tf" } });
  const metadata = new Map([["Image.NominalPixelRange", "Normalized_0_1"]]);
  const told = await preprocessingFor(platform, new Model({ ...graph, metadata }, runtime), {}, [
    "a.png",
  ]);
  expect(told).toMatchObject({ chosenBy: "metadata", how: { scale: 1 / 255 } });
  const unseen = await preprocessingFor(platform, new Model(graph, runtime), {}, ["broken.png"]);
  expect(unseen).toMatchObject({ chosenBy: "default", how: { name: "torchvision" } });
  for (const chosen of [asked, told, unseen]) {
    expect(chosen.comparison).toBeUndefined();
    expect(preprocessingRecord(chosen)).not.toHaveProperty("candidates");
  }
});

test("a preparation is chosen without asking for answers, which are the same when they are asked for", async () => {
  const graph = network(4.4, -2);
  const [model, other] = [new Model(graph, runtime), new Model(graph, runtime)];
  const named = { name: "a.png", picture: photo(1) };
  const quick = await readPreprocessing(platform, model, undefined, named, { isAnswered: false });
  const whole = await readPreprocessing(platform, other, undefined, named);
  expect(quick.how).toEqual(whole.how);
  expect(wordsOf(quick.compared!, commandWords)).not.toContain("the top class");
  const later = await preparationsCompared(model, named);
  expect(wordsOf(later!, commandWords)).toBe(wordsOf(whole.compared!, commandWords));
});
