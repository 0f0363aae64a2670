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
  /** The shape of what the final activation gives, where it is known. */
  readonly activatedShape?: readonly number[];
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
  const shape = options.shape ?? shapeOf(graph, output);
  if (options.kind !== undefined) requireKind(options.kind, output, shape);
  const asItIs = options.kind === "value" || options.kind === "values";
  const found = asItIs ? undefined : overClasses(ending.activationOf(output), shape, options);
  // A sigmoid that is scaled gives a share of something, an age of at most 100 as well as a probability in percent.
  const isShare = found?.kind === "sigmoid" && Math.abs(found.scale - 1) > 1e-6;
  const activation = isShare ? undefined : found;
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
    isSure: options.kind !== undefined || (isKnown(shape) && !isOpen(found, options)),
  };
}

/** The final softmax, unless it goes over another axis than that of the classes. */
function overClasses(
  found: FinalActivation | undefined,
  shape: readonly (number | string)[] | undefined,
  { activatedShape }: HeadOptions,
): FinalActivation | undefined {
  const sizes = activatedShape ?? (found?.isReshaped ? undefined : shape);
  if (found?.kind !== "softmax" || found.axis === undefined || !sizes) return found;
  const axis = found.axis < 0 ? found.axis + sizes.length : found.axis;
  const others = sizes.filter((size, i) => i > 0 && i !== axis && size !== 1);
  const isMap = sizes.length === 4 && (axis === 1 || axis === 3) && sizes[axis] !== 1;
  return others.length === 0 || isMap ? found : undefined;
}

/** Whether a softmax has axes that only a run tells. */
function isOpen(found: FinalActivation | undefined, { activatedShape }: HeadOptions): boolean {
  const isTold = found?.axis === undefined || activatedShape !== undefined;
  return found?.kind === "softmax" && found.isReshaped && !isTold;
}

/** Throws `bad-option` for a kind that an output of this shape cannot be. */
function requireKind(
  kind: HeadKind,
  output: string,
  shape: readonly (number | string)[] | undefined,
): void {
  if (!shape) return;
  const units = shape
    .slice(1)
    .reduce((product: number, size) => product * (typeof size === "number" ? size : 1), 1);
  const isOpen = shape.slice(1).some((size) => typeof size !== "number");
  const wanted = {
    "yes-no": units === 1 ? undefined : "one number",
    value: units === 1 ? undefined : "one number",
    classes: units > 1 || isOpen ? undefined : "several numbers",
    labels: units > 1 || isOpen ? undefined : "several numbers",
    values: undefined,
    items: undefined,
    map: shape.length === 4 ? undefined : "four axes",
  }[kind];
  if (wanted === undefined) return;
  throw new LimpidError(
    "bad-option",
    `kind: "${kind}" must be of an output with ${wanted}, got "${output}" of shape ${formatShape(shape)}. choose another kind.`,
  );
}

function isKnown(shape: readonly (number | string)[] | undefined): boolean {
  return shape !== undefined && shape.slice(1).every((size) => typeof size === "number");
}

/** The sizes of an output as far as they are known. */
function shapeOf(graph: Graph, output: string): readonly (number | string)[] | undefined {
  return graph.shapes.get(output)?.dims ?? graph.outputs.find(({ name }) => name === output)?.dims;
}

/** What a traced graph tells of the end that was found without it. */
export function shapesFound(
  traced: Graph,
  { output, activated }: Pick<Head, "output" | "activated">,
): Pick<HeadOptions, "shape" | "activatedShape"> {
  const [shape, activatedShape] = [output, activated].map((name) => traced.shapes.get(name)?.dims);
  return { ...(shape ? { shape } : {}), ...(activatedShape ? { activatedShape } : {}) };
}

/** Whether the same is explained of an output. */
export function isSameHead(one: Head, other: Head): boolean {
  return one.kind === other.kind && one.logits === other.logits;
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
