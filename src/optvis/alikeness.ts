/** @file How alike pictures of one unit are in style: the mean cosine between their Gram matrices on a layer. */
import { cut } from "../graph/edit.ts";
import { tensor, toNumbers } from "../graph/tensor.ts";
import type { VisualizedNetwork } from "./maximize.ts";
import { diversityWithin } from "./objectives.ts";
import type { PictureSize } from "./parameterizations.ts";
import { buildScore, stepNames } from "./step.ts";

/** A picture [C, H, W] in the network's own range, and the number of the unit that it is of. */
export interface PictureOfUnit {
  readonly input: Float32Array;
  readonly unit: number;
}

/**
 * Of each picture the mean cosine, 0..1 where activations are not negative, with the other pictures of its unit; 0 where there is
 * no other. Gram matrices are those of the layer's channels over its places (Gatys et al. 2015; Olah et al. 2017, diversity).
 */
export async function alikenessOf(
  network: VisualizedNetwork,
  pictures: readonly PictureOfUnit[],
  layer: string,
  { channels, heightPx, widthPx }: PictureSize,
): Promise<readonly number[]> {
  const dims = [pictures.length, channels, heightPx, widthPx];
  const traced = cut(await network.at(dims, [layer]), { outputs: [layer] });
  const objectives = pictures.map(({ unit }) => diversityWithin(layer, unit));
  const { graph, parameters } = buildScore(traced, objectives);
  const length = channels * heightPx * widthPx;
  const data = new Float32Array(pictures.length * length);
  for (const [i, { input }] of pictures.entries()) data.set(input, i * length);
  const session = await network.runtime.open(graph);
  try {
    const fed = { ...parameters, [traced.inputs[0]!.name]: tensor("float32", dims, data) };
    const { [stepNames.score]: scores } = await session.run(fed);
    return toNumbers(scores!).map((score) => -score);
  } finally {
    await session.release();
  }
}
