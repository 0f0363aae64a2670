/** @file The value that is explained of a detector: its scores before their sigmoid, or as log-odds where there is none. */
import type { Graph } from "../../graph/graph.ts";
import { say, type Message } from "../../wording/face.ts";
import { Appended } from "../appended.ts";
import { beforeSigmoid } from "./before-sigmoid.ts";
import type { Detector } from "./detection.ts";

/** What the numbers of scores are once their sigmoid is off. */
type ScoreForm = "logit" | "sum of logits" | "log-odds";

/** A graph with the scores' logits, which lie where the scores do. */
export interface BoxLogits {
  readonly graph: Graph;
  readonly logits: string;
  readonly form: ScoreForm;
  /** What is to be said of it. */
  readonly notes: readonly Message[];
}

/**
 * The graph with a value of the shape of the scores' own that holds logits: the scores themselves where they are some, what
 * their sigmoid or softmax reads, else the log-odds of what they are, log(p / (1 - p)) with p between 1e-6 and 1 - 1e-6.
 */
export function withBoxLogits(graph: Graph, { scores, activation }: Detector): BoxLogits {
  const { value } = scores;
  if (activation !== undefined) return { graph, logits: value, form: "logit", notes: [] };
  const before = beforeSigmoid(graph, value);
  if (before) {
    const { graph: extended, value: logits, isSum } = before;
    if (!isSum) return { graph: extended, logits, form: "logit", notes: [] };
    const note = say`the scores of output "${value}" are products of probabilities: the sum of their logits is explained`;
    return { graph: extended, logits, form: "sum of logits", notes: [note] };
  }
  return withLogOdds(graph, value);
}

/** Probabilities nearer to 0 or 1 than this have no slope. */
const edge = 1e-6;

function withLogOdds(graph: Graph, value: string): BoxLogits {
  const b = new Appended(value);
  const [least, most] = [b.numbers("least", [], [edge]), b.numbers("most", [], [1 - edge])];
  const probability = b.node("Clip", [value, least, most], "probability");
  const rest = b.node("Sub", [b.numbers("one", [], [1]), probability], "rest");
  const logits = b.node("Log", [b.node("Div", [probability, rest], "odds")], "log odds");
  return {
    graph: b.behind(graph),
    logits,
    form: "log-odds",
    notes: [
      say`no sigmoid or softmax is found before the scores of output "${value}": their log-odds are explained, which are flat below ${edge} and above ${1 - edge}`,
    ],
  };
}
