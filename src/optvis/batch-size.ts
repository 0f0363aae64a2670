/** @file How many pictures fit into a step. */
import type { Graph } from "../graph/graph.ts";
import { elementCount } from "../graph/tensor.ts";
import type { PictureSize } from "./parameterizations.ts";

/** A backward pass keeps what the forward pass made, with gradients and gaps beside it; the most that was measured. */
const copiesOfValues = 3.25;
/** Picture, transforms, spectrum, gradients and the optimiser's memory. */
const copiesOfPicture = 16;
/** More pictures at once gain no time. */
const mostPictures = 64;

/**
 * Estimated bytes of one picture's step beside the weights. `network` is traced at one picture and cut at the
 * objective's layer.
 */
export function bytesPerPicture(network: Graph, size: PictureSize): number {
  let elements = copiesOfPicture * size.channels * size.heightPx * size.widthPx;
  for (const { dims } of network.shapes.values()) elements += copiesOfValues * elementCount(dims);
  return 4 * elements;
}

/** Pictures whose step takes at most `budgetBytes` beside the weights, 1 to 64. */
export function picturesPerBatch(network: Graph, size: PictureSize, budgetBytes: number): number {
  const fitting = Math.floor(budgetBytes / bytesPerPicture(network, size));
  return Math.min(Math.max(fitting, 1), mostPictures);
}
