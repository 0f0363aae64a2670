/** @file The end of a network: which output is explained, what its numbers are, and what their probabilities are. */
import { LimpidError } from "../errors.ts";
import type { Graph, Node, ValueInfo } from "../graph/graph.ts";
import { formatShape } from "../graph/tensor.ts";
import { closestNames } from "../wording/closest-names.ts";
import { classGroupsOf, valuesJoined, type ClassGroups } from "./class-groups.ts";
import { requireKind, requireLogits, unfit } from "./asked-kind.ts";
import { chosenHead } from "./chosen-head.ts";
import type { Detector } from "./detection/detection.ts";
import { findDetector } from "./detection/find-detector.ts";
import type { SeenNumbers } from "./detection/seen-numbers.ts";
import { Ending, type FinalActivation } from "./final-activation.ts";
import { gradientStop } from "./gradient-stop.ts";
import { GraphReader } from "./graph-reader.ts";
import {
  kindOf,
  noLogitsOf,
  type HeadFacts,
  type HeadKind,
  type KindFound,
  type Sizes,
} from "./head-kind.ts";
import { namedCounts } from "./labels.ts";
import { areShares, bendOf } from "./last-sums.ts";

/**
 * How probabilities come of the logits; `own` where the numbers are probabilities already, if they sum to 1, and `groups`
 * where parts of them have a softmax or sigmoids each.
 */
type Probabilities = "softmax" | "sigmoid" | "groups" | "own" | "none";

/** Why one of several outputs is explained. */
interface Choice {
  readonly because: string;
  /** Outputs that were passed over because they have no gradient. */
  readonly flat: readonly string[];
}

/** The end of a network. */
export interface Head {
  /** The output that is explained. */
  readonly output: string;
  /** The value whose numbers are meant: the output, or the one that it lists the largest numbers of, or their places. */
  readonly answer: string;
  /** The node that lists them. */
  readonly ranking: Node | undefined;
  readonly kind: HeadKind;
  /** Whether nothing but its shape tells what the output is. */
  readonly isAssumed: boolean;
  /** What speaks against classes, where they would be the usual case. */
  readonly because: string | undefined;
  /** Why its numbers are no logits of answers; undefined where they can be, or come out of a sigmoid. */
  readonly noLogits: string | undefined;
  /** Whether its numbers are those of a sigmoid in percent. */
  readonly isPercent: boolean;
  /** Whether a map [N, H, W] has one channel, without an axis. */
  readonly isPlane: boolean;
  /** Whether its numbers are plain sums of what the last weights gave. */
  readonly isSum: boolean;
  /** How many numbers, of a map how many channels, `answer` has for a picture; undefined where that is open. */
  readonly units: number | undefined;
  /** What the network's final activation reads; the output itself if there is none. */
  readonly logits: string;
  /** The final activation of the network itself. */
  readonly activation: FinalActivation["kind"] | undefined;
  /** What the final activation gives; the logits if there is none. */
  readonly activated: string;
  /** Whether `activated` holds logarithms of probabilities. */
  readonly isLog: boolean;
  readonly probabilities: Probabilities;
  /** How its row is joined of several softmaxes or sigmoids; undefined for rows of one, or none. */
  readonly groups: ClassGroups | undefined;
  /** The axis of the classes of a map, as it counts from the start or the end; undefined where nothing says. */
  readonly classAxis: number | undefined;
  /** The node at which the gradient ends before it reaches the picture; undefined where it comes through. */
  readonly stop: Node | undefined;
  /** What its boxes are read from, where it is a detector's. */
  readonly detector: Detector | undefined;
  /** How it was chosen of several outputs; undefined where it was named, or is the only one. */
  readonly choice: Choice | undefined;
  /** False if the shape of an output, of which too little is known, could still make another head. */
  readonly isSure: boolean;
}

export interface HeadOptions {
  /** Name of the output; without it the one that looks most like the network's answer. */
  readonly output?: string;
  /** What its numbers are; without it what the graph says. */
  readonly kind?: HeadKind;
  /** Shapes of values by their names, where the graph does not know them. */
  readonly shapes?: ReadonlyMap<string, readonly number[]>;
  /** What a run showed of a detector's outputs. */
  readonly seen?: SeenNumbers;
  /** How many names of classes the user gives, of a detector whose file does not tell how many there are. */
  readonly names?: number;
}

/**
 * The head of a network, a final softmax or sigmoid found also behind operators that only change the shape, scale, sign,
 * bound or take logarithms. Of several outputs the one is meant that `chosenHead` chooses. Throws `bad-file`
 * if there is no floating output, and `bad-option` for an output that there is not.
 */
export function headOf(graph: Graph, options: HeadOptions = {}): Head {
  const detector = detectorIn(graph, options);
  if (detector) return boxesHead(graph, detector, options);
  if (options.output !== undefined) return endOf(graph, named(graph, options.output), options);
  const outputs = answerOutputs(graph);
  if (outputs.length === 0) throw noOutput(graph);
  if (outputs.length === 1) return endOf(graph, outputs[0]!.name, options);
  const { kind, ...told } = options;
  const heads = outputs.map(({ name }) => endOf(graph, name, told));
  const fitting = heads.filter(({ answer, noLogits }) => {
    if (kind === undefined) return true;
    return !unfit(kind, shapeOf(graph, answer, told)) && !(answerKinds.has(kind) && noLogits);
  });
  const names = namedCounts(graph.metadata);
  const { head, because } = chosenHead(graph, fitting.length > 0 ? fitting : heads, names);
  const chosen = kind === undefined ? head : endOf(graph, head.output, options);
  const isSure = kind !== undefined || heads.every((each) => each.isSure);
  const flat = heads.filter(({ stop }) => stop).map(({ output }) => output);
  return { ...chosen, choice: { because, flat }, isSure };
}

/** The detector that a network is, unless its user says that its numbers are something else. */
function detectorIn(graph: Graph, options: HeadOptions): Detector | undefined {
  const { kind, output, shapes, seen, names } = options;
  if (kind !== undefined && kind !== "boxes") return undefined;
  return findDetector(graph, {
    isAsked: kind === "boxes",
    ...(seen ? { seen } : {}),
    ...(names === undefined ? {} : { names }),
    ...(output === undefined ? {} : { output }),
    ...(shapes ? { shapes } : {}),
  });
}

/** The head of a detector: its scores, as the output has them. */
function boxesHead(graph: Graph, detector: Detector, options: HeadOptions): Head {
  const { output, classes, scores } = detector;
  const end = endOf(graph, output, { ...options, kind: "boxes" });
  return {
    ...end,
    answer: scores.value,
    ranking: undefined,
    isAssumed: detector.isAssumed,
    units: classes,
    logits: scores.value,
    activation: undefined,
    activated: scores.value,
    isLog: false,
    probabilities: "none",
    groups: undefined,
    detector,
    isSure: true,
  };
}

/** The end of a network at one of its outputs. */
function endOf(graph: Graph, output: string, options: HeadOptions): Head {
  const { kind: asked } = options;
  const reader = new GraphReader(graph);
  const ending = new Ending(reader);
  const asItIs = asked !== undefined && valueKinds.has(asked);
  const ranking = asItIs ? undefined : ending.rankingOf(output);
  const answer = ranking?.inputs[0] ?? output;
  const shape = shapeOf(graph, answer, options);
  if (asked !== undefined) requireKind(asked, output, shape);
  const facts = factsOf(graph, { reader, ending, output, answer, shape }, options);
  const noLogits = noLogitsOf(facts);
  if (asked !== undefined && answerKinds.has(asked)) requireLogits(asked, output, noLogits);
  const { kind, isAssumed, because }: KindFound =
    asked === undefined ? kindOf(facts) : { kind: asked, isAssumed: false };
  const activation = activationFor(kind, facts);
  const groups = valueKinds.has(kind) ? undefined : facts.groups;
  // Of logarithms and costs of probabilities that were mixed, the probabilities themselves are explained.
  const turned =
    activation || groups || valueKinds.has(kind) ? undefined : ending.turnedFrom(answer);
  const logits =
    activation?.logits ?? (turned !== undefined && areShares(reader, turned) ? turned : answer);
  const isOpen = facts.isOpen || !isKnown(shape);
  return {
    output,
    answer,
    ranking,
    kind,
    isAssumed,
    because,
    noLogits,
    isPercent: facts.share !== undefined && noLogits === undefined,
    isPlane: isOfPlaces(kind) && shape?.length === 3,
    isSum: !facts.activation && !facts.bend,
    units: unitsOf(shape, kind, activation?.axis),
    logits,
    activation: activation?.kind ?? activationOfGroups(groups),
    activated: activation?.value ?? logits,
    isLog: activation?.isLog ?? groups?.isLog ?? false,
    groups,
    probabilities: probabilitiesOf(kind, { ...facts, activation }),
    classAxis: activation?.axis,
    stop: gradientStop(reader, logits),
    detector: undefined,
    choice: undefined,
    isSure: (asked !== undefined && asked !== "boxes") || !isOpen,
  };
}

/** Kinds whose numbers are told as the output has them. */
const valueKinds: ReadonlySet<HeadKind> = new Set(["value", "values", "embedding", "value-map"]);

/** Kinds of which each number has a probability of its own, by a sigmoid. */
const answerKinds: ReadonlySet<HeadKind> = new Set(["yes-no", "labels"]);

/** Of answers also the sigmoid that is told in percent. */
function activationFor(kind: HeadKind, facts: HeadFacts): FinalActivation | undefined {
  if (valueKinds.has(kind)) return undefined;
  return facts.activation ?? (answerKinds.has(kind) ? facts.share : undefined);
}

/** What is taken off: softmaxes, or of sigmoids alone those. */
function activationOfGroups(groups: ClassGroups | undefined): Head["activation"] {
  if (!groups) return undefined;
  return groups.finest === undefined ? "sigmoid" : "softmax";
}

/** Whether a head's numbers are values, and no classes. */
export function areValues(kind: HeadKind): boolean {
  return valueKinds.has(kind);
}

/** Whether a head's numbers are means over places, one a channel. */
export function isOfPlaces(kind: HeadKind): boolean {
  return kind === "map" || kind === "value-map";
}

type Known = Pick<HeadFacts, "reader" | "ending" | "output" | "answer" | "shape">;

function factsOf(
  graph: Graph,
  known: Known,
  options: HeadOptions,
): HeadFacts & { readonly isOpen: boolean } {
  const { reader, ending, answer, shape } = known;
  const found = ending.activationOf(answer);
  const activatedShape =
    found && (options.shapes?.get(found.value) ?? graph.shapes.get(found.value)?.dims);
  const over = overClasses(found, shape, activatedShape);
  const isShare = over?.kind === "sigmoid" && !over.isLogarithm && Math.abs(over.scale - 1) > 1e-6;
  const activation = isShare ? undefined : over;
  const [input] = graph.inputs;
  const isTold = found?.axis === undefined || activatedShape !== undefined;
  const groups = activation || isShare ? undefined : groupsFor(graph, known, options);
  return {
    ...known,
    inputShape: input && (options.shapes?.get(input.name) ?? input.dims),
    activation,
    share: isShare ? over : undefined,
    groups: groups === "open" ? undefined : groups,
    bend: activation ? undefined : bendOf(reader, answer),
    isOverOthers: found !== undefined && over === undefined,
    named: namedCounts(graph.metadata),
    // Whether a softmax has axes that only a run tells.
    isOpen: (found?.kind === "softmax" && found.isReshaped && !isTold) || groups === "open",
  };
}

/** The groups of a row; what has several axes are no classes of the picture. */
function groupsFor(graph: Graph, { reader, ending, answer, shape }: Known, options: HeadOptions) {
  const wide = shape?.slice(1).filter((size) => size !== 1);
  if (wide?.length !== 1) return undefined;
  const sizesOf = (value: string) => shapeOf(graph, value, options);
  return classGroupsOf({ reader, ending, sizesOf }, answer);
}

/** The final softmax, unless it goes over another axis than that of the classes. */
function overClasses(
  found: FinalActivation | undefined,
  shape: Sizes | undefined,
  activatedShape: readonly number[] | undefined,
): FinalActivation | undefined {
  const sizes = activatedShape ?? (found?.isReshaped ? undefined : shape);
  if (found?.kind !== "softmax" || found.axis === undefined || !sizes) return found;
  const axis = found.axis < 0 ? found.axis + sizes.length : found.axis;
  const others = sizes.filter((size, i) => i > 0 && i !== axis && size !== 1);
  const isMap = sizes.length === 4 && (axis === 1 || axis === 3) && sizes[axis] !== 1;
  return others.length === 0 || isMap ? found : undefined;
}

function isKnown(shape: Sizes | undefined): boolean {
  return shape !== undefined && shape.slice(1).every((size) => typeof size === "number");
}

/** How many numbers a picture has, of a map how many channels. */
function unitsOf(shape: Sizes | undefined, kind: HeadKind, axis = 1): number | undefined {
  if (!shape) return undefined;
  if (isOfPlaces(kind) && shape.length === 3) return 1;
  const sizes = isOfPlaces(kind) ? [shape.at(axis)!] : shape.slice(1);
  return sizes.every((size) => typeof size === "number")
    ? sizes.reduce((product, size) => product * size, 1)
    : undefined;
}

/** The sizes of a value as far as they are known. */
function shapeOf(graph: Graph, value: string, { shapes }: HeadOptions): Sizes | undefined {
  const declared = graph.outputs.find(({ name }) => name === value)?.dims;
  return shapes?.get(value) ?? graph.shapes.get(value)?.dims ?? declared;
}

/** What a traced graph tells of the ends that were found without it. */
export function shapesFound(traced: Graph, graph: Graph): Pick<HeadOptions, "shapes"> {
  const reader = new GraphReader(graph);
  const ending = new Ending(reader);
  const ends = answerOutputs(graph).flatMap(({ name }) => {
    const answer = ending.rankingOf(name)?.inputs[0] ?? name;
    const found = ending.activationOf(answer);
    const joined = valuesJoined({ reader, ending }, answer) ?? [];
    return [name, answer, ...(found ? [found.value] : []), ...joined];
  });
  const names = [...[...graph.inputs, ...graph.outputs].map(({ name }) => name), ...ends];
  const shapes = names.flatMap((name) => {
    const dims = traced.shapes.get(name)?.dims;
    return dims ? [[name, dims] as const] : [];
  });
  return { shapes: new Map(shapes) };
}

/**
 * Outputs that could be explained: those of floating numbers; of a network that has none, those that say which of such
 * numbers is the largest, as segmenters that end in ArgMax.
 */
export function answerOutputs(graph: Graph): readonly ValueInfo[] {
  const floating = graph.outputs.filter(({ type }) => type === undefined || /^b?float/.test(type));
  if (floating.length > 0) return floating;
  const ending = new Ending(new GraphReader(graph));
  return graph.outputs.filter(({ name }) => ending.rankingOf(name) !== undefined);
}

function probabilitiesOf(
  kind: HeadKind,
  { activation, groups, bend, reader, answer }: HeadFacts,
): Probabilities {
  if (groups && !valueKinds.has(kind)) return groups.finest === undefined ? "sigmoid" : "groups";
  if (kind === "yes-no" || kind === "labels") return !activation && bend ? "none" : "sigmoid";
  if (kind !== "classes") return "none";
  if (activation) return activation.kind;
  return bend?.isStrong || areShares(reader, answer) ? "own" : "softmax";
}

function noOutput(graph: Graph): LimpidError {
  const found = graph.outputs.map((output) => `"${output.name}" ${output.type}`).join(", ");
  return new LimpidError(
    "bad-file",
    `model: the network must have an output of floating numbers, got ${found || "none"}. export it with its logits.`,
  );
}

function named(graph: Graph, asked: string): string {
  const outputs = answerOutputs(graph);
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
