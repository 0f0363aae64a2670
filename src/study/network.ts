/** @file A network of the study, with how its input is prepared and what its classes are called. */
import { scoreRows } from "../attribution/perturbation/scored-rows.ts";
import type { Tensor } from "../graph/tensor.ts";
import { pictureOfFloats, type FloatDisplay } from "../image/float-picture.ts";
import type { Picture } from "../image/picture.ts";
import { pictureGrid } from "../image/raster.ts";
import type { Preprocessing } from "../image/preprocess.ts";
import type { Model } from "../network/model.ts";
import { stackRows } from "../network/run-rows.ts";
import type { PictureSize } from "../optvis/parameterizations.ts";
import type { Source } from "../report/record.ts";

export interface StudyNetwork {
  readonly model: Model;
  readonly how: Preprocessing;
  readonly labels: readonly string[];
  readonly source: Source;
}

/** What a network makes of one picture. */
export interface Reading {
  readonly target: number;
  readonly probability: number;
  readonly logits: readonly number[];
}

/**
 * What the network makes of inputs [C, H, W] in its own range; of a network of one unit, class 1 is the side of
 * logits from 0 up.
 */
export async function readInputs(
  model: Model,
  inputs: readonly Float32Array[],
): Promise<readonly Reading[]> {
  const pictures = stackRows(inputs, [inputs.length, ...model.inputDims().slice(1)]);
  const request = { targets: "top", values: [model.explained] } as const;
  const rows = await scoreRows(model, pictures, request);
  return rows.map(({ target, probability, values }) => ({
    target,
    probability,
    logits: Array.from(values[0]!),
  }));
}

/** Space between the pictures of a grid. */
const gapPx = 3;

/** Pictures of one size side by side, as the report shows them. */
export function gridOf(pictures: readonly Picture[], columns: number): Picture {
  return pictureGrid(pictures, columns, gapPx);
}

/** Float pictures [C, H, W] as people see them. */
export function shown(
  floats: readonly Float32Array[],
  size: PictureSize,
  display: FloatDisplay,
): readonly Picture[] {
  return floats.map((data) => pictureOfFloats(data, size, display));
}

/** Pictures as one tensor [N, C, H, W]. */
export function floatsOf(pictures: readonly Float32Array[], size: PictureSize): Tensor {
  return stackRows(pictures, [pictures.length, size.channels, size.heightPx, size.widthPx]);
}
