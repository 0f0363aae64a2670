/** @file Outputs joined of several softmaxes and sigmoids, with the logits and probabilities that made them as oracles. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { explainRows } from "../attribution/gradient/explained-rows.ts";
import { scoreRows } from "../attribution/perturbation/scored-rows.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensor } from "../graph/tensor.ts";
import { explainedModelOf } from "../scores/explained-model.ts";
import { libraryWords, wordsOf } from "../wording/face.ts";
import { Model } from "./model.ts";

const runtime = createReferenceRuntime();

/** A group as the test knows it: its classes in the output's row, and the layer's numbers that are their logits. */
interface Known {
  readonly kind: "softmax" | "sigmoid";
  readonly units: readonly number[];
  readonly logits: readonly number[];
}

/** A part of an output: so many softmaxes of so many classes, or so many sigmoids. */
interface Part {
  readonly kind: "softmax" | "grid" | "turned" | "sigmoid" | "log-free";
  readonly count: number;
  readonly groups: number;
}

const widthOf = ({ kind, count, groups }: Part) =>
  kind === "grid" || kind === "turned" ? count * groups : count;

/** The part's row [N, width] from its numbers [N, width], and which of them belong together. */
function rowOf(b: GraphBuilder, x: Value, { kind, count, groups }: Part): Value {
  switch (kind) {
    case "softmax":
      return b.op("Softmax", [x], { axis: -1 });
    case "log-free": {
      const powers = b.op("Exp", [x]);
      return b.op("Div", [powers, b.reduceSum(powers, [1])]);
    }
    case "sigmoid":
      return b.op("Sigmoid", [x]);
    case "grid": {
      const grid = b.reshape(x, [-1, groups, count]);
      return b.op("Flatten", [b.op("Softmax", [grid], { axis: 2 })]);
    }
    case "turned": {
      // [N, classes, groups]: those of a group lie apart; the output has them turned back or not, which Flatten keeps.
      const grid = b.reshape(x, [-1, count, groups]);
      return b.op("Flatten", [b.op("Softmax", [grid], { axis: 1 })]);
    }
  }
}

function knownOf({ kind, count, groups }: Part, first: number): readonly Known[] {
  const run = (from: number, size: number, step = 1) =>
    Array.from({ length: size }, (_, i) => first + from + i * step);
  const all = Array.from({ length: groups }, (_, g) => {
    if (kind === "grid") return run(g * count, count);
    return kind === "turned" ? run(g, count, groups) : run(0, count);
  });
  const one = kind === "grid" || kind === "turned" ? all : all.slice(0, 1);
  return one.map((units) => ({
    kind: kind === "sigmoid" ? "sigmoid" : "softmax",
    units,
    logits: units,
  }));
}

const part: fc.Arbitrary<Part> = fc.record({
  kind: fc.constantFrom("softmax", "grid", "turned", "sigmoid", "log-free"),
  count: fc.integer({ min: 2, max: 7 }),
  groups: fc.integer({ min: 2, max: 3 }),
});

const head = fc.record({
  parts: fc
    .array(part, { minLength: 1, maxLength: 4 })
    .filter(
      (parts) =>
        parts.some(({ kind }) => kind !== "sigmoid") &&
        (parts.length > 1 || ["grid", "turned"].includes(parts[0]!.kind)),
    ),
  isSplit: fc.boolean(),
  isNested: fc.boolean(),
  batch: fc.constantFrom<number | string>("N", 1, 2),
  hidesShapes: fc.boolean(),
  seed: fc.integer({ min: 0, max: 1000 }),
});

type Drawn = typeof head extends fc.Arbitrary<infer T> ? T : never;

/** A network whose logits are one dense layer, split, or a layer a part. */
function network({ parts, isSplit, isNested, batch, hidesShapes, seed }: Drawn): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [typeof batch === "number" ? batch : 1, 1, 2, 2]);
  const widths = parts.map(widthOf);
  const total = widths.reduce((sum, width) => sum + width, 0);
  const flat = b.op("Flatten", [x]);
  const weights = (from: number, width: number) =>
    b.constant(
      Array.from({ length: 4 * width }, (_, i) => {
        const [row, column] = [Math.floor(i / width), from + (i % width)];
        return weightOf(seed, row, column);
      }),
      [4, width],
      "float32",
    );
  const starts = widths.map((_, i) => widths.slice(0, i).reduce((sum, width) => sum + width, 0));
  const whole = b.op("MatMul", [flat, weights(0, total)], {}, "whole");
  const pieces =
    isSplit && parts.length > 1
      ? starts.map((start, i) =>
          b.op("Slice", [whole, b.ints([start]), b.ints([start + widths[i]!]), b.ints([1])]),
        )
      : starts.map((start, i) => b.op("MatMul", [flat, weights(start, widths[i]!)]));
  const rows = parts.map((each, i) => rowOf(b, pieces[i]!, each));
  const joined = rows.length === 1 ? rows[0]! : b.op("Concat", rows, { axis: 1 });
  const deep = isNested ? b.reshape(b.op("Unsqueeze", [joined, b.ints([2])]), [-1, total]) : joined;
  b.output(b.op("Identity", [deep], {}, "y"));
  const built = b.build();
  const open = { ...built.inputs[0]!, dims: [batch, 1, 2, 2] };
  const graph = {
    ...built,
    inputs: [open],
    outputs: built.outputs.map(({ name }) => ({
      name,
      type: "float32" as const,
      dims: hidesShapes ? undefined : [batch, total],
    })),
    shapes: new Map(
      hidesShapes ? [] : [...built.shapes].filter(([, { dims }]) => dims[0] === batch),
    ),
  };
  return graph;
}

const picture = tensor("float32", [1, 1, 2, 2], new Float32Array([0.3, -0.7, 1.1, 0.4]));

const pixels = Array.from(picture.data);

/** What the file's own output gives. */
async function outputOf(graph: Graph): Promise<readonly number[]> {
  const model = new Model(graph, runtime, { kind: "values" });
  const [row] = await scoreRows(model, picture, { targets: [0], values: ["y"] });
  return Array.from(row!.values[0]!);
}

const weightOf = (seed: number, row: number, unit: number) =>
  2 * Math.sin(1 + seed + 7 * row + 3.1 * unit);

test("each group has its own logits and probabilities, and the largest softmax the preferred class", async () => {
  await fc.assert(
    fc.asyncProperty(head, async (drawn) => {
      const { parts } = drawn;
      const starts = parts.map((_, i) =>
        parts.slice(0, i).reduce((sum, each) => sum + widthOf(each), 0),
      );
      const known = parts
        .flatMap((each, i) => knownOf(each, starts[i]!))
        .toSorted((a, b) => a.units[0]! - b.units[0]!);
      const graph = network(drawn);
      const opened = new Model(graph, runtime);
      const { model } = await explainedModelOf(
        opened,
        { kind: "class", class: "top" },
        picture.dims,
      );
      const { groups } = model.head;
      expect(groups!.groups.map(({ activation, units }) => ({ kind: activation, units }))).toEqual(
        known.map(({ kind, units }) => ({ kind, units })),
      );
      expect(model.head).toMatchObject({
        kind: "classes",
        probabilities: "groups",
        isAssumed: false,
      });
      const total = parts.reduce((sum, each) => sum + widthOf(each), 0);
      const whole = Array.from({ length: total }, (_, unit) =>
        pixels.reduce((sum, x, row) => sum + x * weightOf(drawn.seed, row, unit), 0),
      );
      const sizes = known.map(({ kind, units }) => (kind === "softmax" ? units.length : 0));
      const finest = known[sizes.indexOf(Math.max(...sizes))]!;
      const best = finest.units.reduce((a, b) => (whole[b]! > whole[a]! ? b : a));
      const [top] = await explainRows(model, picture, { targets: "top", values: ["x"] });
      expect(top!.target).toBe(best);
      expect(top!.scoreName).toBe("logit");
      const output = await outputOf(graph);
      for (const { kind, units } of known) {
        const [unit] = units;
        const [row] = await explainRows(model, picture, { targets: [unit!], values: ["x"] });
        expect(row!.logit).toBeCloseTo(whole[unit!]!, 5);
        const sum = units.reduce((sum, each) => sum + Math.exp(whole[each]!), 0);
        const chance =
          kind === "sigmoid" ? 1 / (1 + Math.exp(-whole[unit!]!)) : Math.exp(whole[unit!]!) / sum;
        expect(row!.probability).toBeCloseTo(chance, 5);
        expect(row!.probability).toBeCloseTo(output[unit!]!, 5);
        const column = [0, 1, 2, 3].map((i) => weightOf(drawn.seed, i, unit!));
        for (const [i, slope] of column.entries())
          expect(row!.gradients[0]![i]).toBeCloseTo(slope, 5);
      }
    }),
    { numRuns: 300 },
  );
});

/** A network whose output is made of two rows of three numbers. */
function ending(end: (b: GraphBuilder, first: Value, second: Value) => Value) {
  const b = new GraphBuilder();
  const flat = b.op("Flatten", [b.input("x", [1, 1, 2, 2])]);
  const row = (shift: number) =>
    b.op("MatMul", [
      flat,
      b.constant(
        Array.from({ length: 12 }, (_, i) => Math.sin(i + shift)),
        [4, 3],
      ),
    ]);
  b.output(end(b, row(0), row(20)));
  return new Model(b.build(), runtime);
}

const both = (b: GraphBuilder, rows: readonly Value[], axis = 1) => b.op("Concat", rows, { axis });
const softmax = (b: GraphBuilder, x: Value) => b.op("Softmax", [x], { axis: 1 });

test("sigmoids that are joined are labels, each with a logit of its own", async () => {
  const model = ending((b, one, two) => both(b, [b.op("Sigmoid", [one]), b.op("Sigmoid", [two])]));
  expect(model.head).toMatchObject({ kind: "labels", probabilities: "sigmoid", units: 6 });
  const row = [0, 1, 2, 3].reduce((sum, i) => sum + picture.data[i]! * Math.sin(3 * i + 21), 0);
  const [found] = await explainRows(model, picture, { targets: [4], values: ["x"] });
  expect(found!.logit).toBeCloseTo(row, 5);
  expect(found!.probability).toBeCloseTo(1 / (1 + Math.exp(-row)), 5);
});

test("logarithms of several softmaxes are explained by their logits, and kept by their logarithms", () => {
  const log = (b: GraphBuilder, x: Value) => b.op("LogSoftmax", [x], { axis: 1 });
  const model = ending((b, one, two) => both(b, [log(b, one), log(b, two)]));
  expect(model.head).toMatchObject({ probabilities: "groups", isLog: true });
  expect(model.scoreName).toBe("logit");
});

test.each<[string, (b: GraphBuilder, one: Value, two: Value) => Value]>([
  [
    "a part of a softmax",
    (b, one, two) =>
      both(b, [
        b.op("Slice", [softmax(b, one), b.ints([0]), b.ints([2]), b.ints([1])]),
        softmax(b, two),
      ]),
  ],
  ["probabilities beside plain numbers", (b, one, two) => both(b, [softmax(b, one), two])],
  ["products of levels", (b, one, two) => b.mul(softmax(b, one), softmax(b, two))],
])("%s are no groups that can be told", (_, end) => {
  const { head } = ending(end);
  expect(head.groups).toBeUndefined();
  expect(head.probabilities).not.toBe("groups");
});

test("which group is explained where no class is named is said", () => {
  const model = ending((b, one, two) =>
    both(b, [softmax(b, one), softmax(b, b.op("Concat", [two, two], { axis: 1 }))]),
  );
  expect(model.notes.map((note) => wordsOf(note, libraryWords))).toContainEqual(
    expect.stringMatching(
      /joins 2 softmaxes, each with probabilities of its own: where no class is named, the best of group 2 of 2 is explained, classes 3 to 8/,
    ),
  );
});
