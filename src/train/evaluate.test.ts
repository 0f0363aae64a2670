/** @file Evaluation: every example counts once, and the sums are those of the examples. */
import { expect, test } from "vitest";
import { drawnBatches } from "../../test/drawn-batches.ts";
import { smallNetwork } from "../../test/small-trainable.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { openEvaluator } from "./evaluate.ts";
import { crossEntropy, lossOf } from "./losses.ts";
import { adam } from "../optimize/adam.ts";
import { startState } from "./step.ts";

const runtime = createNodeRuntime({ threads: 2 });

async function evaluate(batchSize: number, dataBatch: number) {
  const network = smallNetwork({ batchNorm: true, dropout: 0.5 });
  const design = { network, batchSize, loss: crossEntropy() };
  const evaluator = await openEvaluator(runtime, design);
  const state = startState({ network, optimizer: adam() });
  const source = drawnBatches({ seed: "held out", examples: 29, batchSize: dataBatch });
  const evaluation = await evaluator.evaluate(state, source);
  await evaluator.release();
  return evaluation;
}

test("does not depend on how examples are put into batches", async () => {
  const [a, b] = [await evaluate(8, 8), await evaluate(11, 3)];
  expect(a.examples).toBe(29);
  expect(a.confusion).toEqual(b.confusion);
  expect(b.loss).toBeCloseTo(a.loss, 5);
  const inOrder = ({ predictions }: typeof a) =>
    predictions.toSorted((x, y) => x.index - y.index).map(({ loss }) => loss);
  expect(inOrder(b)).toBeAllclose(inOrder(a), { rtol: 1e-5 });
});

test("sums up what it finds of each example", async () => {
  const { predictions, confusion, loss, accuracy } = await evaluate(8, 8);
  expect(predictions.map(({ index }) => index).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 29 }, (_, i) => i),
  );
  for (const { index, label } of predictions) expect(label).toBe(index % 3);
  for (const [label, row] of confusion.entries()) {
    for (const [predicted, count] of row.entries()) {
      const those = predictions.filter((one) => one.label === label && one.predicted === predicted);
      expect(count).toBe(those.length);
    }
  }
  const right = predictions.filter(({ label, predicted }) => label === predicted).length;
  expect(accuracy).toBeCloseTo(right / 29, 12);
  const sum = predictions.reduce((total, one) => total + one.loss, 0);
  expect(loss).toBeCloseTo(sum / 29, 12);
});

test("finds class 1 of one unit where its logit is positive", async () => {
  const network = smallNetwork({ classes: 1 });
  const bias = network.parameters.get("dense/bias")!;
  for (const [logit, predicted] of [
    [50, 1],
    [-50, 0],
  ] as const) {
    const shifted = new Map(network.parameters);
    shifted.set("dense/bias", { ...bias, data: Float32Array.of(logit) });
    const moved = { ...network, parameters: shifted };
    const evaluator = await openEvaluator(runtime, {
      network: moved,
      batchSize: 4,
      loss: lossOf(network),
    });
    const source = drawnBatches({ seed: "unit", examples: 6, batchSize: 4, classes: 2 });
    const state = startState({ network: moved, optimizer: adam() });
    const { confusion } = await evaluator.evaluate(state, source);
    await evaluator.release();
    expect(confusion.map((row) => row[predicted])).toEqual([3, 3]);
  }
});
