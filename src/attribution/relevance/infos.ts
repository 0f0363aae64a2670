/** @file Methods that share the score out, in words, with their options: what computes them is loaded when it is asked for. */
import type { OptionTable } from "../../wording/option.ts";
import { methodTitles } from "../method-titles.ts";
import { methodOptions, type MethodInfo } from "../method.ts";
import { baselineOption } from "../perturbation/infos.ts";
import { takes } from "../takes.ts";

export const deepLiftOptions = {
  baseline: { ...baselineOption, description: "what the picture is compared with" },
} as const satisfies OptionTable;

export const deepLiftInfo: MethodInfo = {
  takes: takes("pixels"),
  title: methodTitles["deep-lift"],
  description: "what each pixel gives to the difference of the logit from that of a baseline",
  paper: "Shrikumar et al. 2017, arXiv 1704.02685",
  formula:
    "(x - x') * m, the gradient with (y - y') / (x - x') for the slope of every nonlinearity",
  options: deepLiftOptions,
  gradient: "bent",
  departures:
    "This is the rescale rule, as in Captum and SHAP; RevealCancel is not built. A product of two computed values shares its difference evenly, so that gates (x sigmoid(x), squeeze-excitation) add up; Captum gives them their gradient.",
};

/** What layers with weights may share their relevance by. */
export type LayerRuleName = "epsilon" | "gamma" | "z-plus" | "alpha2-beta1";

/** Rules of the layer that reads the picture; same is that of its kind. */
const firstRuleNames = ["same", "z-box", "w-square", "flat"] as const;

export type FirstRuleName = (typeof firstRuleNames)[number];

interface NamedComposite {
  readonly convolution: LayerRuleName;
  readonly dense: LayerRuleName;
  /** same by default. */
  readonly first?: FirstRuleName;
}

/** Rules and composites by name; those beginning with epsilon are zennit's. */
export const lrpRules: Readonly<Record<string, NamedComposite>> = {
  epsilon: { convolution: "epsilon", dense: "epsilon" },
  gamma: { convolution: "gamma", dense: "gamma" },
  "z-plus": { convolution: "z-plus", dense: "z-plus" },
  "alpha-beta": { convolution: "alpha2-beta1", dense: "alpha2-beta1" },
  "epsilon-plus": { convolution: "z-plus", dense: "epsilon" },
  "epsilon-plus-flat": { convolution: "z-plus", dense: "epsilon", first: "flat" },
  "epsilon-gamma": { convolution: "gamma", dense: "epsilon" },
  "epsilon-gamma-box": { convolution: "gamma", dense: "epsilon", first: "z-box" },
  "epsilon-alpha2-beta1": { convolution: "alpha2-beta1", dense: "epsilon" },
  "epsilon-alpha2-beta1-flat": { convolution: "alpha2-beta1", dense: "epsilon", first: "flat" },
};

export const lrpOptions = {
  rule: {
    ...methodOptions.rule,
    choices: Object.keys(lrpRules),
    default: "epsilon-plus",
    description: `${Object.keys(lrpRules).join(", ")}; epsilon-plus is z-plus for convolutions, epsilon for dense layers`,
  },
  first: {
    ...methodOptions.first,
    choices: firstRuleNames,
    default: { depends: "that of the composite" },
    description: `the rule of the layer that reads the picture: ${firstRuleNames.join(", ")}`,
  },
  epsilon: {
    ...methodOptions.epsilon,
    default: 1e-6,
    description: "added to the size of each denominator",
  },
  gamma: {
    ...methodOptions.gamma,
    default: 0.25,
    description: "how much more contributions of the output's sign count in gamma rules",
  },
} as const satisfies OptionTable;

export const lrpInfo: MethodInfo = {
  takes: takes("zero"),
  title: methodTitles["lrp"],
  description:
    "the logit shared out backwards from layer to layer down to the pixels, less what biases take or give; patented in Europe and the US",
  paper:
    "Bach et al. 2015, PLOS ONE 10(7); composites of Montavon et al. 2019 and Kohlbrenner et al. 2020",
  formula:
    "R_i = sum over j of q_ij / sum over i of q_ij * R_j, from R = y_c; q of x_i w_ij by the layer's rule",
  options: lrpOptions,
  gradient: "bent",
  departures:
    "Composites and strengths are zennit's; Captum adds 1e-9 to denominators, as --epsilon 1e-9 does. zennit's z-box is told the range of pixels; here it is that of the picture, each channel by itself. zennit leaves normalisations that are not folded, gates and functions that are no modules their gradient; docs/attribution.md says what has which rule here.",
};
