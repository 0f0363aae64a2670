/** @file A hundred training steps on any runtime: runs in Node and in the browser, and should end alike. */
import type { Runtime } from "../src/runtime/runtime.ts";
import { crossEntropy } from "../src/train/losses.ts";
import { adam } from "../src/train/optimizers.ts";
import { constant } from "../src/train/schedules.ts";
import { train } from "../src/train/train.ts";
import { drawnBatches } from "./drawn-batches.ts";
import { smallNetwork } from "./small-trainable.ts";

/** What is compared. */
export interface HundredSteps {
  /** Loss of the batch before each step. */
  readonly losses: readonly number[];
  /** Loss and accuracy on held-out pictures after the last. */
  readonly heldOut: { readonly loss: number; readonly accuracy: number };
}

const dims = [1, 12, 12] as const;
const classes = 10;

/** Batch normalisation, dropout and Adam on drawn pictures of ten classes. */
export async function hundredSteps(runtime: Runtime): Promise<HundredSteps> {
  const drawn = (seed: string, examples: number) =>
    drawnBatches({ seed, examples, batchSize: 16, dims, classes });
  const losses: number[] = [];
  const network = smallNetwork({ inputDims: dims, classes, batchNorm: true, dropout: 0.25 });
  const { history } = await train(network, runtime, {
    training: drawn("training", 800),
    heldOut: drawn("held out", 100),
    batchSize: 16,
    loss: crossEntropy(),
    optimizer: adam(),
    schedule: constant(0.002),
    epochs: 2,
    seed: 4,
    clock: () => performance.now(),
    onStep: ({ loss }) => losses.push(loss),
  });
  const { loss, accuracy } = history.at(-1)!.heldOut;
  return { losses, heldOut: { loss, accuracy } };
}
