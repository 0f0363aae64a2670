/** @file What each channel of each layer adds to the logits of classes, in one photo. */
import type { ObservedLayer } from "../../activations/observed-layers.ts";
import { explainRows } from "../../attribution/gradient/explained-rows.ts";
import type { StopSignal } from "../../errors.ts";
import { elementCount, tensor, type Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";

/** What a run may take of layers and their gradients; more classes at once are no faster on a processor. */
const mostBytes = 2 ** 28;
const mostTogether = 8;

/** A layer, as far as its channels are to be told apart. */
export type ContributingLayer = Pick<ObservedLayer, "name" | "shape" | "layout">;

/**
 * Gradient times activation, summed over all places (tokens without a place too), of each channel of each layer: by layer
 * [classes, channels], in units of the logit. `input` is one picture [1, C, H, W]; logits that are linear in a layer are the
 * sum of its contributions but for the bias. Throws `aborted`.
 */
export async function contributions(
  model: Model,
  input: Tensor,
  classes: readonly number[],
  layers: readonly ContributingLayer[],
  signal?: StopSignal,
): Promise<readonly Float64Array[]> {
  const names = layers.map(({ name }) => name);
  const found = layers.map(({ shape }) => new Float64Array(classes.length * shape[1]!));
  const together = togetherOf(model, layers, classes.length);
  for (let first = 0; first < classes.length; first += together) {
    // Each run has the same shape, so that the last classes need no graph of their own.
    const targets = Array.from({ length: together }, (_, i) => classes[first + i] ?? classes[0]!);
    const rows = await explainRows(model, repeated(input, together), {
      targets,
      values: names,
      ...(signal ? { signal } : {}),
    });
    for (const [row, { values, gradients }] of rows.slice(0, classes.length - first).entries()) {
      for (const [i, layer] of layers.entries()) {
        const channels = layer.shape[1]!;
        const at = (first + row) * channels;
        addProducts(found[i]!.subarray(at, at + channels), values[i]!, gradients[i]!, layer);
      }
    }
  }
  return found;
}

function togetherOf(model: Model, layers: readonly ContributingLayer[], classes: number): number {
  if (model.fixedBatch !== undefined) return Math.min(model.fixedBatch, classes);
  const numbers = layers.reduce((sum, { shape }) => sum + elementCount(shape.slice(1)), 0);
  // Values and gradients, in the runtime and as copies.
  const fitting = Math.floor(mostBytes / (4 * 4 * numbers));
  return Math.max(Math.min(fitting, mostTogether, classes), 1);
}

function repeated({ data, dims }: Tensor, count: number): Tensor {
  const copies = new Float32Array(count * data.length);
  for (let i = 0; i < count; i++) copies.set(data as Float32Array, i * data.length);
  return tensor("float32", [count, ...dims.slice(1)], copies);
}

/** Adds each number's product to its channel. */
function addProducts(
  sums: Float64Array,
  values: Float32Array,
  gradients: Float32Array,
  { layout }: ContributingLayer,
): void {
  const channels = sums.length;
  if (layout?.channelStride === 1) {
    for (let i = 0; i < values.length; i++) sums[i % channels]! += values[i]! * gradients[i]!;
    return;
  }
  const places = values.length / channels;
  for (let channel = 0, i = 0; channel < channels; channel++) {
    let sum = 0;
    for (const end = (channel + 1) * places; i < end; i++) sum += values[i]! * gradients[i]!;
    sums[channel]! += sum;
  }
}
