/** @file What methods share that change pixels and watch the class: options in words, and one map a picture. */
import type { StopSignal } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import type { Baseline } from "../gradient/baseline.ts";
import type { EstimateFigures } from "./estimate-error.ts";
import { warningsOf, type Heatmap, type MapWarning } from "../heatmap.ts";
import { scoreRows, type ScoredRow } from "./scored-rows.ts";
import { onlyScore } from "../../scores/explained-score.ts";
import type { ClassTargets } from "../../scores/class-targets.ts";

export interface PerturbationOptions {
  readonly targets: ClassTargets;
  /** What hidden pixels show. */
  readonly baseline?: Baseline;
  readonly signal?: StopSignal;
  /** Told of the share of the work that is done, from 0 to 1. */
  onProgress?(share: number): void;
}

/** One picture and what the network says of it as it is. */
export interface SeenPicture {
  /** [C, H, W] in the network's own numbers. */
  readonly data: Float32Array;
  readonly dims: readonly [channels: number, height: number, width: number];
  readonly row: ScoredRow;
  /** Told of the share of the work on this picture that is done, from 0 to 1. */
  onProgress(share: number): void;
}

/** A map [H, W] with what its method has to say of it. */
export interface PixelMap {
  readonly data: Float32Array;
  readonly figures?: EstimateFigures;
  readonly warnings?: readonly MapWarning[];
}

/** One map [H, W] of pixels a picture of `input` [N, C, H, W], made by `explain`. */
export async function pixelMaps(
  model: Model,
  input: Tensor,
  options: PerturbationOptions,
  kind: { readonly method: string; readonly unit: string },
  explain: (picture: SeenPicture) => Promise<PixelMap>,
): Promise<Heatmap[]> {
  const { targets, signal } = options;
  const rows = await scoreRows(model, input, { targets, ...(signal ? { signal } : {}) });
  const [, ...dims] = input.dims as [number, number, number, number];
  const size = input.data.length / rows.length;
  const maps: Heatmap[] = [];
  for (const [n, row] of rows.entries()) {
    const data = (input.data as Float32Array).subarray(n * size, (n + 1) * size);
    const onProgress = (share: number) => options.onProgress?.((n + share) / rows.length);
    const { data: map, figures, warnings = [] } = await explain({ data, dims, row, onProgress });
    maps.push({
      ...kind,
      ...onlyScore(row),
      data: map,
      dims: dims.slice(1),
      layer: model.input.name,
      ...(figures ? { figures: { ...figures } } : {}),
      warnings: [...warningsOf(map), ...warnings],
    });
  }
  return maps;
}
