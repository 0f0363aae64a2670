/** @file Outputs that are no tensors of numbers, in any number and order: left out with a note, and the classes beside them explained. */
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { activations } from "../src/app/activations/activations.ts";
import type { JobContext } from "../src/app/context.ts";
import { inspect } from "../src/app/inspect.ts";
import { jobPlatform } from "../src/app/job-platform.ts";
import { memoryPlatform } from "../src/app/memory-platform.ts";
import { readyModel } from "../src/app/open.ts";
import { gradient } from "../src/attribution/gradient/gradient.ts";
import { scoreRows } from "../src/attribution/perturbation/scored-rows.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { encodeNpy } from "../src/formats/npy.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import { GraphBuilder } from "../src/graph/builder.ts";
import { toAttributes, type AttributeInput } from "../src/graph/attributes.ts";
import type { Graph, Node, ValueInfo } from "../src/graph/graph.ts";
import { tensor, toNumbers } from "../src/graph/tensor.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { libraryWords, wordsOf } from "../src/wording/face.ts";
import {
  copy,
  dense,
  features,
  picture,
  said,
  seeds,
  shares,
  softmax,
  widths,
} from "./output-networks.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

type Row = readonly [
  operator: string,
  inputs: readonly string[],
  attributes?: Readonly<Record<string, AttributeInput>>,
];

/** Nodes after one another, each read by the next as "<"; the last makes the output called so. */
function chain(name: string, rows: readonly Row[]): readonly Node[] {
  const valueOf = (i: number) => (i === rows.length - 1 ? name : `${name}/${i}`);
  return rows.map(([operator, inputs, attributes = {}], i) => {
    const [plain = "", domain = ""] = operator.split(":").reverse();
    const read = inputs.map((input) => (input === "<" ? valueOf(i - 1) : input));
    const what = { name: valueOf(i), operator: plain, domain, outputs: [valueOf(i)] };
    return { ...what, inputs: read, attributes: toAttributes(attributes) };
  });
}

interface Kind {
  readonly rows: (units: number, name: string) => readonly Row[];
  /** What a file says of such an output. */
  readonly type?: "string";
  /** Holds the labels of classes, not what they are chosen by. */
  readonly isLabel?: true;
}

const names = (units: number) => Array.from({ length: units }, (_, i) => `class ${i}`);
const numbers = (units: number) => Array.from({ length: units }, (_, i) => i);
const zipped = (units: number): Row => [
  "ai.onnx.ml:ZipMap",
  ["p"],
  { classlabels_strings: names(units) },
];
const best: Row = ["ArgMax", ["z"], { axis: 1, keepdims: 0 }];

/** Two branches that make the same box. */
function boxedBranch(units: number, name: string): Graph {
  return {
    name,
    inputs: [],
    outputs: [{ name, type: undefined, dims: undefined }],
    nodes: chain(name, [zipped(units)]),
    initializers: new Map(),
    shapes: new Map(),
    metadata: new Map(),
  };
}

const kinds: Readonly<Record<string, Kind>> = {
  "maps by text": { rows: (units) => [zipped(units)] },
  "maps by number": {
    rows: (units) => [["ai.onnx.ml:ZipMap", ["p"], { classlabels_int64s: numbers(units) }]],
  },
  "maps, passed on": { rows: (units) => [zipped(units), ["Identity", ["<"]]] },
  "maps of branches": {
    rows: (units, name) => [
      [
        "If",
        ["yes"],
        {
          then_branch: boxedBranch(units, `${name}/yes`),
          else_branch: boxedBranch(units, `${name}/no`),
        },
      ],
    ],
  },
  "maps of branches that the picture chooses": {
    rows: (units, name) => [
      ["ReduceMax", ["z"], { keepdims: 0 }],
      ["Greater", ["<", "zero"]],
      [
        "If",
        ["<"],
        {
          then_branch: boxedBranch(units, `${name}/yes`),
          else_branch: boxedBranch(units, `${name}/no`),
        },
      ],
    ],
  },
  "a sequence of tensors": { rows: () => [["SequenceConstruct", ["p", "z"]]] },
  "a sequence of one": {
    rows: () => [
      ["SequenceConstruct", ["p"]],
      ["Identity", ["<"]],
    ],
  },
  "a sequence that is filled": {
    rows: () => [
      ["SequenceEmpty", []],
      ["SequenceInsert", ["<", "p"]],
    ],
  },
  "pieces of a tensor": { rows: () => [["SplitToSequence", ["p"], { axis: 1 }]] },
  "an optional tensor": { rows: () => [["Optional", ["p"]]] },
  "a name, looked up": {
    rows: () => [best, ["Gather", ["names", "<"]]],
    type: "string",
    isLabel: true,
  },
  "a name, picked": {
    rows: () => [best, ["ai.onnx.ml:ArrayFeatureExtractor", ["names", "<"]]],
    type: "string",
    isLabel: true,
  },
  "a name, encoded": {
    rows: (units) => [
      best,
      [
        "ai.onnx.ml:LabelEncoder",
        ["<"],
        { keys_int64s: numbers(units), values_strings: names(units) },
      ],
    ],
    type: "string",
    isLabel: true,
  },
  "a name, encoded and reshaped": {
    rows: (units) => [
      best,
      [
        "ai.onnx.ml:LabelEncoder",
        ["<"],
        { keys_int64s: numbers(units), values_strings: names(units) },
      ],
      ["Reshape", ["<", "minus"]],
    ],
    type: "string",
    isLabel: true,
  },
  "a number as text": {
    rows: () => [best, ["Cast", ["<"], { to: 8 }]],
    type: "string",
    isLabel: true,
  },
};

interface Design {
  readonly seed: number;
  readonly units: number;
  readonly kinds: readonly string[];
  /** Whether a tensor of classes stands beside them. */
  readonly hasClasses: boolean;
  /** Whether a file says that text is text. */
  readonly isTold: boolean;
  readonly order: readonly number[];
}

/** A classifier whose outputs are of these kinds, in this order, as it is read from its file. */
function network(design: Design): Graph {
  const { seed, units } = design;
  const b = new GraphBuilder();
  const logits = b.op("Identity", [dense(b, features(b, seed), seed, units, 2)], {}, "z");
  copy(b, softmax(b, logits), "p");
  const base = b.build();
  const made = design.kinds.map((kind, i) => {
    const name = `box ${i}`;
    const { rows, type } = kinds[kind]!;
    const output: ValueInfo = { name, type: design.isTold ? type : undefined, dims: undefined };
    return { output, nodes: chain(name, rows(units, name)) };
  });
  const outputs = [...(design.hasClasses ? base.outputs : []), ...made.map(({ output }) => output)];
  const sorted = outputs
    .map((output, i) => ({ output, at: design.order[i]! }))
    .toSorted((one, other) => one.at - other.at);
  const constants = [
    ["names", tensor("string", [units], names(units))],
    ["zero", tensor("float32", [], Float32Array.of(0))],
    ["yes", tensor("bool", [], Uint8Array.of(1))],
    ["minus", tensor("int64", [1], BigInt64Array.of(-1n))],
  ] as const;
  return {
    ...base,
    nodes: [...base.nodes, ...made.flatMap(({ nodes }) => nodes)],
    outputs: sorted.map(({ output }) => output),
    initializers: new Map([...base.initializers, ...constants]),
    shapes: new Map(),
  };
}

/** The classifier's own logits. */
async function logitsOf(seed: number, units: number): Promise<readonly number[]> {
  const b = new GraphBuilder();
  copy(b, dense(b, features(b, seed), seed, units, 2), "y");
  return toNumbers((await runtime.run(b.build(), { x: picture(seed) }))["y"]!);
}

const designs = fc.record<Design>({
  seed: seeds,
  units: widths,
  kinds: fc.array(fc.constantFrom(...Object.keys(kinds)), { minLength: 1, maxLength: 4 }),
  hasClasses: fc.constant(true),
  isTold: fc.boolean(),
  order: fc.array(fc.nat(100), { minLength: 5, maxLength: 5 }),
});

async function expectClasses(design: Design): Promise<void> {
  const { seed, units } = design;
  const graph = decodeOnnx(encodeOnnx(network(design)).bytes);
  const model = await readyModel(graph, runtime, {});
  const logits = await logitsOf(seed, units);
  const [row] = await scoreRows(model, picture(seed), { targets: "top" });
  const top = logits.indexOf(Math.max(...logits));
  expect(row!.target).toBe(top);
  expect(row!.probability).toBeCloseTo(shares(logits)[top]!, 4);
  expect(row!.score).toBeCloseTo(logits[top]!, 3);
  const notes = said(model);
  for (const i of design.kinds.keys()) expect(notes).toContain(`"box ${i}"`);
  expect(notes).toMatch(/no tensors? of numbers/);
  const [map] = await gradient(model, picture(seed), { targets: "top" });
  expect(Math.max(...map!.data.map(Math.abs))).toBeGreaterThan(0);
}

const one = { seed: 3, units: 4, order: [5, 4, 3, 2, 1] } as const;

describe.each(Object.keys(kinds))("%s", (kind) => {
  test.each([
    [true, true],
    [true, false],
  ])("beside classes", async (hasClasses, isTold) => {
    await expectClasses({ ...one, kinds: [kind], hasClasses, isTold });
  });

  test("alone: what it is made of is explained, or it is refused", async () => {
    const design = { ...one, kinds: [kind], hasClasses: false, isTold: true };
    if (!kinds[kind]!.isLabel) return expectClasses(design);
    const graph = decodeOnnx(encodeOnnx(network(design)).bytes);
    await expect(readyModel(graph, runtime, {})).rejects.toThrow(
      /must have an output that is a tensor of numbers, got "box 0"/,
    );
  });
});

test("several of them in any order", async () => {
  await fc.assert(fc.asyncProperty(designs, expectClasses), { numRuns: 40 });
});

test("activations and inspect say the same", async () => {
  await fc.assert(
    fc.asyncProperty(designs, fc.boolean(), async (design, hasClasses) => {
      const isBoxed = design.kinds.some((kind) => !kinds[kind]!.isLabel);
      const asked = { ...design, hasClasses: hasClasses || !isBoxed };
      const bytes = encodeOnnx(network(asked)).bytes;
      const input = encodeNpy(picture(design.seed));
      const platform = memoryPlatform({
        files: { "m.onnx": bytes, "x.npy": input },
        runtimes: { cpu: createNodeRuntime({ threads: 1 }) },
      });
      const notes: string[] = [];
      const context: JobContext = {
        platform: jobPlatform(platform),
        signal: { aborted: false },
        offline: true,
        words: libraryWords,
        onNote: (note) => void notes.push(wordsOf(note, libraryWords)),
      };
      const inspected = await inspect("m.onnx", context);
      expect(inspected).toMatchObject({ differentiable: true, missing: [] });
      expect(inspected.explained!.kind).toBe("classes");
      expect(notes.join("\n")).toMatch(/"box 0".*no tensors? of numbers/);
      const request = { model: "m.onnx", input: "x.npy", runtime: "cpu", out: "act" } as const;
      const { record } = await activations(request, context);
      expect(record.layers.length).toBeGreaterThan(0);
    }),
    { numRuns: 10 },
  );
});
