/** @file A network that computes something else than its file is not shown, also where no node by itself is to blame. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { GraphBuilder, type Value } from "../../graph/builder.ts";
import { tensor, tensorOf, toFloat32, type Tensor } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import type { Runtime, Session } from "../../runtime/runtime.ts";
import { checkedText, selfCheck } from "./self-check.ts";
import { firstFault } from "./first-fault.ts";
import { PlainNetwork } from "./plain-network.ts";
import { rules } from "../../autodiff/rules/index.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

/** Only where ONNX Runtime may rewrite a graph its numbers are changed, as by a fault of a rewriting. */
function changed(change: (number: number) => number): Runtime {
  const changeAll = (results: Record<string, Tensor>) =>
    Object.fromEntries(
      Object.entries(results).map(([name, result]) => [
        name,
        tensor("float32", result.dims, toFloat32(result).map(change)),
      ]),
    );
  return {
    name: "changed",
    open: async (graph, options): Promise<Session> => {
      const session = await runtime.open(graph, options);
      if (options?.optimization === "none") return session;
      return {
        run: async (...given) => changeAll(await session.run(...given)),
        release: () => session.release(),
      };
    },
    run: async (...given) => changeAll(await runtime.run(...given)),
    release: () => runtime.release(),
  };
}

const dims = [1, 1, 4, 4] as const;

function drawn(seed: number, what: string, count: number, scale = 1): number[] {
  const random = randomStream(what, seed);
  return Array.from({ length: count }, () => scale * random.normal());
}

function network(seed: number, on: Runtime): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [...dims]);
  const kernel = b.constant(drawn(seed, "kernel", 27), [3, 1, 3, 3]);
  const row = b.op("Flatten", [b.op("Relu", [b.op("Conv", [x, kernel])])]);
  b.output(b.op("MatMul", [row, b.constant(drawn(seed, "dense", 36), [12, 3])], {}, "logits"));
  return new Model(b.build(), on);
}

const picture = (seed: number) => tensorOf("float32", [...dims], drawn(seed, "picture", 16));

/** The check of a picture's score as the model's own runtime gives it. */
async function checked(model: Model, seen: Tensor, target = 0) {
  const results = await model.runtime.run(await model.at(seen.dims), { x: seen });
  const score = toFloat32(results[model.explained]!)[target]!;
  return selfCheck(model, seen, { target, score, value: undefined });
}

test("a forward pass that is wrong as a whole is told, whatever share of the score is", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 1e6 }),
      fc.integer({ min: 0, max: 2 }),
      fc.oneof(
        fc.double({ min: 0.3, max: 0.9, noNaN: true }),
        fc.double({ min: 1.1, max: 3, noNaN: true }),
      ),
      async (seed, target, share) => {
        const wrong = network(
          seed,
          changed((number) => number * share),
        );
        const right = await checked(network(seed, runtime), picture(seed), target);
        expect(checkedText(right)).toContain("forward pass agrees");
        const { largest, score } = await new PlainNetwork(wrong).scoreAndLayer(
          picture(seed),
          target,
          "logits",
        );
        fc.pre(Math.abs(score) > 0.2 * largest);
        await expect(checked(wrong, picture(seed), target)).rejects.toThrow(
          /self-check: the network must compute what its file computes, got scores that are .* apart on changed\./,
        );
      },
    ),
    { numRuns: 40 },
  );
});

test("a score that is nearly nothing may be rounding, which is what is said of it", async () => {
  const b = new GraphBuilder();
  const row = b.op("Flatten", [b.input("x", [...dims])]);
  const weights = drawn(1, "dense", 16, 100);
  const seen = picture(1);
  const sum = toFloat32(seen).reduce(
    (total, pixel, i) => total + pixel * Math.fround(weights[i]!),
    0,
  );
  const small = b.add(b.op("MatMul", [row, b.constant(weights, [16, 1])]), b.scalar(1e-3 - sum));
  b.output(b.op("Identity", [small], {}, "logits"));
  const model = new Model(
    b.build(),
    changed((number) => number + 2e-4),
  );
  const check = await checked(model, seen);
  expect(check.forward).toBeGreaterThan(1e-2);
  expect(checkedText(check)).toMatch(/^checked: rounding alone moves this score by .* of itself$/);
});

test("the node whose gradient is wrong is found beside others that have none", async () => {
  const b = new GraphBuilder();
  const x = b.input("x", [...dims]);
  const read = (value: Value) => b.cast(b.greater(value, b.scalar(0)), "float32");
  const v = b.op("Tanh", [x], {}, "v");
  const passed = b.mul(v, read(v));
  const rounded = b.cast(b.op("Greater", [b.op("Sigmoid", [v]), b.scalar(0.5)]), "float32");
  b.output(b.reshape(b.reduceMean(b.add(passed, rounded), [1, 2, 3], false), [1, 1]));
  const model = new Model(b.build(), runtime);
  const halved = rules["Tanh"]!;
  const request = {
    target: 0,
    value: "x",
    rules: {
      Tanh: ((n, build) =>
        halved(n, build).map((gradient) =>
          gradient ? build.mul(gradient, build.scalar(0.5)) : null,
        )) satisfies (typeof rules)[string],
    },
  };
  const traced = await model.at(dims);
  const fault = await firstFault(new PlainNetwork(model), traced, picture(3), request);
  expect(fault?.operator).toBe("Tanh");
});
