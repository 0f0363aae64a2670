/** @file The usual preprocessings tried on a picture, for networks that do not say theirs. */
import { tensor, type Tensor } from "../graph/tensor.ts";
import type { Picture } from "../image/picture.ts";
import {
  inputSizeOf,
  preprocess,
  preprocessings,
  type Preprocessing,
} from "../image/preprocess.ts";
import type { Model } from "./model.ts";
import { candidatesFor, preprocessingEvidence, type Misfit } from "./preprocessing-evidence.ts";

/** What a network makes of a picture in one preparation. */
export interface Answer {
  /** The top class; undefined where outputs are no classes. */
  readonly target?: number;
  /** Of it, 0..1. */
  readonly probability?: number;
}

/** A preprocessing that was tried. */
interface Candidate extends Answer {
  readonly how: Preprocessing;
  /** How it fits the first batch normalisation; undefined where nothing tells. */
  readonly misfit: Misfit | undefined;
}

/**
 * What came of it: one fits and the others do not; the usual one fits, and others nearly as well; others than the usual
 * one fit; none does; nothing tells.
 */
type Verdict = "fits" | "usual fits" | "several fit" | "none fits" | "nothing tells";

export interface Comparison {
  readonly candidates: readonly Candidate[];
  readonly chosen: Preprocessing;
  readonly verdict: Verdict;
  /** Names of the ranges that fit. */
  readonly fitting: readonly string[];
}

/** By how much the penalty of another must be larger, and how large that of one that fits may be. */
const margin = 3;
const mostPenalty = 4.5;

/** How pictures that were prepared are asked of a model: [1, C, H, W] in the network's range. */
export type Ask = (model: Model, input: Tensor) => Promise<Answer>;

/**
 * Tries the usual preprocessings on a picture. Only what is told by running statistics decides: a network is as sure of
 * itself on wrong numbers as on right ones. The order of colours is never decided, one picture's colours tell too little.
 * Without `ask` the candidates have no answers.
 */
export async function comparePreprocessings(
  model: Model,
  picture: Picture,
  usual: Preprocessing,
  ask?: Ask,
): Promise<Comparison> {
  const size = inputSizeOf(usual, model.input.dims ?? ["N", "C", "H", "W"]);
  const inputOf = (how: Preprocessing) => {
    const { dims, data } = preprocess(picture, how, size);
    return tensor("float32", dims, data);
  };
  const fit = await preprocessingEvidence(model, () => inputOf(preprocessings.unit));
  const candidates: Candidate[] = [];
  for (const how of candidatesFor(size.channels)) {
    candidates.push({ how, misfit: fit?.(how), ...(await ask?.(model, inputOf(how))) });
  }
  return { candidates, ...verdictOf(candidates, usual) };
}

function verdictOf(
  candidates: readonly Candidate[],
  usual: Preprocessing,
): Omit<Comparison, "candidates"> {
  const ranked = rangesOf(candidates).toSorted((a, b) => a.penalty - b.penalty);
  const [best] = ranked;
  if (!best) return { chosen: usual, verdict: "nothing tells", fitting: [] };
  if (best.penalty > mostPenalty) return { chosen: usual, verdict: "none fits", fitting: [] };
  const near = ranked.filter(({ penalty }) => penalty < best.penalty + margin);
  const fitting = near.map(({ how }) => how.name);
  if (near.length === 1) return { chosen: best.how, verdict: "fits", fitting };
  if (fitting.includes(usual.name)) return { chosen: usual, verdict: "usual fits", fitting };
  return { chosen: best.how, verdict: "several fit", fitting };
}

/** Each range in its usual order of colours, with the better fit of both orders. */
function rangesOf(candidates: readonly Candidate[]) {
  const ranges = new Map<string, { readonly how: Preprocessing; readonly penalty: number }>();
  for (const { how, misfit } of candidates) {
    if (!misfit) continue;
    const known = ranges.get(how.name);
    const penalty = Math.min(known?.penalty ?? misfit.penalty, misfit.penalty);
    ranges.set(how.name, { how: known?.how ?? how, penalty });
  }
  return [...ranges.values()];
}
