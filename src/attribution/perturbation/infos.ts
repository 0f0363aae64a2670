/** @file Methods that hide parts of the picture, in words, with their options: what computes them is loaded when it is asked for. */
import type { ColorOption, OptionTable } from "../../wording/option.ts";
import { methodTitles } from "../method-titles.ts";
import { methodOptions, type MethodInfo } from "../method.ts";
import { planarInputs, takes } from "../takes.ts";

/** The most masks and pictures that a method of open precision tries, where its error still is too large. */
export const mostTries = {
  /** The paper takes so many for VGG16. */
  rise: 4000,
  dRise: 2000,
  kernelShap: 2048,
} as const;

export const baselineOption = {
  ...methodOptions.baseline,
  default: "mean",
  description: "what hidden pixels show",
} as const satisfies ColorOption;

/** Options of methods that hide pieces. */
export const pieceOptions = {
  pieces: {
    ...methodOptions.pieces,
    default: "superpixels",
    description: "what is hidden as one: superpixels (SLIC), or the squares of a grid",
  },
  segments: {
    ...methodOptions.segments,
    default: { depends: "50, or one a pixel" },
    description: "pieces, about",
  },
} as const satisfies OptionTable;

/** The options of methods whose maps are estimates; `most` is where drawing ends at the latest. */
function precisionOptions(tries: string, most: number) {
  return {
    samples: {
      ...methodOptions.samples,
      default: { depends: `as many as the error needs, ${most} at most` },
      description: `${tries}, exactly so many`,
    },
    error: {
      ...methodOptions.error,
      default: 0.2,
      description: "standard error of the map at which drawing ends, as a share of its spread",
    },
  } as const;
}

export const occlusionOptions = {
  window: {
    ...methodOptions.window,
    default: { depends: "an eighth of the picture's shorter side; of a volume a quarter of each" },
    description: "side of the square; of the segment of a signal, of the cube of a volume",
  },
  stride: {
    ...methodOptions.stride,
    default: { depends: "half the window" },
    description: "from one square to the next",
  },
  baseline: baselineOption,
} as const satisfies OptionTable;

export const occlusionInfo: MethodInfo = {
  takes: takes("pixels", { several: "each" }),
  title: methodTitles["occlusion"],
  description: "how much the class loses when a square is hidden",
  paper: "Zeiler and Fergus 2013, arXiv 1311.2901",
  formula: "mean of y_c(x) - y_c(x without square) over the squares that hide a pixel",
  options: occlusionOptions,
  gradient: "none",
};

/** The options of methods that show a picture through random masks. */
export const riseOptions = {
  ...precisionOptions("masks", mostTries.rise),
  cells: { ...methodOptions.cells, default: 7, description: "cells on a side of a mask" },
  keep: { ...methodOptions.keep, default: 0.5 },
  baseline: {
    ...baselineOption,
    default: "zero",
    description: "what hidden pixels show; zero as in the paper",
  },
  seed: { ...methodOptions.seed, default: 0, description: "the masks" },
} as const satisfies OptionTable;

export const riseInfo: MethodInfo = {
  takes: takes("pixels", { inputs: [...planarInputs, "signal"], several: "each" }),
  title: methodTitles["rise"],
  description: "mean probability of the class among random masks that show a pixel",
  paper: "Petsiuk et al. 2018, arXiv 1806.07421",
  formula: "sum_i p_c(x * M_i) M_i / sum_i M_i",
  departures:
    "The paper divides by N keep, which the sum of the masks is on average; by the sum itself a number is a mean of probabilities, and never above all of them. It takes a number of masks, as --samples does. Without that, masks come with their complements, a linear fit is taken out of the scores, which leaves the expectation as it is and noise less, and drawing ends where the standard error is small enough.",
  options: riseOptions,
  gradient: "none",
};

export const dRiseOptions = {
  ...riseOptions,
  ...precisionOptions("masks, 5000 in the paper", mostTries.dRise),
  cells: { ...methodOptions.cells, default: 16, description: "cells on a side of a mask" },
} as const satisfies OptionTable;

export const dRiseInfo: MethodInfo = {
  takes: takes("none", { inputs: ["picture"], targets: ["box"] }),
  title: methodTitles["d-rise"],
  description: "how much surer a detector finds the object again where random masks show a pixel",
  paper: "Petsiuk et al. 2021, arXiv 2006.03204",
  formula:
    "sum_i w_i M_i / sum_i M_i - mean_i w_i, w_i = max over proposals of x * M_i: IoU * cosine of classes * objectness",
  departures:
    "The paper takes 5000 masks and a weighted sum; divided by the sum of the masks, a number is a mean likeness, of which the mean over all masks is taken off, so that pixels that do not matter are 0. Proposals with a score under 0.01 are left out: of networks without an objectness their classes are noise, whose cosine may be large. Of networks that give no probabilities of all classes, a proposal's score stands for the cosine if its class is the same.",
  options: dRiseOptions,
  gradient: "none",
};

export const kernelShapOptions = {
  ...pieceOptions,
  ...precisionOptions(
    "pictures that are tried; exact if all coalitions are as many",
    mostTries.kernelShap,
  ),
  baseline: baselineOption,
  seed: { ...methodOptions.seed, default: 0, description: "which pieces are hidden together" },
} as const satisfies OptionTable;

export const kernelShapInfo: MethodInfo = {
  takes: takes("pixels", { inputs: planarInputs, several: "each" }),
  title: methodTitles["kernel-shap"],
  description: "what each piece of the picture adds to the class, as a fair share",
  paper: "Lundberg and Lee 2017, arXiv 1705.07874",
  formula: "argmin_b sum_z w(z) (y_c(z) - y_c(none) - b z)^2 with sum b = y_c(x) - y_c(none)",
  options: kernelShapOptions,
  gradient: "none",
};

export const limeOptions = {
  ...pieceOptions,
  samples: { ...methodOptions.samples, default: 1000 },
  baseline: baselineOption,
  seed: { ...methodOptions.seed, default: 0, description: "which pieces are hidden together" },
} as const satisfies OptionTable;

export const limeInfo: MethodInfo = {
  takes: takes("pixels", { inputs: planarInputs, several: "each" }),
  title: methodTitles["lime"],
  description: "a linear model of how the pieces of the picture make the class probable",
  paper: "Ribeiro et al. 2016, arXiv 1602.04938",
  formula:
    "argmin_b sum_z exp(-D(z)^2 / 0.25^2) (p_c(z) - b_0 - b z)^2 + |b|^2, D(z) = 1 - cos(z, 1)",
  options: limeOptions,
  gradient: "none",
  departures:
    "The paper leaves the linear model open and chooses a few pieces by lasso; here, as in its authors' code for pictures, all pieces stay and a ridge of 1 shrinks them. Pieces are SLIC's instead of quickshift's. That code also takes the square root of the paper's kernel, which counts pictures with many hidden pieces more.",
};
