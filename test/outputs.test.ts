/** @file What an output is: values in their own sign, probabilities that are the network's own, maps, boxes, several heads. */
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { gradient } from "../src/attribution/gradient/gradient.ts";
import { gradCam } from "../src/attribution/cam/grad-cam.ts";
import { scoreRows } from "../src/attribution/perturbation/scored-rows.ts";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { toNumbers } from "../src/graph/tensor.ts";
import type { HeadKind } from "../src/network/head-kind.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { dense, drawn, features, picture, seeds, shares, untold } from "./output-networks.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

type End = (b: GraphBuilder, logits: Value, seed: number) => Value;

const softmax: End = (b, x) => b.op("Softmax", [x], { axis: -1 });
const times = (b: GraphBuilder, x: Value, by: number) => b.mul(x, b.scalar(by));

/** Ends whose probabilities are the softmax of the logits before them. */
const softmaxes: Readonly<Record<string, End>> = {
  nothing: (_, x) => x,
  Softmax: softmax,
  LogSoftmax: (b, x) => b.op("LogSoftmax", [x], { axis: -1 }),
  "Log(Softmax)": (b, x, seed) => b.op("Log", [softmax(b, x, seed)]),
  "Log(Softmax + small)": (b, x, seed) => b.op("Log", [b.add(softmax(b, x, seed), b.scalar(1e-6))]),
  "Log(Max(Softmax, small))": (b, x, seed) =>
    b.op("Log", [b.op("Max", [softmax(b, x, seed), b.scalar(1e-9)])]),
  "100 Softmax": (b, x, seed) => times(b, softmax(b, x, seed), 100),
  "Softmax / 0.01": (b, x, seed) => b.op("Div", [softmax(b, x, seed), b.scalar(0.01)]),
  "Clip(Softmax)": (b, x, seed) =>
    b.op("Clip", [softmax(b, x, seed), b.scalar(1e-7), b.scalar(1 - 1e-7)]),
  "Min(Max(Softmax))": (b, x, seed) =>
    b.op("Min", [b.scalar(1), b.op("Max", [b.scalar(0), softmax(b, x, seed)])]),
  "Reshape(Softmax)": (b, x, seed) => b.reshape(softmax(b, x, seed), [1, x.dims[1]!, 1, 1]),
  "Exp / sum": (b, x) => {
    const powers = b.op("Exp", [x]);
    return b.op("Div", [powers, b.reduceSum(powers, [1])]);
  },
};

/** Ends that hold probabilities that are no softmax of anything in the graph. */
const mixtures: Readonly<Record<string, End>> = {
  "(p + q) / 2": (b, x, seed) => times(b, b.add(softmax(b, x, seed), other(b, x, seed)), 0.5),
  "Mean(p, q)": (b, x, seed) => b.op("Mean", [softmax(b, x, seed), other(b, x, seed)]),
  "0.3 p + 0.7 q": (b, x, seed) =>
    b.add(times(b, softmax(b, x, seed), 0.3), times(b, other(b, x, seed), 0.7)),
  "mean of a stack": (b, x, seed) =>
    b.reduceMean(
      b.op(
        "Concat",
        [softmax(b, x, seed), other(b, x, seed)].map((p) => b.reshape(p, [1, 1, x.dims[1]!])),
        { axis: 0 },
      ),
      [0],
      false,
    ),
  "50 (p + q)": (b, x, seed) => times(b, b.add(softmax(b, x, seed), other(b, x, seed)), 50),
};

function other(b: GraphBuilder, x: Value, seed: number): Value {
  const units = x.dims[1]!;
  const weights = b.constant(drawn(seed, "other", units * units, 1), [units, units]);
  return softmax(b, b.op("MatMul", [x, weights]), seed);
}

/** Ends that hold no probabilities. */
const others: Readonly<Record<string, End>> = {
  LpNormalization: (b, x) => b.op("LpNormalization", [x], { axis: 1, p: 2 }),
  "x / |x|": (b, x) => {
    const square = b.reduceSum(b.mul(x, x), [1]);
    return b.op("Div", [x, b.op("Max", [b.op("Sqrt", [square]), b.scalar(1e-12)])]);
  },
  "some of a softmax": (b, x, seed) =>
    b.op("Slice", [
      softmax(b, x, seed),
      b.constant([0], [1], "int64"),
      b.constant([x.dims[1]! - 1], [1], "int64"),
      b.constant([1], [1], "int64"),
    ]),
  Tanh: (b, x) => b.op("Tanh", [x]),
  "10 Sigmoid": (b, x) => times(b, b.op("Sigmoid", [x]), 10),
  "a softmax over pictures": (b, x) => b.op("Softmax", [x], { axis: 0 }),
  Atan: (b, x) => b.op("Atan", [x]),
  "Clip to 0..1": (b, x) => b.op("Clip", [x, b.scalar(0), b.scalar(1)]),
};

const sizes = fc.constantFrom(0.3, 2, 60);

/** The logits and the output of a network with an end, and what Limpid says of its preferred class. */
async function told(end: End, units: number, seed: number, size: number) {
  const b = new GraphBuilder();
  const logits = dense(b, features(b, seed), seed, units, size);
  const ended = end(b, logits, seed);
  b.output(b.op("Identity", [ended], {}, "y"));
  b.output(b.op("Identity", [logits], {}, "z"));
  const whole = b.build();
  const held = await runtime.run(whole, { x: picture(seed) });
  const graph = untold({ ...whole, outputs: whole.outputs.filter(({ name }) => name === "y") });
  const model = new Model(graph, runtime);
  const [row] = await scoreRows(model, picture(seed), { targets: "top" });
  const asked = { row: row!, model, logits: toNumbers(held["z"]!), output: toNumbers(held["y"]!) };
  return asked;
}

test.each(Object.entries(softmaxes))(
  "%s: the softmax's own logit and probability",
  async (_, end) => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 2, max: 7 }), sizes, async (seed, units, size) => {
        const { row, logits } = await told(end, units, seed, size);
        expect(logits[row.target]).toBe(Math.max(...logits));
        expect(row.probability).toBeCloseTo(shares(logits)[row.target]!, 4);
        expect(row.logit).toBeCloseTo(logits[row.target]!, 3);
      }),
      { numRuns: 6 },
    );
  },
);

test.each(Object.entries(mixtures))("%s: what the file says itself", async (_, end) => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.integer({ min: 2, max: 7 }), sizes, async (seed, units, size) => {
      const { row, output } = await told(end, units, seed, size);
      const total = output.reduce((sum, number) => sum + number, 0);
      expect(row.probability).toBeCloseTo(output[row.target]! / total, 4);
      expect(row.scoreName).not.toBe("logit");
    }),
    { numRuns: 6 },
  );
});

test.each(Object.entries(others))("%s: no probability", async (_, end) => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.integer({ min: 3, max: 7 }), async (seed, units) => {
      const { row, output } = await told(end, units, seed, 1);
      expect(row.probability).toBeNull();
      expect(row.score).toBeCloseTo(output[row.target]!, 5);
      expect(row.scoreName).not.toBe("logit");
    }),
    { numRuns: 6 },
  );
});

describe("one number", () => {
  const one = (seed: number, end: End, metadata = new Map<string, string>()) => {
    const b = new GraphBuilder();
    b.output(b.op("Identity", [end(b, dense(b, features(b, seed), seed, 1, 20), seed)], {}, "y"));
    return { ...b.build(), metadata };
  };

  test("is a value in its own sign, and its gradient too", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const graph = one(seed, (_, x) => x);
        const { y } = await runtime.run(graph, { x: picture(seed) });
        const model = new Model(graph, runtime);
        const [map] = await gradient(model, picture(seed), { targets: "top" });
        expect(map).toMatchObject({ probability: null, scoreName: "value", target: 0 });
        expect(map!.score).toBeCloseTo(toNumbers(y!)[0]!, 5);
        const sides = new Model(graph, runtime, { kind: "yes-no" });
        const [towards] = await gradient(sides, picture(seed), { targets: [1] });
        expect(map!.data).toEqual(towards!.data);
      }),
      { numRuns: 10 },
    );
  });

  test.each<[string, Graph, HeadKind]>([
    ["with a sigmoid", one(1, (b, x) => b.op("Sigmoid", [x])), "yes-no"],
    [
      "with a sigmoid that is written out",
      one(1, (b, x) =>
        b.op("Div", [b.scalar(1), b.add(b.scalar(1), b.op("Exp", [b.op("Neg", [x])]))]),
      ),
      "yes-no",
    ],
    [
      "of two named classes",
      one(1, (_, x) => x, new Map([["limpid.classes", '["cat","dog"]']])),
      "yes-no",
    ],
    ["behind a tanh", one(1, (b, x) => b.op("Tanh", [x])), "value"],
    ["of at most 100", one(1, (b, x) => times(b, b.op("Sigmoid", [x]), 100)), "value"],
    [
      "from 18 to 90",
      one(1, (b, x) => b.add(times(b, b.op("Sigmoid", [x]), 72), b.scalar(18))),
      "value",
    ],
    [
      "one minus a sigmoid",
      one(1, (b, x) => b.op("Sub", [b.scalar(1), b.op("Sigmoid", [x])])),
      "value",
    ],
  ])("%s", (_, graph, kind) => {
    expect(new Model(graph, runtime).head.kind).toBe(kind);
  });
});

describe("a map of classes", () => {
  const map = (seed: number, end: (b: GraphBuilder, x: Value) => Value) => {
    const b = new GraphBuilder();
    const weights = b.constant(drawn(seed, "head", 4 * 3, 1), [4, 3, 1, 1]);
    const logits = b.op("Conv", [features(b, seed), weights], {}, "logits");
    b.output(b.op("Identity", [end(b, logits)], {}, "y"));
    return b.build();
  };
  const ends = {
    logits: (_: GraphBuilder, x: Value) => x,
    softmax: (b: GraphBuilder, x: Value) => b.op("Softmax", [x], { axis: 1 }),
    "softmax, channels last": (b: GraphBuilder, x: Value) =>
      b.op("Softmax", [b.op("Transpose", [x], { perm: [0, 2, 3, 1] })], { axis: -1 }),
    sigmoid: (b: GraphBuilder, x: Value) => b.op("Sigmoid", [x]),
  };

  test.each(Object.entries(ends))("of %s: its mean logit where it is found", async (name, end) => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const graph = map(seed, end);
        const model = new Model(graph, runtime);
        expect(model.head.kind).toBe("map");
        const held = await runtime.run(
          { ...graph, outputs: [{ name: "logits", type: "float32", dims: [1, 4, 6, 6] }] },
          { x: picture(seed) },
        );
        const logits = toNumbers(held["logits"]!);
        for (let target = 0; target < 4; target++) {
          const [row] = await scoreRows(model, picture(seed), { targets: [target] });
          expect(row!.score).toBeCloseTo(maskMean(logits, target, name === "sigmoid"), 4);
          expect(row!.probability).toBeNull();
        }
        const [top] = await gradCam(model, picture(seed), { targets: "top" });
        expect(top!.dims).toEqual([6, 6]);
        expect(top!.target).toBeLessThan(4);
      }),
      { numRuns: 5 },
    );
  });

  function maskMean(logits: readonly number[], target: number, isEach: boolean): number {
    const at = (c: number, p: number) => logits[c * 36 + p]!;
    const places = Array.from({ length: 36 }, (_, p) => p);
    const found = places.filter((p) =>
      isEach
        ? at(target, p) > 0
        : [0, 1, 2, 3].findIndex((c) => [0, 1, 2, 3].every((o) => at(c, p) >= at(o, p))) === target,
    );
    const taken = found.length > 0 ? found : places;
    return taken.reduce((sum, p) => sum + at(target, p), 0) / taken.length;
  }
});
