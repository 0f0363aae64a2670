/** @file How many pictures fit into a step. */
import type { Graph } from "../graph/graph.ts";
import { elementCount } from "../graph/tensor.ts";
import type { PictureSize } from "./parameterizations.ts";

/** A backward pass keeps what the forward pass made, and for a while a gradient beside it. */
const copiesOfValues = 2;
/** Picture, transforms, spectrum, gradients and the optimiser's memory. */
const copiesOfPicture = 16;
/** More pictures at once gain no time. */
const mostPictures = 64;

/**
 * Pictures whose step takes at most `budgetBytes` beside the weights, 1 to 64. `network` is traced at one
 * picture and cut at the objective's layer.
 */
export function picturesPerBatch(network: Graph, size: PictureSize, budgetBytes: number): number {
  let elements = copiesOfPicture * size.channels * size.heightPx * size.widthPx;
  for (const { dims } of network.shapes.values()) elements += copiesOfValues * elementCount(dims);
  const fitting = Math.floor(budgetBytes / (4 * elements));
  return Math.min(Math.max(fitting, 1), mostPictures);
}
