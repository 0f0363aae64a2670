/** @file D-RISE. */
import { mostTries, dRiseOptions } from "./infos.ts";
import { LimpidError, throwIfAborted } from "../../errors.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import type { FoundObject, SoughtObjects } from "../../scores/sought-objects.ts";
import type { OptionValues } from "../../wording/option.ts";
import { optionValues } from "../../wording/read-option.ts";
import { hiddenPicture } from "../gradient/baseline.ts";
import type { Heatmap } from "../heatmap.ts";
import { likeness } from "./object-likeness.ts";
import { requireOnePrecision } from "./estimate-error.ts";
import { maskedMap } from "./masked-map.ts";
import { pixelMaps, type PixelMap, type SeenPicture } from "./perturbation.ts";
import { blend, drawnMasks, type RiseOptions } from "./rise.ts";
import { batchSize } from "./scored-rows.ts";

export interface DRiseOptions extends RiseOptions {
  /** What is explained, and how it is found in other pictures. */
  readonly sought?: SoughtObjects;
}

/** Proposals that a network is less sure of are background. */
const leastScore = 0.01;

/**
 * D-RISE of every picture of `input` [N, C, H, W] (Petsiuk et al. 2021, arXiv 2006.03204, section 3.2): RISE's masks
 * blend the picture with the baseline, and each counts with the likeness of the sought object to the most alike that the
 * detector still proposes; of several sought objects with the mean over them. What shows a pixel is compared with all masks. Proposals count before suppression, as in
 * the paper. Each map is [H, W], signed, an estimate whose noise falls with the square root of `samples`. Throws `bad-option`
 * unless objects with boxes are explained.
 */
export async function dRise(
  model: Model,
  input: Tensor,
  options: DRiseOptions,
): Promise<Heatmap[]> {
  const values = optionValues(dRiseOptions, options);
  requireOnePrecision(options);
  const sought = requireObjects(options.sought);
  const kind = { method: "d-rise", unit: "likeness gained when visible" };
  const { signal } = options;
  return pixelMaps(model, input, options, kind, (picture) =>
    likenessMap(model, picture, { ...values, sought, ...(signal ? { signal } : {}) }),
  );
}

function requireObjects(sought: SoughtObjects | undefined): SoughtObjects {
  if (sought && sought.objects.length > 0) return sought;
  throw new LimpidError(
    "bad-option",
    "d-rise: what is explained must be objects with boxes, which detectors find, got none. choose rise, which takes any target.",
  );
}

type Settings = OptionValues<typeof dRiseOptions> &
  Pick<DRiseOptions, "signal"> & { readonly sought: SoughtObjects };

/** Mean likeness among the masks, by how much they show each pixel, beside that of all masks, [H * W]. */
async function likenessMap(
  model: Model,
  { data, dims, onProgress }: SeenPicture,
  settings: Settings,
): Promise<PixelMap> {
  const { sought, signal, baseline } = settings;
  const [, height, width] = dims;
  const masks = drawnMasks(height, width, settings);
  const hidden = hiddenPicture(data, dims, baseline, model.parts);
  const batch = await batchSize(model, { dims, count: settings.samples ?? mostTries.dRise });
  const visible = new Float32Array(height * width);
  const scores = async (first: number, count: number, told: (share: number) => void) => {
    const weights: number[] = [];
    while (weights.length < count) {
      throwIfAborted(signal, "d-rise");
      const some = Math.min(batch, count - weights.length);
      const all = new Float32Array(some * data.length);
      for (let i = 0; i < some; i++) {
        masks.whole(first + weights.length + i, visible);
        blend({ data, hidden }, visible, all.subarray(i * data.length, (i + 1) * data.length));
      }
      const pictures = tensor("float32", [some, ...dims], all);
      const found = await sought.find(pictures, { leastScore, ...(signal ? { signal } : {}) });
      for (const proposals of found) weights.push(maskWeight(sought.objects, proposals));
      told(weights.length / count);
    }
    return weights;
  };
  const request = { masks, precision: settings, most: mostTries.dRise, scores, onProgress };
  const { values, mean, ...map } = await maskedMap(request);
  return { ...map, data: Float32Array.from(values, (value) => value - mean) };
}

/** The mean, over the sought objects, of the likeness of the most alike proposal. */
function maskWeight(sought: readonly FoundObject[], proposals: readonly FoundObject[]): number {
  const total = sought.reduce(
    (sum, object) =>
      sum + proposals.reduce((most, each) => Math.max(most, likeness(object, each)), 0),
    0,
  );
  return total / sought.length;
}
