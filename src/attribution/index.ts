/** @file THE table of attribution methods, with what help and documents say about them. */
import { LimpidError, type StopSignal } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Model } from "../model/model.ts";
import { gradCam } from "./grad-cam.ts";
import { gradient } from "./gradient.ts";
import type { Targets } from "./gradients.ts";
import type { Heatmap } from "./heatmap.ts";

/** What every method may be given; each takes what it knows. */
export interface AttributionOptions {
  readonly targets: Targets;
  readonly layer?: string;
  readonly signed?: boolean;
  readonly signal?: StopSignal;
}

/** A method and its description. */
export interface AttributionMethod {
  readonly title: string;
  readonly description: string;
  readonly paper: string;
  readonly formula: string;
  /** True for maps at a layer's resolution, false for maps of pixels. */
  readonly needsLayer: boolean;
  run(model: Model, input: Tensor, options: AttributionOptions): Promise<Heatmap[]>;
}

/** Methods by the name that the command line takes. */
export const attributionMethods = {
  gradient: {
    title: "Gradient",
    description: "how much the logit changes with each pixel",
    paper: "Simonyan et al. 2013, arXiv 1312.6034",
    formula: "d y_c / d x",
    needsLayer: false,
    run: gradient,
  },
  "grad-cam": {
    title: "Grad-CAM",
    description: "which places of a layer speak for the class",
    paper: "Selvaraju et al. 2017, arXiv 1610.02391",
    formula: "ReLU(sum_k mean(d y_c / d A_k) A_k)",
    needsLayer: true,
    run: gradCam,
  },
} as const satisfies Readonly<Record<string, AttributionMethod>>;

/** The method of a name. Throws `bad-option` for an unknown one. */
export function attributionMethod(name: string): AttributionMethod {
  if (Object.hasOwn(attributionMethods, name)) {
    return attributionMethods[name as keyof typeof attributionMethods];
  }
  throw new LimpidError(
    "bad-option",
    `method: the name must be one of ${Object.keys(attributionMethods).join(", ")}, got "${name}".`,
  );
}
