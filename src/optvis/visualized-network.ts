/** @file A model as the optimisation sees it. */
import { affineOf, type Preprocessing } from "../image/preprocess.ts";
import type { Model } from "../network/model.ts";
import type { VisualizedNetwork } from "./maximize.ts";

/**
 * What `maximize` works on: the model, and how pictures in 0..1 become its input. Layers that do not
 * depend on the input's size can be maximised at any.
 */
export function visualized(model: Model, preprocessing: Preprocessing): VisualizedNetwork {
  const [, channels] = model.inputDims();
  return {
    runtime: model.runtime,
    scaling: affineOf(preprocessing, channels === 1 ? 1 : 3),
    isGrey: preprocessing.channels === "grey",
    at: (dims, layers) => model.maps(layers, dims),
  };
}
