/** @file What a model says of what is explained of one picture: the class, and its numbers. */
import type { Model } from "../network/model.ts";
import { classOf, logitOf, probabilityOf } from "./class-targets.ts";

/** The numbers of what is explained of one picture. */
export interface ExplainedScore {
  /** The class that is explained; 1 for what is no class. */
  readonly target: number;
  /** What is explained: the logit, or the probability if the model keeps its activation. */
  readonly score: number;
  /** What the score is: the model's `scoreName`. */
  readonly scoreName: string;
  readonly logit: number;
  readonly probability: number;
}

/** The numbers of a picture with these scores and logits [units], for a class that is fed. */
export function explainedScore(
  model: Model,
  scores: readonly number[],
  logits: readonly number[],
  fed: number,
): ExplainedScore {
  const target = classOf(fed, scores.length === 1 ? logits : scores);
  return {
    target,
    score: logitOf(scores, target),
    scoreName: model.scoreName,
    logit: logitOf(logits, target),
    probability: probabilityOf(logits, target, model.head.activation),
  };
}

/** Only the numbers of something that has more. */
export function onlyScore(row: ExplainedScore): ExplainedScore {
  const { target, score, scoreName, logit, probability } = row;
  return { target, score, scoreName, logit, probability };
}
