/** @file Guided Grad-CAM. */
import { guidedGradCamOptions } from "./infos.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { plane } from "../../image/picture.ts";
import { placedPlane } from "../../image/placed-plane.ts";
import type { Model } from "../../network/model.ts";
import { optionValues } from "../../wording/read-option.ts";
import { gradCam } from "./grad-cam.ts";
import { guidedBackprop } from "../gradient/guided-backprop.ts";
import { warningsOf, type Heatmap } from "../heatmap.ts";
import type { PixelGradientOptions } from "../gradient/pixel-gradients.ts";

export interface GuidedGradCamOptions extends PixelGradientOptions {
  /** The feature map of Grad-CAM; the last one with spatial extent by default. */
  readonly layer?: string;
  /** `captum` enlarges Grad-CAM's map to its nearest places. */
  readonly variant?: string;
}

/**
 * Guided Grad-CAM of every picture of `input` [N, C, H, W] (Selvaraju et al. 2017, section 3.2). Each map is
 * [C, H, W], signed. Throws `bad-option` for an unknown variant and as `gradCam` and `guidedBackprop`.
 */
export async function guidedGradCam(
  model: Model,
  input: Tensor,
  options: GuidedGradCamOptions,
): Promise<Heatmap[]> {
  const { layer, variant: _, ...request } = options;
  const { variant } = optionValues(guidedGradCamOptions, options);
  const guided = await guidedBackprop(model, input, request);
  const cams = await gradCam(model, input, layer === undefined ? request : { ...request, layer });
  const [heightPx, widthPx] = input.dims.slice(-2) as [number, number];
  return guided.map((map, i) => {
    const cam = cams[i]!;
    const weights = enlarged(cam, widthPx, heightPx, variant);
    const data = map.data.map((slope, at) => slope * weights[at % weights.length]!);
    return {
      ...map,
      data,
      method: "guided-grad-cam",
      layer: cam.layer,
      ...(cam.layers ? { layers: cam.layers } : {}),
      unit: `${cam.unit} x ${map.unit}`,
      warnings: isSound(cam)
        ? [...cam.warnings, ...warningsOf(data, { beforeRelu: data })]
        : cam.warnings,
    };
  });
}

/** Whether all that is said of a map is where it lies. */
function isSound({ warnings }: Heatmap): boolean {
  return warnings.every(({ cause }) => cause === "mixed-places");
}

function enlarged(
  { data, dims, centres }: Heatmap,
  widthPx: number,
  heightPx: number,
  variant: "paper" | "captum",
): Float32Array {
  const [rows, columns] = dims as [number, number];
  if (variant === "paper") {
    return placedPlane(plane(columns, rows, data), centres, widthPx, heightPx).data;
  }
  return Float32Array.from({ length: widthPx * heightPx }, (_, at) => {
    const row = Math.floor((Math.floor(at / widthPx) * rows) / heightPx);
    const column = Math.floor(((at % widthPx) * columns) / widthPx);
    return data[row * columns + column]!;
  });
}
