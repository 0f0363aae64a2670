/** @file Photos that objectives compare with, as activations of layers. */
import { digestBytes } from "../../graph/digest.ts";
import { tensor, toFloat32 } from "../../graph/tensor.ts";
import type { PixelRange } from "../../image/file-numbers.ts";
import { preprocess, type Preprocessing } from "../../image/preprocess.ts";
import type { Model } from "../../network/model.ts";
import {
  photosOf,
  type ObjectiveTerm,
  type PhotoActivations,
} from "../../optvis/objective-terms.ts";
import type { ObjectiveParameter } from "../../optvis/objectives.ts";
import type { PictureSize } from "../../optvis/parameterizations.ts";
import type { Message } from "../../wording/face.ts";
import type { Platform } from "../platform.ts";

/** Which photos, and how layers see them. */
export interface PhotoRequest {
  readonly model: Model;
  readonly how: Preprocessing;
  readonly size: PictureSize;
  readonly terms: readonly ObjectiveTerm[];
  readonly layers: readonly string[];
  readonly range?: PixelRange | undefined;
}

/** Photos by their paths: what layers make of them, and the fingerprints of their files. */
export interface ComparedPhotos {
  readonly photos: PhotoActivations;
  readonly digests: Readonly<Record<string, string>>;
  /** What was assumed of the numbers of their files. */
  readonly notes: readonly Message[];
}

/** The photos of an objective. Throws `bad-file` for one that cannot be read. */
export async function photosAt(
  platform: Pick<Platform, "readBytes" | "readPicture">,
  { model, how, size, terms, layers, range }: PhotoRequest,
): Promise<ComparedPhotos> {
  const digests = new Map<string, string>();
  const notes: Message[] = [];
  const found = new Map<string, ReadonlyMap<string, ObjectiveParameter>>();
  const dims = [1, size.channels, size.heightPx, size.widthPx];
  for (const path of photosOf(terms)) {
    const { note, ...picture } = await platform.readPicture(path, range);
    if (note) notes.push(note);
    digests.set(path, await digestBytes(await platform.readBytes(path)));
    const { data } = preprocess(picture, { ...how, layout: "nchw" }, size);
    const graph = await model.maps(layers, dims);
    const results = await model.runtime.run(graph, {
      [model.input.name]: tensor("float32", dims, data),
    });
    const activations = layers.map((layer): [string, ObjectiveParameter] => {
      const value = results[layer]!;
      return [layer, { dims: value.dims.slice(1), data: toFloat32(value) }];
    });
    found.set(path, new Map(activations));
  }
  return {
    digests: Object.fromEntries(digests),
    notes,
    photos: (path, layer) => found.get(path)!.get(layer)!,
  };
}
