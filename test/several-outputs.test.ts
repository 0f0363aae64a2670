/** @file Which of several outputs is explained, what lists and summaries come to, and when it is said. */
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { readyModel } from "../src/app/open.ts";
import { scoreRows } from "../src/attribution/perturbation/scored-rows.ts";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensorOf } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { explainedModelOf } from "../src/scores/explained-model.ts";
import { libraryWords, wordsOf, type Message } from "../src/wording/face.ts";
import {
  copy,
  dense,
  dims,
  drawn,
  endedNetwork,
  features,
  largest,
  logSum,
  picture,
  said,
  seeds,
  shares,
  softmax,
  widths,
  type End,
} from "./output-networks.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

/** What stands beside classes and is no answer of its own. */
const summaries: Readonly<Record<string, End>> = {
  entropy: (b, z) => {
    const p = softmax(b, z);
    return b.op("Neg", [b.reduceSum(b.mul(p, b.op("Log", [p])), [1])]);
  },
  confidence: (b, z) => largest(b, softmax(b, z)),
  energy: (b, z) => b.op("Neg", [logSum(b, z)]),
  margin: (b, z) => b.sub(largest(b, z), b.op("ReduceMin", [z, b.ints([1])])),
  label: (b, z) => b.cast(b.op("ArgMax", [z], { axis: 1, keepdims: 0 }), "float32"),
  rounded: (b, z) => b.op("Floor", [b.mul(softmax(b, z), b.scalar(100))]),
  yes: (b, z) => b.cast(b.op("Greater", [z, b.scalar(0)]), "float32"),
  certain: (b, z) => b.op("Sigmoid", [b.sub(largest(b, z), b.scalar(1))]),
};

test("of several outputs the classes are explained, wherever they stand", () => {
  const kinds = fc.uniqueArray(fc.constantFrom(...Object.keys(summaries)), { minLength: 1 });
  fc.assert(
    fc.property(
      seeds,
      widths,
      kinds,
      fc.nat(9),
      fc.boolean(),
      (seed, units, names, at, isPlain) => {
        const b = new GraphBuilder();
        const logits = dense(b, features(b, seed), seed, units, 2);
        const ends = names.map((name) => () => copy(b, summaries[name]!(b, logits), name));
        ends.splice(at % (names.length + 1), 0, () =>
          copy(b, isPlain ? logits : softmax(b, logits), "classes"),
        );
        for (const end of ends) end();
        const model = new Model(b.build(), runtime);
        expect(model.head).toMatchObject({ output: "classes", kind: "classes" });
        expect(said(model)).toMatch(
          /several outputs.*"classes.*is explained.*because .*others are/,
        );
        const flat = names.filter((name) => name === "yes" || name === "rounded");
        for (const name of flat) expect(said(model)).toContain(`"${name}" (no gradient)`);
        expect(said(model)).not.toMatch(/output: "(yes|rounded)"/);
      },
    ),
    { numRuns: 40 },
  );
});

test("features that another output is computed of are not explained, nor boxes beside named classes", () => {
  const b = new GraphBuilder();
  const seen = features(b, 1);
  const embedding = dense(b, seen, 1, 9, 1);
  copy(b, embedding, "embedding");
  const weights = b.constant(drawn(1, "answer", 9, 1), [9, 1]);
  copy(b, b.op("Sigmoid", [b.op("MatMul", [b.op("Relu", [embedding]), weights])]), "yes");
  expect(new Model(b.build(), runtime).head).toMatchObject({ output: "yes", kind: "yes-no" });

  const c = new GraphBuilder();
  const from = features(c, 1);
  copy(c, dense(c, from, 1, 3, 1), "kind");
  copy(c, c.op("Identity", [c.op("Identity", [dense(c, from, 1, 4, 1)])]), "box");
  const named = { ...c.build(), metadata: new Map([["names", "cat,dog,cow"]]) };
  const { head } = new Model(named, runtime);
  expect(head).toMatchObject({
    output: "kind",
    isAssumed: false,
    choice: { because: "the file names as many classes" },
  });
});

test.each(["label", "yes", "rounded"])("an output of %s alone", async (name) => {
  const { graph, logits } = await endedNetwork(runtime, 4, 3, summaries[name]!);
  const model = new Model(graph, runtime);
  const asked = explainedModelOf(model, { kind: "class", class: "top" }, dims);
  if (name !== "label") {
    await expect(asked).rejects.toThrow(/output "y" must change.*got (Greater|Floor) \("/);
    return;
  }
  const { model: explained } = await asked;
  const [row] = await scoreRows(explained, picture(4), { targets: "top" });
  expect(row!.target).toBe(logits.indexOf(Math.max(...logits)));
  expect(said(model)).toMatch(/says which is the largest of/);
});

/** The graph with a list of its largest numbers as its outputs. */
function listing(graph: Graph, count: number, isScaled: boolean): Graph {
  const node = (operator: string, inputs: string[], outputs: string[]) =>
    ({ name: outputs[0]!, operator, domain: "", inputs, outputs, attributes: {} }) as const;
  const nodes = [
    node("TopK", ["y", "count"], ["values", "indices"]),
    node("ReduceSum", ["values", "axis"], ["total"]),
    node("Div", ["values", "total"], ["scaled"]),
  ];
  const constants = { count: [count], axis: [1] };
  const tensors = Object.entries(constants).map(
    ([name, values]) => [name, tensorOf("int64", [1], values)] as const,
  );
  const shape = { type: "float32", dims: [1, count] } as const;
  return {
    ...graph,
    nodes: [...graph.nodes, ...nodes],
    initializers: new Map([...graph.initializers, ...tensors]),
    outputs: [
      { ...shape, name: isScaled ? "scaled" : "values" },
      { ...shape, name: "indices", type: "int64" },
    ],
  };
}

test("of a list of the largest numbers the classes before it are explained", async () => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.integer({ min: 4, max: 7 }), fc.nat(2), async (seed, units, k) => {
      const { graph, logits } = await endedNetwork(runtime, seed, units, softmax);
      const model = new Model(listing(graph, k + 1, false), runtime);
      const { model: explained } = await explainedModelOf(
        model,
        { kind: "class", class: "top" },
        dims,
      );
      const [row] = await scoreRows(explained, picture(seed), { targets: "top" });
      expect(row!.target).toBe(logits.indexOf(Math.max(...logits)));
      expect(row!.probability).toBeCloseTo(shares(logits)[row!.target]!, 4);
      expect(said(model)).toMatch(/lists the largest of.*TopK/);
    }),
    { numRuns: 8 },
  );
});

test("what is made of a sorted list has no classes", async () => {
  const { graph } = await endedNetwork(runtime, 3, 6, softmax);
  const model = new Model(listing(graph, 3, true), runtime);
  expect(model.head).toMatchObject({ kind: "values", probabilities: "none" });
  expect(said(model)).toMatch(/TopK .* chooses its numbers/);
});

describe("outputs whose shapes a file does not tell", () => {
  /** A network with open sides that fits 6 x 6 alone, and no shape of its outputs. */
  const open = (end: (b: GraphBuilder, x: Value) => void): Graph => {
    const b = new GraphBuilder();
    end(b, b.input("x", [...dims], "float32", ["N", 2, "H", "W"]));
    const graph = b.build();
    const outputs = graph.outputs.map((output) => ({ ...output, dims: undefined }));
    return { ...graph, outputs, shapes: new Map() };
  };
  const flat = (b: GraphBuilder, x: Value, units: number) =>
    b.op("MatMul", [
      b.op("Flatten", [x]),
      b.constant(drawn(1, `${units}`, 72 * units, 1), [72, units]),
    ]);

  test("nothing is said of them before a picture tells, and then all", async () => {
    const graph = open((b, x) => copy(b, flat(b, x, 1), "age"));
    const told: string[] = [];
    const onNote = (note: string | Message) => told.push(wordsOf(note, libraryWords));
    const model = await readyModel(graph, runtime, { onNote });
    expect(told.join()).not.toMatch(/age/);
    const target = { kind: "class", class: "top" } as const;
    const { notes } = await explainedModelOf(model, target, dims);
    expect(notes.map((note) => wordsOf(note, libraryWords)).join()).toMatch(/is read as a value/);
  });

  test("another one is chosen where the picture shows that the first is a summary", async () => {
    const graph = open((b, x) => {
      copy(b, b.op("Neg", [flat(b, x, 1)]), "total");
      copy(b, flat(b, x, 3), "classes");
    });
    const model = await readyModel(graph, runtime, {});
    const target = { kind: "class", class: "top" } as const;
    const { output, notes } = await explainedModelOf(model, target, dims);
    expect(output).toBe("classes");
    expect(notes.map((note) => wordsOf(note, libraryWords)).join()).toMatch(
      /"classes" is explained/,
    );
  });

  test("what fits any picture is decided, and said, once", async () => {
    const graph = open((b, x) => copy(b, b.reduceMean(x, [2, 3], false), "y"));
    const told: string[] = [];
    const onNote = (note: string | Message) => told.push(wordsOf(note, libraryWords));
    const model = await readyModel(graph, runtime, { onNote });
    expect(told.join()).toMatch(/2 numbers without a softmax/);
    const target = { kind: "class", class: "top" } as const;
    const explained = await explainedModelOf(model, target, dims);
    expect(explained).toMatchObject({ model, notes: [] });
  });
});
