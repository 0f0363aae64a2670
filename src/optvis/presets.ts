/** @file Presets: whole ways of making pictures, as data that a recipe can store. */
import { LimpidError } from "../errors.ts";
import { pictureOptimizers, type PictureOptimizerName } from "../optimize/index.ts";
import type { Optimizer } from "../optimize/optimizer.ts";
import { fourier, maco, pixels, type Parameterization } from "./parameterizations.ts";
import {
  blurDifference,
  boundaryComplexity,
  lpNorm,
  outOfRange,
  totalVariation,
  type Regularizer,
} from "./regularizers.ts";
import type { TransformOptions } from "./transforms.ts";

/** A way of making pictures. Every number is relative: to the picture's side, its range 0..1, or the objective's gradient. */
export interface Preset {
  readonly title: string;
  readonly steps: number;
  readonly parameterization:
    | { readonly name: "pixels"; readonly deviation: number; readonly uniform?: boolean }
    | { readonly name: "fourier"; readonly decay: number; readonly deviation: number }
    | { readonly name: "maco"; readonly decay: number };
  readonly optimizer: { readonly name: PictureOptimizerName; readonly rate: number };
  readonly transforms: TransformOptions;
  /** Weight of each regulariser as a share of the objective's gradient at the start. */
  readonly regularizers: Readonly<Partial<Record<RegularizerName, number>>>;
  /** Steps with redirected ReLU, so that a dead start recovers. */
  readonly redirectedSteps: number;
  /**
   * What is maximised for a class: its logit, or evidence, the logit plus the log-odds, where a logit that rises
   * with those of similar classes is not enough. Left out: the logit.
   */
  readonly classScore?: "logit" | "evidence";
  /** How a float picture is shown: as it is, or standardised around middle grey as Keras' recipes do. */
  readonly display: "range" | "standardized";
}

export type PresetName = keyof typeof presets;

const regularizerTable = {
  "total-variation": totalVariation(),
  "lp-norm": lpNorm(),
  "out-of-range": outOfRange(),
  blur: blurDifference(),
  "boundary-complexity": boundaryComplexity(),
} as const satisfies Readonly<Record<string, Regularizer>>;

type RegularizerName = keyof typeof regularizerTable;

/** THE table of presets. */
export const presets = {
  natural: {
    title: "Limpid's own: Fourier spectrum, decorrelated colour, transforms in relative sizes",
    steps: 64,
    parameterization: { name: "fourier", decay: 1, deviation: 0.01 },
    optimizer: { name: "adam", rate: 0.05 },
    transforms: { jitter: 0.05, scale: [0.95, 1.1], rotateDegrees: 6 },
    regularizers: {},
    redirectedSteps: 16,
    classScore: "evidence",
    display: "range",
  },
  lucid: {
    title: "Lucid's render_vis (Olah et al. 2017)",
    steps: 512,
    parameterization: { name: "fourier", decay: 1, deviation: 0.01 },
    optimizer: { name: "adam", rate: 0.05 },
    // Of 128 px: a border of 12, of which its two random crops, of 8 and 4, take half away again.
    transforms: { pad: 6 / 128, jitter: 6 / 128, scale: [0.9, 1.1], rotateDegrees: 10 },
    regularizers: {},
    redirectedSteps: 16,
    display: "range",
  },
  "keras-vis": {
    title: "keras-vis: pixels, RMSprop, total variation and Lp norm",
    steps: 200,
    parameterization: { name: "pixels", deviation: 0.05 },
    optimizer: { name: "rmsprop", rate: 0.01 },
    transforms: {},
    regularizers: { "total-variation": 0.2, "lp-norm": 0.2 },
    redirectedSteps: 16,
    display: "standardized",
  },
  chollet: {
    title: "The Keras blog (Chollet 2016): 40 normalised steps on pixels from grey noise",
    steps: 40,
    parameterization: { name: "pixels", deviation: 20 / 255 / Math.sqrt(12), uniform: true },
    optimizer: { name: "normalized-ascent", rate: 1 / 255 },
    transforms: {},
    regularizers: {},
    redirectedSteps: 16,
    display: "standardized",
  },
  maco: {
    title: "MACO (Fel et al. 2023): only the phase of a natural spectrum is optimised",
    steps: 256,
    parameterization: { name: "maco", decay: 2 },
    optimizer: { name: "nadam", rate: 1 },
    transforms: { crop: [0.3, 1], noise: 0.08 },
    regularizers: {},
    redirectedSteps: 16,
    display: "range",
  },
} as const satisfies Readonly<Record<string, Preset>>;

/** The preset of a name. Throws `bad-option` for an unknown one. */
export function presetOf(name: string): Preset {
  if (Object.hasOwn(presets, name)) return presets[name as PresetName];
  throw new LimpidError(
    "bad-option",
    `preset: the name must be one of ${Object.keys(presets).join(", ")}, got "${name}".`,
  );
}

/** One line a preset for help. */
export function presetLines(): string {
  return Object.entries(presets)
    .map(([name, { title, steps }]) => `  ${name.padEnd(10)} ${title}; ${steps} steps`)
    .join("\n");
}

export function parameterizationOf(preset: Preset): Parameterization {
  const { parameterization: options } = preset;
  switch (options.name) {
    case "pixels":
      return pixels(options);
    case "fourier":
      return fourier(options);
    case "maco":
      return maco(options);
  }
}

export function optimizerOf(preset: Preset): Optimizer {
  return pictureOptimizers[preset.optimizer.name];
}

/** The regularisers of a preset with their relative weights, in the table's order. */
export function regularizersOf(
  preset: Preset,
): readonly { readonly regularizer: Regularizer; readonly share: number }[] {
  return Object.entries(regularizerTable).flatMap(([name, regularizer]) => {
    const share = preset.regularizers[name as RegularizerName] ?? 0;
    return share > 0 ? [{ regularizer, share }] : [];
  });
}
