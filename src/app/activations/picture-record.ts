/** @file What one picture's activations are as JSON. */
import { trendSentence } from "../../activations/depth-trend.ts";
import { pictureTrend, type PictureActivations, type SeenLayer } from "./picture.ts";
import type { PictureRecord } from "./schema.ts";

/** Where a layer's sheet and its numbers are. */
export interface LayerFiles {
  /** A PNG file of all channels. */
  readonly sheet: string;
  /** An .npy file, float32 [C, H, W] or [C]. */
  readonly tensor: string;
}

/** What a record is of. */
export interface PictureFacts {
  readonly model: string;
  readonly picture: string;
  readonly preprocessing: PictureRecord["preprocessing"];
  /** Where each layer was written. */
  readonly files: readonly LayerFiles[];
}

/** The layers of a picture as JSON. */
export function pictureRecord(
  found: PictureActivations,
  { model, picture, preprocessing, files }: PictureFacts,
): PictureRecord {
  const trend = pictureTrend(found);
  return {
    model,
    picture,
    ...(preprocessing ? { preprocessing } : {}),
    ...(found.part ? { seen: found.part } : {}),
    layers: found.layers.map((layer, i) => layerRecord(layer, files[i]!)),
    ...(trend
      ? {
          trend: {
            correlation: trend.correlation.mean,
            layers: trend.layers,
            sentence: trendSentence(trend),
          },
        }
      : {}),
  };
}

function layerRecord({ name, operator, values, statistics }: SeenLayer, files: LayerFiles) {
  const { pictureLikeness, ...others } = statistics;
  return {
    name,
    operator,
    shape: values.dims,
    ...others,
    ...(pictureLikeness === undefined ? {} : { pictureLikeness }),
    ...files,
  };
}
