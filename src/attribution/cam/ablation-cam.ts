/** @file Ablation-CAM. */
import { ablationCamOptions } from "./infos.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { optionValues } from "../../wording/read-option.ts";
import { camHeatmap, chosenCamLayer, weightedSum, type CamOptions } from "./cam.ts";
import { extremes, type Heatmap } from "../heatmap.ts";
import { perturbedScores, scoreRows } from "../perturbation/scored-rows.ts";
import { planesOf } from "../../network/map-layout.ts";

export interface AblationCamOptions extends CamOptions {
  /** `pytorch-grad-cam` sets ablated channels far below their minimum unless that is 0. */
  readonly variant?: string;
  /** Channels in a batch of that library, on which its maps depend; 32 by default, as there. */
  readonly libraryBatch?: number;
}

/**
 * Ablation-CAM of every picture of `input` [N, C, H, W] (Desai and Ramaswamy 2020, equations 3 and 4): one run of
 * what lies behind the layer for each channel, with its places set to 0. Each map is [H, W] at the layer's own
 * resolution, not rescaled. The paper divides by the score, so a class with a negative score gets its
 * signs turned, which the map's warnings say; a score of 0 is not divided by. Throws `bad-option` for an
 * unknown variant.
 */
export async function ablationCam(
  model: Model,
  input: Tensor,
  options: AblationCamOptions,
): Promise<Heatmap[]> {
  const { variant } = optionValues(ablationCamOptions, options);
  const layer = await chosenCamLayer(model, input, options.layer);
  const rows = await scoreRows(model, input, { ...options, values: [layer.name] });
  const { channels, height, width, offset, channelStride, placeStride } = layer.layout;
  const places = height * width;
  const kind = { method: "ablation-cam", unit: "weighted activation" };
  const maps: Heatmap[] = [];
  for (const [n, row] of rows.entries()) {
    const value = row.values[0]!;
    const size = input.data.length / rows.length;
    const batch = options.libraryBatch ?? usualLibraryBatch;
    const ablated =
      variant === "paper" ? new Float32Array(channels) : libraryNumbers(value, channels, batch);
    const scores = await perturbedScores(model, {
      signal: options.signal,
      dims: input.dims.slice(1),
      count: channels,
      target: row.target,
      layer: layer.name,
      picture: (input.data as Float32Array).subarray(n * size, (n + 1) * size),
      write: (k, into) => {
        into.set(value);
        for (let p = 0; p < places; p++) {
          into[offset + k * channelStride + p * placeStride] = ablated[k]!;
        }
      },
    });
    const weights = scores.map((score) => (row.score - score) / (row.score || 1));
    const activations = planesOf(value, layer.layout);
    const raw = weightedSum(weights, { channels, places, activations });
    const map = camHeatmap(raw, layer, row, options, kind);
    maps.push(row.score < 0 ? turned(map, row.score) : map);
  }
  return maps;
}

const usualLibraryBatch = 32;
const libraryDepth = 1e7;

/** What pytorch-grad-cam sets each channel to: within a batch each deeper than the one before. */
function libraryNumbers(value: Float32Array, channels: number, batch: number): Float32Array {
  const numbers = new Float32Array(channels);
  const { min } = extremes(value);
  if (min === 0) return numbers;
  for (let k = 0; k < channels; k++) {
    numbers[k] = (k % batch === 0 ? min : numbers[k - 1]!) - libraryDepth;
  }
  return numbers;
}

function turned(map: Heatmap, score: number): Heatmap {
  const message = `the class's score is ${score.toPrecision(3)}: divided by a negative score, places that speak for the class come out negative`;
  return { ...map, warnings: [...map.warnings, { cause: "negative-score", message }] };
}
