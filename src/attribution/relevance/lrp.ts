/** @file Layer-wise relevance propagation. */
import { option, say } from "../../wording/face.ts";
import { relevanceRules, type Composite } from "../../autodiff/relevance/relevance.ts";
import {
  alphaBetaRule,
  epsilonRule,
  flatRule,
  gammaRule,
  wSquareRule,
  zBoxRule,
  type LayerRule,
} from "../../autodiff/relevance/layers.ts";
import { relevancePaths } from "../../autodiff/relevance/paths.ts";
import { foldBatchNormalization } from "../../graph/fold-batch-normalization.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import type { OptionTable } from "../../wording/option.ts";
import { optionValues } from "../../wording/read-option.ts";
import { explainRows, type Walk } from "../gradient/explained-rows.ts";
import type { Heatmap, MapWarning } from "../heatmap.ts";
import { methodOptions, type MethodInfo } from "../method.ts";
import { pixelMap, type PixelGradientOptions } from "../gradient/pixel-gradients.ts";
import { formatPlain, formatShare } from "../../wording/numbers.ts";
import { takes } from "../takes.ts";

export interface LrpOptions extends PixelGradientOptions {
  /** A name of `lrpRules`; epsilon-plus by default. */
  readonly rule?: string;
  /** The rule of the layer that reads the picture, of `firstRules`; that of the composite by default. */
  readonly first?: string;
  /** Added to the size of each denominator; 1e-6 by default. */
  readonly epsilon?: number;
  /** How much more contributions of the output's sign count in gamma rules; 0.25 by default. */
  readonly gamma?: number;
}

interface Strengths {
  readonly epsilon: number;
  readonly gamma: number;
}

type RuleOf = (strengths: Strengths) => LayerRule;

const epsilon: RuleOf = (given) => epsilonRule(given.epsilon);
const gamma: RuleOf = (given) => gammaRule(given.gamma, given.epsilon);
const zPlus: RuleOf = (given) => alphaBetaRule(1, given.epsilon);
const alpha2beta1: RuleOf = (given) => alphaBetaRule(2, given.epsilon);

interface NamedComposite {
  readonly convolution: RuleOf;
  readonly dense: RuleOf;
  /** A name of `firstRules`; same by default. */
  readonly first?: string;
}

/** Rules and composites by name; those beginning with epsilon are zennit's. */
export const lrpRules: Readonly<Record<string, NamedComposite>> = {
  epsilon: { convolution: epsilon, dense: epsilon },
  gamma: { convolution: gamma, dense: gamma },
  "z-plus": { convolution: zPlus, dense: zPlus },
  "alpha-beta": { convolution: alpha2beta1, dense: alpha2beta1 },
  "epsilon-plus": { convolution: zPlus, dense: epsilon },
  "epsilon-plus-flat": { convolution: zPlus, dense: epsilon, first: "flat" },
  "epsilon-gamma": { convolution: gamma, dense: epsilon },
  "epsilon-gamma-box": { convolution: gamma, dense: epsilon, first: "z-box" },
  "epsilon-alpha2-beta1": { convolution: alpha2beta1, dense: epsilon },
  "epsilon-alpha2-beta1-flat": { convolution: alpha2beta1, dense: epsilon, first: "flat" },
};

/** Rules of the layer that reads the picture; undefined is that of its kind. */
const firstRules: Readonly<Record<string, RuleOf | undefined>> = {
  same: undefined,
  "z-box": (given) => zBoxRule(given.epsilon),
  "w-square": (given) => wSquareRule(given.epsilon),
  flat: (given) => flatRule(given.epsilon),
};

const lrpOptions = {
  rule: {
    ...methodOptions.rule,
    choices: Object.keys(lrpRules),
    default: "epsilon-plus",
    description: `${Object.keys(lrpRules).join(", ")}; epsilon-plus is z-plus for convolutions, epsilon for dense layers`,
  },
  first: {
    ...methodOptions.first,
    choices: Object.keys(firstRules),
    default: { depends: "that of the composite" },
    description: `the rule of the layer that reads the picture: ${Object.keys(firstRules).join(", ")}`,
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
  title: "LRP",
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

/**
 * The relevance of the pixels of every picture of `input` [N, C, H, W] for the logit (Bach et al. 2015, section 2).
 * Each map is [C, H, W], signed; but for what biases and epsilon absorb and what a rule leaves out it adds up to the
 * logit, and `figures` says to how much of it (`conserved`, a share); a map that is more than 5 % off is warned of (`incomplete`). Activation functions pass
 * relevance, a maximum gives it to the winner, sums and means share it by contribution, and of a signal and its gate the signal takes
 * all. Throws `unsupported-operator` for a network with other operators (attention, softmax),
 * `bad-option` for an unknown rule or a strength that is not positive.
 */
export async function lrp(model: Model, input: Tensor, options: LrpOptions): Promise<Heatmap[]> {
  const { targets, signal } = options;
  const rows = await explainRows(model, input, {
    targets,
    values: [model.input.name],
    walk: walkOf(options),
    ...(signal ? { signal } : {}),
  });
  const kind = { method: "lrp", unit: model.scoreName };
  return rows.map((row) => {
    const relevance = row.gradients[0]!;
    const sum = relevance.reduce((total, value) => total + value, 0);
    const conserved = row.score === 0 ? 1 : sum / row.score;
    const map = pixelMap(model, row, relevance, kind);
    return {
      ...map,
      figures: { conserved },
      warnings: [...map.warnings, ...conservation(conserved)],
    };
  });
}

/** A map with less of the score than this is one of places, not of amounts. */
const leastConserved = 0.01;
/** A map whose sum is further off what is explained than this share of it does not add up. */
const mostOff = 0.05;

function conservation(conserved: number): MapWarning[] {
  if (!Number.isFinite(conserved)) return [];
  const cause = "incomplete";
  const advice = say`compare the places of this map, not its numbers with another's, or try ${option("rule", "epsilon-gamma")}`;
  if (Math.abs(conserved) < leastConserved) {
    const kept = formatShare(Math.abs(conserved));
    return [{ cause, message: say`biases took all but ${kept} of what is explained: ${advice}` }];
  }
  if (Math.abs(conserved - 1) <= mostOff) return [];
  const sum = formatPlain(conserved, 3);
  return [
    {
      cause,
      message: say`the map does not add up to what is explained, but to ${sum} times it: biases and what the rule leaves out took or gave the rest; ${advice}`,
    },
  ];
}

/** Walks by their options, so that graphs that were built for them are found again. */
const walks = new Map<string, Walk>();

function walkOf(options: LrpOptions): Walk {
  const { rule, first: asked, ...strengths } = optionValues(lrpOptions, options);
  const named = lrpRules[rule]!;
  const firstName = asked ?? named.first ?? "same";
  const first = firstRules[firstName]?.(strengths);
  const composite: Composite = {
    convolution: named.convolution(strengths),
    dense: named.dense(strengths),
    epsilon: strengths.epsilon,
    ...(first ? { first } : {}),
  };
  const key = JSON.stringify([rule, firstName, strengths]);
  const walk = walks.get(key) ?? walkBy(composite);
  walks.set(key, walk);
  return walk;
}

function walkBy(composite: Composite): Walk {
  return (traced, kept) => {
    const graph = foldBatchNormalization(traced, kept);
    const rules = relevanceRules(composite, relevancePaths(graph));
    return { graph, rules, carries: "relevance" };
  };
}
