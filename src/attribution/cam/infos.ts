/** @file Methods that lie on a layer, in words, with their options: what computes them is loaded when it is asked for. */
import type { OptionTable } from "../../wording/option.ts";
import { methodTitles } from "../method-titles.ts";
import {
  layerOption,
  methodOptions,
  signedOption,
  variantOption,
  type MethodInfo,
} from "../method.ts";
import { planarInputs, takes } from "../takes.ts";

/** The option of every class activation map. */
const camLayerOption = {
  layer: {
    ...layerOption,
    default: {
      depends: "the last one with spatial extent; of boxes those that feed the head, one a scale",
    },
    description: "the feature map that the map lies on; scales: all that feed a detector's head",
  },
} as const satisfies OptionTable;

/** The options of class activation maps with a final ReLU. */
const camOptions = {
  ...camLayerOption,
  signed: { ...signedOption, default: false, description: "leave the final ReLU out" },
} as const satisfies OptionTable;

export const ablationCamOptions = {
  ...camOptions,
  variant: variantOption("pytorch-grad-cam ablates to far below the minimum unless that is 0"),
} as const satisfies OptionTable;

export const ablationCamInfo: MethodInfo = {
  takes: takes("zero"),
  title: methodTitles["ablation-cam"],
  description: "channels weighed by how much the class loses without them",
  paper: "Desai and Ramaswamy 2020, WACV, 983-991",
  formula: "ReLU(sum_k w_k A_k), w_k = (y_c - y_c without A_k) / y_c",
  options: ablationCamOptions,
  gradient: "none",
  departures:
    "pytorch-grad-cam sets ablated channels to 0 only where the layer's smallest number is 0; else to 1e7 below it, and 1e7 deeper for each further channel of a batch of 32: --variant pytorch-grad-cam.",
};

export const classActivationMapInfo: MethodInfo = {
  takes: takes("zero", { targets: ["class", "value"] }),
  title: methodTitles["cam"],
  description:
    "what each place of the last layer gives to the logit, where a global mean follows it",
  paper: "Zhou et al. 2016, arXiv 1512.04150",
  formula: "sum_k w_kc A_k, w_kc the weight of the mean of A_k for the class",
  options: {
    layer: {
      ...camLayerOption.layer,
      description: "the feature map whose means the linear layer reads",
    },
  },
  departures: "torch-cam cuts what is negative off; the paper's map is signed, and so is this one.",
};

export const eigenCamOptions = {
  ...camLayerOption,
  variant: variantOption("pytorch-grad-cam takes each channel's mean off first"),
} as const satisfies OptionTable;

export const eigenCamInfo: MethodInfo = {
  takes: takes("none"),
  title: methodTitles["eigen-cam"],
  description: "what a layer shows most, whatever the class",
  paper: "Muhammad and Yeasin 2020, arXiv 2008.00299",
  formula: "A v, v the first right singular vector of A [places, channels]",
  options: eigenCamOptions,
  gradient: "none",
  departures:
    "pytorch-grad-cam centres the channels before the decomposition and leaves the map's sign to LAPACK: --variant pytorch-grad-cam centres too. The sign here is the one that goes with the sum of the channels.",
};

export const gradCamPlusPlusOptions = {
  ...camOptions,
  variant: variantOption("pytorch-grad-cam adds 1e-6 to a's denominator"),
} as const satisfies OptionTable;

export const gradCamPlusPlusInfo: MethodInfo = {
  takes: takes("zero"),
  title: methodTitles["grad-cam-plus-plus"],
  description: "places that speak for the class, several objects counted alike",
  paper: "Chattopadhay et al. 2018, arXiv 1710.11063",
  formula:
    "ReLU(sum_k w_k A_k), w_k = sum a g+, a = g^2 / (2 g^2 + sum(A_k) g^3), g = d y_c / d A_k",
  options: gradCamPlusPlusOptions,
  fuses: true,
  departures:
    "pytorch-grad-cam adds 1e-6 to the denominator of a, which swallows small gradients: --variant pytorch-grad-cam. torch-cam multiplies g by exp(y_c), which the map's scale alone shows; xplique takes the mean of A_k for its sum.",
};

export const gradCamInfo: MethodInfo = {
  takes: takes("zero"),
  title: methodTitles["grad-cam"],
  description: "which places of a layer speak for the class",
  paper: "Selvaraju et al. 2017, arXiv 1610.02391",
  formula: "ReLU(sum_k mean(d y_c / d A_k) A_k)",
  options: camOptions,
  fuses: true,
};

export const guidedGradCamOptions = {
  ...camLayerOption,
  variant: {
    ...methodOptions.variant,
    choices: ["paper", "captum"],
    default: "paper",
    description: "captum enlarges to nearest places",
  },
} as const satisfies OptionTable;

export const guidedGradCamInfo: MethodInfo = {
  takes: takes("zero", { inputs: planarInputs, several: "each" }),
  slopes: true,
  title: methodTitles["guided-grad-cam"],
  description: "edges and textures of Guided Backprop where Grad-CAM speaks for the class",
  paper: "Selvaraju et al. 2017, arXiv 1610.02391",
  formula:
    "Guided Backprop * Grad-CAM enlarged bilinearly between the centres of what its places see",
  options: guidedGradCamOptions,
  fuses: true,
  departures:
    "Captum enlarges Grad-CAM's map to nearest places of an even grid: --variant captum. Here places lie at the centres of their receptive fields, which the paper leaves open.",
};

export const hiresCamInfo: MethodInfo = {
  takes: takes("zero"),
  title: methodTitles["hires-cam"],
  description: "places of a layer that the class was computed from, each with its own gradient",
  paper: "Draelos and Carin 2020, arXiv 2011.08891",
  formula: "ReLU(sum_k d y_c / d A_k * A_k)",
  options: camOptions,
  fuses: true,
};

export const layerCamInfo: MethodInfo = {
  takes: takes("zero"),
  title: methodTitles["layer-cam"],
  description: "places whose activation raises the class; sharp at early layers too",
  paper: "Jiang et al. 2021, IEEE Transactions on Image Processing 30, 5875-5888",
  formula: "ReLU(sum_k ReLU(d y_c / d A_k) * A_k)",
  options: camOptions,
  fuses: true,
};

export const scoreCamOptions = {
  ...camOptions,
  variant: variantOption("pytorch-grad-cam enlarges masks with aligned corners"),
} as const satisfies OptionTable;

export const scoreCamInfo: MethodInfo = {
  takes: takes("zero", { inputs: [...planarInputs, "signal"], several: "each" }),
  title: methodTitles["score-cam"],
  description: "channels weighed by the class's score when the picture shows what they show",
  paper: "Wang et al. 2020, arXiv 1910.01279",
  formula: "ReLU(sum_k w_k A_k), w = softmax_k(y_c(x * M_k) - y_c(0)), M_k = A_k enlarged, 0..1",
  options: scoreCamOptions,
  gradient: "none",
  departures:
    "pytorch-grad-cam enlarges the masks with aligned corners: --variant pytorch-grad-cam. It also leaves out the baseline y_c(0), which the softmax cancels; torch-cam takes the mean of probabilities instead.",
};

export const xgradCamOptions = {
  ...camOptions,
  variant: variantOption("pytorch-grad-cam adds 1e-7 to sum(A_k)"),
} as const satisfies OptionTable;

export const xgradCamInfo: MethodInfo = {
  takes: takes("zero"),
  title: methodTitles["xgrad-cam"],
  description: "Grad-CAM whose channels weigh what they give to the class",
  paper: "Fu et al. 2020, arXiv 2008.02312",
  formula: "ReLU(sum_k w_k A_k), w_k = sum(A_k * d y_c / d A_k) / sum(A_k)",
  options: xgradCamOptions,
  fuses: true,
  departures:
    "pytorch-grad-cam adds 1e-7 to sum(A_k), which matters where the sum is nearly 0: --variant pytorch-grad-cam.",
};
