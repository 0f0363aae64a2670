/** @file Layer-wise relevance propagation. */
import { lrpOptions, lrpRules, type FirstRuleName, type LayerRuleName } from "./infos.ts";
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
import { optionValues } from "../../wording/read-option.ts";
import { explainRows, type Walk } from "../gradient/explained-rows.ts";
import type { Heatmap, MapWarning } from "../heatmap.ts";
import { pixelMap, type PixelGradientOptions } from "../gradient/pixel-gradients.ts";
import { formatPlain, formatShare } from "../../wording/numbers.ts";

export interface LrpOptions extends PixelGradientOptions {
  /** A name of `lrpRules`; epsilon-plus by default. */
  readonly rule?: string;
  /** The rule of the layer that reads the picture, a name of `firstRules`; that of the composite by default. */
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

const layerRules: Readonly<Record<LayerRuleName, RuleOf>> = {
  epsilon: (given) => epsilonRule(given.epsilon),
  gamma: (given) => gammaRule(given.gamma, given.epsilon),
  "z-plus": (given) => alphaBetaRule(1, given.epsilon),
  "alpha2-beta1": (given) => alphaBetaRule(2, given.epsilon),
};

/** Undefined is the rule of the layer's kind. */
const firstRules: Readonly<Record<FirstRuleName, RuleOf | undefined>> = {
  same: undefined,
  "z-box": (given) => zBoxRule(given.epsilon),
  "w-square": (given) => wSquareRule(given.epsilon),
  flat: (given) => flatRule(given.epsilon),
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
    convolution: layerRules[named.convolution](strengths),
    dense: layerRules[named.dense](strengths),
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
