/** @file Names of classes of several outputs: where they are told, and targets that name them. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { metadataKeys } from "../graph/metadata.ts";
import { tensorOf } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { parseTargets } from "../scores/parse-targets.ts";
import { commandWords, wordsOf } from "../wording/face.ts";
import { runAttribution } from "./attribute/explain.ts";
import { figureOf } from "./attribute/figure.ts";
import { findingsOf } from "./attribute/findings.ts";
import { methodRuns } from "./attribute/method-runs.ts";
import { summaryOf } from "./attribute/record.ts";
import { jobPlatform } from "./job-platform.ts";
import { memoryPlatform } from "./memory-platform.ts";
import { sourceOf } from "./library/input.ts";
import { readLabels, readOtherLabels } from "./labels.ts";

const runtime = createReferenceRuntime();
const dims = [1, 1, 2, 2];

/** Softmaxes of so many classes, each an output "level/0", "level/1" ... */
function network(sizes: readonly number[], metadata: ReadonlyMap<string, string>): Model {
  const b = new GraphBuilder();
  const flat = b.op("Flatten", [b.input("x", dims)]);
  for (const [level, size] of sizes.entries()) {
    const weights = b.constant(
      Array.from({ length: 4 * size }, (_, i) => Math.sin(i)),
      [4, size],
    );
    b.output(b.op("Softmax", [b.op("MatMul", [flat, weights])], { axis: 1 }, `level/${level}`));
  }
  return new Model({ ...b.build(), metadata }, runtime);
}

const namesOf = (level: number, size: number) =>
  Array.from({ length: size }, (_, i) => `Kind, ${level} ${"abcdefghijklmnop"[i]!}`);

/** Where the names of all outputs can be told. */
const ways: Readonly<
  Record<string, (names: readonly (readonly string[])[]) => readonly (readonly [string, string])[]>
> = {
  "an object of lists": (names) => [
    [
      "class_names",
      JSON.stringify(Object.fromEntries(names.map((each, i) => [`level/${i}`, each]))),
    ],
  ],
  "an object of objects": (names) => [
    [
      "config",
      JSON.stringify({
        id2label: Object.fromEntries(
          names.map((each, i) => [`level_${i}`, Object.fromEntries(each.entries())]),
        ),
      }),
    ],
  ],
  "a key each": (names) => names.map((each, i) => [`level_${i}_labels`, JSON.stringify(each)]),
  "a file each": (names) => [
    [
      metadataKeys.labelFiles,
      JSON.stringify(names.map((each, i) => [`labels-level-${i}.txt`, each.join("\n")])),
    ],
  ],
};

const noFiles = { readText: () => Promise.reject(new Error("no file is asked for")) };

test("every output has the names that are told for it, in each way, and may be named by them", async () => {
  const levels = fc.array(fc.integer({ min: 2, max: 9 }), { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(levels, fc.constantFrom(...Object.keys(ways)), async (sizes, way) => {
      const names = sizes.map((size, level) => namesOf(level, size));
      const model = network(sizes, new Map(ways[way]!(names)));
      const own = await readLabels(noFiles, undefined, model, dims);
      const others = await readOtherLabels(noFiles, undefined, model, dims);
      expect(others.notes).toEqual([]);
      const all = new Map([...others.names, [model.head.output, own.names!]]);
      expect(all).toEqual(new Map(names.map((each, i) => [`level/${i}`, each])));
      const [output, labels] = [...others.names][0]!;
      const text = `${output}:${labels[1]!.toUpperCase()}, ${output}:${labels[0]!} minus ${output}:${labels[1]!}`;
      expect(parseTargets(text, own.names, new Set(), { outputs: all })).toEqual([
        { kind: "unit", layer: output, channel: 1 },
        { kind: "combination", plus: [0], minus: [1], output },
      ]);
    }),
    { numRuns: 200 },
  );
});

test("a list that only one other output fits is taken for its own, which is said", async () => {
  const metadata = new Map([
    ["names", JSON.stringify(namesOf(0, 5))],
    ["labels", JSON.stringify(namesOf(1, 3))],
  ]);
  const { names, notes } = await readOtherLabels(
    noFiles,
    undefined,
    network([5, 3], metadata),
    dims,
  );
  expect(names).toEqual(new Map([["level/1", namesOf(1, 3)]]));
  expect(wordsOf(notes[0]!, commandWords)).toMatch(
    /^"labels" of its metadata has as many names as output "level\/1" has classes, and no other output has: they are assumed/,
  );
});

test.each([
  ["two outputs have as many classes", [5, 3, 3], [namesOf(1, 3)]],
  ["two lists have as many names", [5, 3], [namesOf(1, 3), namesOf(2, 3)]],
  ["no list has as many names", [5, 3], [namesOf(1, 4)]],
])("where %s, nothing is assumed", async (_, sizes, lists) => {
  const keys = ["names", "labels", "classes"];
  const metadata = new Map(lists.map((list, i) => [keys[i]!, JSON.stringify(list)]));
  const { names, notes } = await readOtherLabels(
    noFiles,
    undefined,
    network(sizes, metadata),
    dims,
  );
  expect([names.size, notes]).toEqual([0, []]);
});

test("a file of names for each output is read for all that it names", async () => {
  const text = JSON.stringify({ "level/0": namesOf(0, 2), "level/1": namesOf(1, 4) });
  const platform = { readText: () => Promise.resolve(text) };
  const model = network([2, 4, 3], new Map());
  expect(await readLabels(platform, "names.json", model, dims)).toEqual({
    names: namesOf(1, 4),
    from: "names.json",
  });
  const { names } = await readOtherLabels(platform, "names.json", model, dims);
  expect(names).toEqual(new Map([["level/0", namesOf(0, 2)]]));
});

test("a class of another output is named in headings, lines and records", async () => {
  const metadata = new Map([
    ["labels", JSON.stringify({ "level/0": ["animal", "plant"], "level/1": namesOf(1, 4) })],
  ]);
  const model = network([2, 4], metadata);
  const platform = jobPlatform(memoryPlatform({ files: {}, runtimes: { cpu: runtime } }));
  const input = tensorOf("float32", dims, [0.1, 0.9, -0.4, 0.3]);
  const { source } = await sourceOf(platform, model, input, {});
  const settings = { methods: ["gradient"], target: "level/0:Plant" };
  const runs = methodRuns(settings.methods, []);
  const signal = { aborted: false };
  const found = await runAttribution(model, source, runs, settings, { platform, signal });
  const [finding] = findingsOf(found, "x.npy");
  expect(summaryOf(finding!, found.names, commandWords)).toMatchObject({
    explains: "plant",
    label: "plant",
    target: 1,
    output: "level/0",
  });
  const figure = figureOf(found, { title: "", modelName: "", inputName: "x", words: commandWords });
  expect(figure.sections[0]).toMatchObject({
    heading: "plant",
    note: expect.stringMatching(/^class 1 of "level\/0"/) as string,
  });
});

test("a thousand numbers of several softmaxes are not taken for ImageNet's classes", async () => {
  const b = new GraphBuilder();
  const flat = b.op("Flatten", [b.input("x", dims)]);
  const levels = [400, 600].map((size) => {
    const weights = b.constant(
      Array.from({ length: 4 * size }, (_, i) => Math.sin(i)),
      [4, size],
    );
    return b.op("Softmax", [b.op("MatMul", [flat, weights])], { axis: 1 });
  });
  b.output(b.op("Concat", levels, { axis: 1 }));
  const model = new Model(b.build(), runtime);
  expect(await readLabels(noFiles, undefined, model, dims)).toEqual({ names: undefined });
});
