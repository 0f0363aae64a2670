/** @file The end of a network: which output is explained, what its numbers are, and what their probabilities are. */
import { LimpidError } from "../errors.ts";
import { nodesBefore } from "../graph/edit.ts";
import type { Graph, ValueInfo } from "../graph/graph.ts";
import { formatShape } from "../graph/tensor.ts";
import { closestNames } from "../wording/closest-names.ts";
import { Ending, type FinalActivation } from "./final-activation.ts";
import { classNamesIn } from "./labels.ts";

/** What the numbers of an output can be, with a sentence for help and documents. */
export const headKinds = {
  classes: "one of several classes: a softmax, or logits as they are",
  labels: "several answers of yes or no, each with a sigmoid",
  "yes-no": "one answer of yes or no: both sides of one number are classes",
  value: "one number in its own unit, without a probability",
  values: "several numbers in their own unit, without probabilities",
  map: "classes at every place (segmentation): a class is its mean logit over the places where it is found",
  items: "several numbers for each of many places or boxes, of which one has to be named",
} as const;

export type HeadKind = keyof typeof headKinds;

/** How probabilities come of the logits; `own` where the numbers are probabilities already, if they sum to 1. */
type Probabilities = "softmax" | "sigmoid" | "own" | "none";

/** The end of a network. */
export interface Head {
  /** The output that is explained. */
  readonly output: string;
  readonly kind: HeadKind;
  /** What the network's final activation reads; the output itself if there is none. */
  readonly logits: string;
  /** The final activation of the network itself. */
  readonly activation: FinalActivation["kind"] | undefined;
  /** What the final activation gives; the output itself if there is none. */
  readonly activated: string;
  /** Whether `activated` holds logarithms of probabilities. */
  readonly isLog: boolean;
  readonly probabilities: Probabilities;
  /** The axis of the classes of a map, as it counts from the start or the end; undefined where nothing says. */
  readonly classAxis: number | undefined;
  /** False if the output's shape, of which too little is known, could still make another kind of it. */
  readonly isSure: boolean;
}

export interface HeadOptions {
  /** Name of the output; without it the floating one that most nodes lead to. */
  readonly output?: string;
  /** What its numbers are; without it what the graph says. */
  readonly kind?: HeadKind;
  /** Its shape, where the graph does not know it. */
  readonly shape?: readonly (number | string)[];
}

/**
 * The head of a network, a final softmax or sigmoid found also behind operators that only change the shape, scale,
 * bound or take logarithms. Of several outputs the floating one that most nodes lead to is meant, the first of
 * equals: an auxiliary classifier, logits beside their softmax and features all lie before it. Throws `bad-file`
 * if there is no floating output, and `bad-option` for an output that there is not.
 */
export function headOf(graph: Graph, options: HeadOptions = {}): Head {
  const output = options.output === undefined ? mainOutput(graph) : named(graph, options.output);
  const ending = new Ending(graph);
  const found = ending.activationOf(output);
  // A sigmoid that is scaled gives a share of something, an age of at most 100 as well as a probability in percent.
  const isShare = found?.kind === "sigmoid" && Math.abs(found.scale - 1) > 1e-6;
  const activation = isShare ? undefined : found;
  const shape = options.shape ?? shapeOf(graph, output);
  const areValues = !activation && (isShare || ending.isNormalised(output));
  const isBent = !activation && (areValues || ending.isBent(output));
  const kind = options.kind ?? kindOf(graph, shape, activation, areValues);
  return {
    output,
    kind,
    logits: activation?.logits ?? output,
    activation: activation?.kind,
    activated: activation?.value ?? output,
    isLog: activation?.isLog ?? false,
    probabilities: probabilitiesOf(kind, activation, isBent),
    classAxis: activation?.axis,
    isSure: options.kind !== undefined || isKnown(shape),
  };
}

function isKnown(shape: readonly (number | string)[] | undefined): boolean {
  return shape !== undefined && shape.slice(1).every((size) => typeof size === "number");
}

/** The sizes of an output as far as they are known. */
function shapeOf(graph: Graph, output: string): readonly (number | string)[] | undefined {
  return graph.shapes.get(output)?.dims ?? graph.outputs.find(({ name }) => name === output)?.dims;
}

/** Outputs that could be explained. */
export function floatingOutputs(graph: Graph): readonly ValueInfo[] {
  return graph.outputs.filter(({ type }) => type === undefined || /^b?float/.test(type));
}

function kindOf(
  graph: Graph,
  shape: readonly (number | string)[] | undefined,
  activation: FinalActivation | undefined,
  areValues: boolean,
): HeadKind {
  const wide = (shape ?? []).slice(1).filter((size) => size !== 1);
  if (wide.length > 1) return shape!.length === 4 ? "map" : "items";
  // Of a network that does not say how many numbers it gives, classes are the usual case.
  if (shape !== undefined && wide.length === 0) return unitKind(graph, activation);
  if (activation?.kind === "sigmoid") return "labels";
  return areValues ? "values" : "classes";
}

/** One number is an answer if a sigmoid makes a probability of it, or if the file names two classes. */
function unitKind(graph: Graph, activation: FinalActivation | undefined): HeadKind {
  if (activation?.kind === "sigmoid") return "yes-no";
  return classNamesIn(graph.metadata)?.length === 2 ? "yes-no" : "value";
}

function probabilitiesOf(
  kind: HeadKind,
  activation: FinalActivation | undefined,
  isBent: boolean,
): Probabilities {
  if (kind === "yes-no" || kind === "labels") return isBent ? "none" : "sigmoid";
  if (kind !== "classes") return "none";
  if (activation) return activation.kind;
  return isBent ? "own" : "softmax";
}

function mainOutput(graph: Graph): string {
  const floating = floatingOutputs(graph);
  const [first] = floating;
  if (!first) {
    const found = graph.outputs.map((output) => `"${output.name}" ${output.type}`).join(", ");
    throw new LimpidError(
      "bad-file",
      `model: the network must have an output of floating numbers, got ${found || "none"}. export it with its logits.`,
    );
  }
  if (floating.length === 1) return first.name;
  const depths = floating.map(({ name }) => nodesBefore(graph, name).size);
  return floating[depths.indexOf(Math.max(...depths))]!.name;
}

function named(graph: Graph, asked: string): string {
  const outputs = floatingOutputs(graph);
  if (outputs.some(({ name }) => name === asked)) return asked;
  const names = outputs.map(({ name, dims }) => `"${name}" ${formatShape(dims ?? [])}`);
  const near = closestNames(
    asked,
    outputs.map(({ name }) => name),
  );
  throw new LimpidError(
    "bad-option",
    `output: must be an output of floating numbers, got "${asked}". there are ${names.join(", ")}${near.length > 0 ? `; closest: "${near[0]!}"` : ""}.`,
  );
}
