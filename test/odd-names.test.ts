/** @file Networks whose values are called as what every object has: the same results, from all jobs. */
import { expect, test } from "vitest";
import { activations } from "../src/app/activations/activations.ts";
import { attribute } from "../src/app/attribute/attribute.ts";
import type { JobContext } from "../src/app/context.ts";
import { jobPlatform } from "../src/app/job-platform.ts";
import { maximize } from "../src/app/maximize/maximize.ts";
import { memoryPlatform } from "../src/app/memory-platform.ts";
import { methodEntries } from "../src/attribution/registry.ts";
import { isTakenBy } from "../src/attribution/require-takes.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import type { Graph } from "../src/graph/graph.ts";
import type { Picture } from "../src/image/picture.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { libraryWords, wordsOf } from "../src/wording/face.ts";
import { smallNetwork } from "./command-line.ts";
import { recordOf } from "./job-records.ts";
import { renamed } from "./renamed-graph.ts";

const picture: Picture = {
  widthPx: 8,
  heightPx: 8,
  channels: 3,
  data: Uint8Array.from({ length: 192 }, (_, i) => (i * 37) % 256),
};

/** A machine with the network and a photo, and what its jobs are given. */
function machineWith(graph: Graph) {
  const platform = memoryPlatform({
    files: { "net.onnx": encodeOnnx(graph).bytes, "a.png": picture },
    runtimes: { cpu: createNodeRuntime({ threads: 1 }) },
  });
  const contextOf = (): JobContext => ({
    platform: jobPlatform(platform),
    signal: { aborted: false },
    offline: true,
    words: libraryWords,
    onFailure: (failure) => {
      throw new Error(wordsOf(failure, libraryWords));
    },
  });
  return { platform, contextOf };
}

/** What all jobs make of the network. */
async function resultsOf(graph: Graph, layer: string) {
  const { platform, contextOf } = machineWith(graph);
  const common = { model: "net.onnx", preprocess: "unit", runtime: "cpu" } as const;
  const methods = methodEntries()
    .filter(([, method]) => isTakenBy(method, { input: "picture", target: "class" }))
    .map(([name]) => name)
    .filter((name) => !/shap|noise|smooth|var-grad|path/.test(name));
  const options = { steps: "4", samples: "8", segments: "4" };
  const gathered = await attribute(
    { ...common, inputs: ["a.png"], methods, target: "1", options, writesNothing: true },
    contextOf(),
  );
  const { results } = recordOf(gathered);
  const layers = [layer];
  await activations({ ...common, input: "a.png", layers, out: "act" }, contextOf());
  const units = { layers, channels: "0", preset: "natural", steps: 2, seed: 0 } as const;
  await maximize({ ...common, ...units, out: "max" }, contextOf());
  // What is there already is gone on with.
  const made = await maximize({ ...common, ...units, out: "max" }, contextOf());
  const numbers = [...platform.written].filter(([path]) => /^act.*npy$/.test(path));
  return {
    attribution: results.map(({ text, figures, maximum }) => ({ text, figures, maximum })),
    activations: numbers.map(([, bytes]) => bytes),
    maximized: made.record.units.length,
  };
}

const plain = smallNetwork((i) => Math.sin(i));
const conv = plain.nodes[0]!.outputs[0]!;

const expected = resultsOf(plain, "features");

test.each([
  ["__proto__", "input", "x"],
  ["__proto__", "weights", "w"],
  ["__proto__", "layer", "features"],
  ["__proto__", "output", "probabilities"],
  ["__proto__", "value inside", conv],
  ["constructor", "input", "x"],
  ["constructor", "layer", "features"],
])("%s as the name of the %s", async (name, _, odd) => {
  const names = new Map([[odd, name]]);
  const found = await resultsOf(renamed(plain, names), names.get("features") ?? "features");
  expect(found).toEqual(await expected);
});

test("layers that are called as files of a folder, or as each other's files, keep theirs apart", async () => {
  const names = new Map([
    ["features", "recipe.json"],
    [conv, "recipe"],
    ["logits", "recipe.png"],
  ]);
  const { platform, contextOf } = machineWith(renamed(plain, names));
  const layers = [...names.values()];
  const request = { model: "net.onnx", preprocess: "unit", runtime: "cpu", layers } as const;
  const how = { channels: "0", preset: "natural", steps: 1, seed: 0, out: "max" } as const;
  const { record, written } = await maximize({ ...request, ...how }, contextOf());
  const files = [...written, ...record.units.flatMap((unit) => [unit.picture, unit.tensor])];
  expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(4 + 2 * 3);
  for (const file of files) expect(platform.written.has(file), file).toBe(true);
  const isInside = [...platform.written.keys()].map((file) =>
    files.some((folder) => file.startsWith(`${folder}/`)),
  );
  expect(isInside).not.toContain(true);
  expect(JSON.parse(await platform.readText("max/recipe.json"))).toMatchObject({
    recipe: "limpid maximize",
  });
});
