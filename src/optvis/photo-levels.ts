/** @file What units make of photos: their highest scores, and on which photo. */
import { throwIfAborted, type StopSignal } from "../errors.ts";
import { tensor, toNumbers } from "../graph/tensor.ts";
import { scalePictures } from "../image/affine.ts";
import type { VisualizedNetwork } from "./maximize.ts";
import { networkFor } from "./needed-channels.ts";
import type { Objective } from "./objectives.ts";
import type { PictureSize } from "./parameterizations.ts";
import { buildSharedScore, stepNames } from "./step.ts";

/** A photo of the size of the pictures that are made. */
export interface StartPhoto {
  /** What messages call it. */
  readonly name: string;
  /** [C, H, W] in 0..1, RGB or grey. */
  picture(): Float32Array;
}

/** A unit's highest score on some photos. */
export interface PhotoLevel {
  readonly level: number;
  /** The photo that has it. */
  readonly photo: StartPhoto;
  /** How many photos were shown. */
  readonly photos: number;
}

/** Of each objective the highest score over the photos, of which there is one at least. Throws `aborted` when the signal fires. */
export async function highestOnPhotos(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  photos: readonly StartPhoto[],
  { size, signal }: { readonly size: PictureSize; readonly signal?: StopSignal },
): Promise<readonly PhotoLevel[]> {
  const { channels, heightPx, widthPx } = size;
  const dims = [1, channels, heightPx, widthPx];
  const needed = await networkFor(network, dims, objectives);
  const { graph, parameters } = buildSharedScore(needed.graph, objectives.map(needed.ofChannels));
  const session = await network.runtime.open(graph);
  const none = { level: Number.NEGATIVE_INFINITY, photo: photos[0]!, photos: photos.length };
  const best: PhotoLevel[] = objectives.map(() => none);
  try {
    for (const photo of photos) {
      throwIfAborted(signal, "maximize");
      const data = scalePictures(photo.picture(), heightPx * widthPx, network.scaling);
      const input = { [needed.graph.inputs[0]!.name]: tensor("float32", dims, data) };
      const { [stepNames.score]: scores } = await session.run({ ...parameters, ...input });
      for (const [i, level] of toNumbers(scores!).entries()) {
        if (level > best[i]!.level) best[i] = { ...none, level, photo };
      }
    }
  } finally {
    await session.release();
  }
  return best;
}
