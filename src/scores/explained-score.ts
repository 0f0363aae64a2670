/** @file What a model says of what is explained of one picture: the class, and its numbers. */
import type { Model } from "../network/model.ts";
import { classOf, logitOf, preferredAmong, probabilityOf } from "./class-targets.ts";

/** The numbers of what is explained of one picture. */
export interface ExplainedScore {
  /** The class that is explained; 0 for what is no class. */
  readonly target: number;
  /** What is explained: the logit, or the probability if the model keeps its activation. */
  readonly score: number;
  /** What the score is: the model's `scoreName`. */
  readonly scoreName: string;
  readonly logit: number;
  /** Null where what is explained has none. */
  readonly probability: number | null;
}

/** The numbers of a picture with these scores and logits [units], for a class that is fed. */
export function explainedScore(
  model: Model,
  scores: readonly number[],
  logits: readonly number[],
  fed: number,
): ExplainedScore {
  const { kind } = model.head;
  const preferred = preferredAmong(model.head);
  const target = classOf(fed, kind === "yes-no" ? logits : scores, kind, preferred);
  return {
    target,
    score: logitOf(scores, target, kind),
    scoreName: model.scoreName,
    logit: logitOf(logits, target, kind),
    probability: probabilityOf(logits, target, model.head),
  };
}

/** Only the numbers of something that has more. */
export function onlyScore(row: ExplainedScore): ExplainedScore {
  const { target, score, scoreName, logit, probability } = row;
  return { target, score, scoreName, logit, probability };
}
