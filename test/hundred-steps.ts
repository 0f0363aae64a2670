/** @file A hundred training steps on any runtime: runs in Node and in the browser, and should end alike. */
import type { Runtime } from "../src/runtime/runtime.ts";
import { batchSource } from "../src/train/data/batches.ts";
import { digits } from "../src/drawn/digits.ts";
import { crossEntropy } from "../src/train/losses.ts";
import { adam } from "../src/optimize/adam.ts";
import { constant } from "../src/train/schedules.ts";
import { train } from "../src/train/train.ts";
import { smallNetwork } from "./small-trainable.ts";

/** What is compared. */
export interface HundredSteps {
  /** Loss of the batch before each step. */
  readonly losses: readonly number[];
  /** Loss and accuracy on held-out pictures after the last. */
  readonly heldOut: { readonly loss: number; readonly accuracy: number };
}

const batch = 16;

/** Batch normalisation, dropout and Adam on drawn digits. */
export async function hundredSteps(runtime: Runtime): Promise<HundredSteps> {
  const { training, heldOut } = digits(4, { training: 50 * batch, heldOut: 100 });
  const { dims: inputDims, classes } = training;
  const scaling = { order: [0], gain: [2], offset: [-1] };
  const losses: number[] = [];
  const network = smallNetwork({
    inputDims,
    classes: classes.length,
    batchNorm: true,
    dropout: 0.25,
  });
  const { history } = await train(network, runtime, {
    training: batchSource(training, { batch, seed: 4, shuffle: true, scaling }),
    heldOut: batchSource(heldOut, { batch, scaling }),
    batchSize: batch,
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
