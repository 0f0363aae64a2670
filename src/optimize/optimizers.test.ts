/** @file Optimisers of both tables against their papers, written out in float64 for one number. */
import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { tensor, toNumbers, zeros, type Tensor } from "../graph/tensor.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { pictureOptimizers, weightOptimizers } from "./index.ts";
import { normalizedAscent } from "./normalized-ascent.ts";
import type { Optimizer } from "./optimizer.ts";

const runtime = createNodeRuntime({ threads: 1 });
const dims = [2, 3];
const start = [0.5, -1, 2, 0.25, -0.75, 1];
const rate = 0.02;
const steps = 12;

/** Gradients of both signs and of sizes that change. */
const gradientAt = (step: number) => start.map((x, i) => Math.sin(3 * step + 5 * i) * (x + 0.2));

/** The variable after some steps of the graph. */
async function optimized(optimizer: Optimizer, decays = false): Promise<readonly number[]> {
  const b = new GraphBuilder();
  const slots = optimizer.slots.map((name) => b.input(name, dims));
  const coefficients = optimizer.coefficients.map((name) => b.input(name, []));
  const [variable, gradient] = [b.input("variable", dims), b.input("gradient", dims)];
  const after = optimizer.build(b, { variable, gradient, slots, coefficients, decays });
  const outputs = [after.variable, ...after.slots];
  for (const value of outputs) b.output(value);
  const session = await runtime.open(b.build("step"));
  const names = ["variable", ...optimizer.slots];
  let state: Record<string, Tensor> = Object.fromEntries(
    optimizer.slots.map((name) => [name, zeros("float32", dims)]),
  );
  state["variable"] = tensor("float32", dims, Float32Array.from(start));
  for (let step = 1; step <= steps; step++) {
    const numbers = optimizer.at(step, rate).map((x) => tensor("float32", [], Float32Array.of(x)));
    const fed = Object.fromEntries(optimizer.coefficients.map((name, i) => [name, numbers[i]!]));
    const slope = tensor("float32", dims, Float32Array.from(gradientAt(step)));
    const results = await session.run({ ...state, ...fed, gradient: slope });
    state = Object.fromEntries(names.map((name, i) => [name, results[outputs[i]!.name]!]));
  }
  await session.release();
  return toNumbers(state["variable"]!);
}

/** Follows the numbers of the gradient one by one: `move` gives what a step adds. */
function byHand(move: (x: number, g: number, memory: number[], t: number) => number) {
  return start.map((first, i) => {
    const memory = [0, 0];
    let x = first;
    for (let t = 1; t <= steps; t++) x += move(x, gradientAt(t)[i]!, memory, t);
    return x;
  });
}

function moments(memory: number[], g: number): readonly [number, number] {
  memory[0] = 0.9 * memory[0]! + 0.1 * g;
  memory[1] = 0.999 * memory[1]! + 0.001 * g * g;
  return [memory[0], memory[1]];
}

const adamMove = (g: number, memory: number[], t: number) => {
  const [mean, square] = moments(memory, g);
  return (rate * mean) / (1 - 0.9 ** t) / (Math.sqrt(square / (1 - 0.999 ** t)) + 1e-8);
};

const papers = {
  "adam of pictures": [pictureOptimizers.adam, (_, g, memory, t) => adamMove(g, memory, t)],
  "adam of weights": [weightOptimizers.adam(0), (_, g, memory, t) => -adamMove(g, memory, t)],
  adamw: [
    weightOptimizers.adamw(0.3),
    (x, g, memory, t) => -adamMove(g, memory, t) - rate * 0.3 * x,
  ],
  nadam: [
    pictureOptimizers.nadam,
    (_, g, memory, t) => {
      const [mean, square] = moments(memory, g);
      const ahead = (0.9 * mean) / (1 - 0.9 ** (t + 1)) + (0.1 * g) / (1 - 0.9 ** t);
      return (rate * ahead) / Math.sqrt(square / (1 - 0.999 ** t));
    },
  ],
  "rmsprop of pictures": [
    pictureOptimizers.rmsprop,
    (_, g, memory) => {
      memory[0] = 0.95 * memory[0]! + 0.05 * g * g;
      return (rate * g) / Math.sqrt(memory[0]);
    },
  ],
  "rmsprop of weights": [
    weightOptimizers.rmsprop(0.1),
    (x, g, memory) => {
      const slope = g + 0.1 * x;
      memory[0] = 0.99 * memory[0]! + 0.01 * slope * slope;
      return (-rate * slope) / (Math.sqrt(memory[0]) + 1e-8);
    },
  ],
  sgd: [
    weightOptimizers.sgd(0),
    (_, g, memory) => {
      memory[0] = 0.9 * memory[0]! + g;
      return -rate * memory[0];
    },
  ],
} as const satisfies Record<string, readonly [Optimizer, Parameters<typeof byHand>[0]]>;

test.each(Object.entries(papers))("%s is its paper's", async (_, [optimizer, move]) => {
  expect(await optimized(optimizer, true)).toBeWithinL2(byHand(move), 1e-5);
});

test("normalised steps are of one length in each picture of a batch, and in a whole variable without one", async () => {
  const lengthOf = (row: readonly number[]) => Math.hypot(...row);
  const rowsOf = (values: readonly number[]) => [values.slice(0, 3), values.slice(3)];
  const expected = (batched: boolean) =>
    start.map((first, i) => {
      let x = first;
      for (let t = 1; t <= steps; t++) {
        const g = gradientAt(t);
        const shared = batched ? rowsOf(g)[Math.floor(i / 3)]! : g;
        x += (rate * g[i]!) / (lengthOf(shared) / Math.sqrt(shared.length));
      }
      return x;
    });
  const ascent = pictureOptimizers["normalized-ascent"];
  expect(await optimized(ascent)).toBeWithinL2(expected(true), 1e-5);
  expect(await optimized(normalizedAscent())).toBeWithinL2(expected(false), 1e-5);
});

test("the bias correction of weights is exact in float32 from the first step on", () => {
  const { at } = weightOptimizers.adam(0);
  const [pace, floor] = at(1, rate);
  expect(pace! / rate).toBeCloseTo(1, 12);
  expect(floor).toBeCloseTo(1e-8, 20);
});
