/** @file Methods that follow gradients to the pixels, in words, with their options: what computes them is loaded when it is asked for. */
import type { OptionTable } from "../../wording/option.ts";
import { methodTitles } from "../method-titles.ts";
import { methodOptions, type MethodInfo } from "../method.ts";
import { baselineOption } from "../perturbation/infos.ts";
import { planarInputs, takes } from "../takes.ts";

export const gradientInfo: MethodInfo = {
  takes: takes("slope"),
  slopes: true,
  title: methodTitles["gradient"],
  description: "how much the logit changes with each pixel",
  paper: "Simonyan et al. 2013, arXiv 1312.6034",
  formula: "d y_c / d x",
  options: {},
};

export const inputXGradientInfo: MethodInfo = {
  takes: takes("zero"),
  title: methodTitles["input-x-gradient"],
  description: "what each pixel would give to the logit if the network were linear",
  paper: "Shrikumar et al. 2016, arXiv 1605.01713",
  formula: "x * d y_c / d x",
  options: {},
};

const departures =
  "The paper measures noise by the picture's range and finds 0.1 to 0.2 good. Captum's noise is absolute, 1 in the network's own numbers, with 5 samples; xplique's 0.2 with 50; zennit's 0.1 of the range with 20.";

export const noisyOptions = {
  samples: { ...methodOptions.samples, default: 50, description: "noisy copies of the picture" },
  noise: { ...methodOptions.noise, default: 0.15 },
  seed: { ...methodOptions.seed, default: 0, description: "the noise" },
} as const satisfies OptionTable;

export const deconvolutionInfo: MethodInfo = {
  takes: takes("slope"),
  slopes: true,
  title: methodTitles["deconvolution"],
  description: "the class projected back through the network, only by what is positive",
  paper: "Zeiler and Fergus 2013, arXiv 1311.2901",
  formula: "gradient with dx = max(dy, 0) at every ReLU",
  options: {},
  gradient: "bent",
  departures:
    "Captum leaves ReLU6 its gradient; here it is bent as ReLU is. In networks whose only gates are such ReLUs, as MobileNetV2, nothing is left that depends on the picture, and the map is a grid; max-pools keep it tied to the picture.",
};

export const fullGradInfo: MethodInfo = {
  takes: takes("zero", { inputs: planarInputs, several: "each" }),
  title: methodTitles["full-grad"],
  description: "where pixels and the biases of all convolutions give something to the logit",
  paper: "Srinivas and Fleuret 2019, arXiv 1905.00780",
  formula: "psi(x * d y_c / d x) + sum over layers and channels of psi(b * d y_c / d z)",
  options: {},
  gradient: "bent",
  departures:
    "psi is that of the authors: the size, rescaled to 0..1 a layer, enlarged bilinearly. pytorch-grad-cam leaves the input's part out and rescales each layer twice.",
};

export const gradientShapOptions = {
  baseline: { ...baselineOption, description: "what the baselines lie around" },
  samples: {
    ...methodOptions.samples,
    default: 64,
    description: "baselines, each with one gradient",
  },
  noise: {
    ...methodOptions.noise,
    default: { depends: "0.15, or none around a picture" },
    description: "standard deviation of the baselines, as a share of the picture's range",
  },
  seed: {
    ...methodOptions.seed,
    default: 0,
    description: "the baselines and the places on their paths",
  },
} as const satisfies OptionTable;

export const gradientShapInfo: MethodInfo = {
  takes: takes("pixels", { several: "each" }),
  title: methodTitles["gradient-shap"],
  description: "what each pixel gives to the logit, on average over many baselines",
  paper: "Lundberg and Lee 2017, arXiv 1705.07874; Erion et al. 2021, arXiv 1906.10670",
  formula: "mean_i (x - x'_i) * d y_c / d x at x'_i + a_i (x - x'_i), a_i uniform, x'_i drawn",
  options: gradientShapOptions,
  departures:
    "The paper draws baselines from the training data, which one picture does not have; here they are noise around --baseline. Captum adds noise to the picture instead, and draws places on the paths without spreading them evenly.",
};

export const guidedBackpropInfo: MethodInfo = {
  takes: takes("slope"),
  slopes: true,
  title: methodTitles["guided-backprop"],
  description: "edges and textures that excite the network; says little about the class",
  paper: "Springenberg et al. 2014, arXiv 1412.6806",
  formula: "gradient with dx = dy where y > 0 and dy > 0, else 0, at every ReLU",
  options: {},
  gradient: "bent",
  departures:
    "Captum and pytorch-grad-cam bend ReLU modules alone and leave ReLU6 its gradient, so that MobileNetV2 gives the plain gradient; here ReLU6 is bent too. Libraries that swap modules also miss ReLUs that are called as functions.",
};

export const pathOptions = {
  baseline: {
    ...baselineOption,
    default: "zero",
    description: "where the path starts; zero as in the paper",
  },
  steps: {
    ...methodOptions.steps,
    default: { depends: "as many as the tolerance needs" },
    description: "equal steps, not refined",
  },
  tolerance: {
    ...methodOptions.tolerance,
    default: 0.01,
    description: "how far the sum of the map may be off, as a share of y_c(x) - y_c(x')",
  },
} as const satisfies OptionTable;

export const integratedGradientsInfo: MethodInfo = {
  takes: takes("pixels"),
  title: methodTitles["integrated-gradients"],
  description: "what each pixel gives to the logit on the way from a baseline; the map adds up",
  paper: "Sundararajan et al. 2017, arXiv 1703.01365",
  formula: "(x - x') * integral over a from 0 to 1 of d y_c / d x at x' + a (x - x')",
  options: pathOptions,
  departures:
    "Libraries take a fixed number of steps (Captum 50 by Gauss and Legendre, xplique 50, zennit 20), so that maps of deep networks may be off by a third; --steps does so with midpoints. Here steps are halved where the gradient does not explain the score.",
};

export const rectifiedInfo: MethodInfo = {
  takes: takes("slope"),
  slopes: true,
  title: methodTitles["rectified"],
  description:
    "pixels that raise the logit, by paths along which every ReLU's gradient is positive",
  paper:
    "keras-vis, backprop modifier relu; the rule is that of Zeiler and Fergus 2013, arXiv 1311.2901",
  formula: "max(g, 0), g the gradient with dx = max(dy, 0) at every ReLU",
  options: {},
  gradient: "bent",
  departures:
    "keras-vis shows the absolute value instead of cutting what is negative at the input, where no ReLU stands. In networks without max-pools the map hardly depends on the picture, as that of deconvolution.",
};

export const smoothGradInfo: MethodInfo = {
  takes: takes("slope", { several: "each" }),
  slopes: true,
  title: methodTitles["smooth-grad"],
  description: "the mean gradient of noisy copies of the picture, which is less grainy",
  paper: "Smilkov et al. 2017, arXiv 1706.03825",
  formula: "mean_i d y_c / d x at x + e_i, e_i normal",
  options: noisyOptions,
  departures,
};

export const smoothGradSquaredInfo: MethodInfo = {
  takes: takes("slope", { several: "each" }),
  slopes: true,
  title: methodTitles["smooth-grad-squared"],
  description: "the mean square of noisy copies' gradients: how much a pixel matters, either way",
  paper: "Hooker et al. 2018, arXiv 1806.10758",
  formula: "mean_i (d y_c / d x at x + e_i)^2",
  options: noisyOptions,
  departures,
};

export const varGradInfo: MethodInfo = {
  takes: takes("slope", { several: "each" }),
  slopes: true,
  title: methodTitles["var-grad"],
  description: "the variance of noisy copies' gradients: where small changes change the slope",
  paper: "Adebayo et al. 2018, arXiv 1810.03292",
  formula: "mean_i (g_i - mean g)^2, g_i = d y_c / d x at x + e_i",
  options: noisyOptions,
  departures,
};
