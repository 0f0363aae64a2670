/** @file What the numbers of an output are: classes, answers, values, and what says so. */
import { AttributeReader } from "../graph/attributes.ts";
import { isImagenetCount } from "./background-class.ts";
import type { ClassGroups } from "./class-groups.ts";
import { classAxisTold } from "./class-axis.ts";
import { ranking, type Ending, type FinalActivation } from "./final-activation.ts";
import type { GraphReader } from "./graph-reader.ts";
import { scalesToUnitLength } from "./unit-length.ts";
import { addsPicture, areShares, isOfPooledScores, sortingOf, type Bend } from "./last-sums.ts";

/** What the numbers of an output can be, with a sentence for help and documents. */
export const headKinds = {
  classes: "one of several classes: a softmax, or logits as they are",
  labels: "several answers of yes or no, each with a sigmoid",
  "yes-no": "one answer of yes or no: both sides of one number are classes",
  value: "one number in its own unit, without a probability",
  values: "several numbers in their own unit, without probabilities",
  embedding:
    "numbers that mean something together alone (features): pictures are compared by the angle between them",
  map: "classes at every place (segmentation): a class is its mean logit over the places where it is found, or over a part that is named",
  "value-map":
    "numbers at every place in their own unit (anomalies, a depth): of a picture a channel is the mean of its highest 1 % of places, or over a part that is named; when it is maximised, its mean over all places",
  boxes: "boxes of a detector, each with scores of classes: a box, or all of a class, is explained",
  items: "several numbers for each of many places or boxes, of which one has to be named",
} as const;

export type HeadKind = keyof typeof headKinds;

/** Sizes of an output, names for those that the file leaves open. */
export type Sizes = readonly (number | string)[];

/** What is known of an output. */
export interface HeadFacts {
  readonly reader: GraphReader;
  readonly ending: Ending;
  /** Its name. */
  readonly output: string;
  /** The value whose numbers are meant. */
  readonly answer: string;
  readonly shape: Sizes | undefined;
  /** Of the picture, [N, C, H, W]. */
  readonly inputShape: Sizes | undefined;
  readonly activation: FinalActivation | undefined;
  /** A sigmoid that is scaled, which gives a share of something. */
  readonly share: FinalActivation | undefined;
  /** How a row is joined of several softmaxes or sigmoids. */
  readonly groups: ClassGroups | undefined;
  readonly bend: Bend | undefined;
  /** Whether a softmax goes over another axis than that of the classes, as over the places of a heatmap. */
  readonly isOverOthers: boolean;
  /** How many classes there may be by the names that the file holds; empty where it holds none. */
  readonly named: ReadonlySet<number>;
}

/** What the numbers of an output are taken for. */
export interface KindFound {
  readonly kind: HeadKind;
  /** Whether nothing tells: neither an activation function, nor names, nor an operator that chooses the largest. */
  readonly isAssumed: boolean;
  /** What speaks against classes, where they would be the usual case. */
  readonly because?: string;
}

const told = (kind: HeadKind): KindFound => ({ kind, isAssumed: false });

const assumed = (kind: HeadKind, because?: string): KindFound => ({
  kind,
  isAssumed: true,
  ...(because === undefined ? {} : { because }),
});

/** What an output is, by its shape and by what stands at the end of the graph. */
export function kindOf(facts: HeadFacts): KindFound {
  const { shape, activation, named } = facts;
  const wide = (shape ?? []).slice(1).filter((size) => size !== 1);
  if (shape && wide.length > 1) {
    if (shape.length === 4) return kindOfMap(facts, shape);
    return isPlane(facts) ? kindOfPlane(facts) : told("items");
  }
  if (shape && wide.length === 0) {
    // One number is an answer if a sigmoid makes a probability of it, or if the file names two classes.
    if (activation?.kind === "sigmoid") return told("yes-no");
    const noLogits = noLogitsOf(facts);
    if (named.has(2) && noLogits === undefined) return told("yes-no");
    return assumed("value", noLogits);
  }
  const sorting = sortingOf(facts.reader, facts.answer);
  if (sorting) {
    const node = `${sorting.operator} ("${sorting.name}")`;
    return assumed("values", `${node} chooses its numbers, so that none belongs to one class`);
  }
  if (activation) return told(activation.kind === "sigmoid" ? "labels" : "classes");
  if (facts.groups) return told(facts.groups.finest === undefined ? "labels" : "classes");
  if (facts.share) return told("values");
  return kindOfRow(facts, wide[0]);
}

/**
 * Why no sigmoid of numbers can be meant: they are probabilities already, bounded, powers, or never below 0; undefined
 * where they may be logits, or a sigmoid's numbers, as they are or in percent.
 */
export function noLogitsOf(facts: HeadFacts): string | undefined {
  const { reader, answer, activation, groups, share, bend } = facts;
  if (activation?.kind === "sigmoid") return undefined;
  if (groups)
    return groups.finest === undefined
      ? undefined
      : "softmaxes make them, whose probabilities compete";
  if (activation) return "a softmax makes them, whose probabilities compete";
  if (share) return isPercent(share) ? undefined : "its sigmoid is scaled";
  // Logits may be products, and quotients, as of similarities.
  const isProduct = bend?.node.operator === "Mul" || bend?.node.operator === "Div";
  if (bend && !isProduct && (bend.isStrong || isOneSided(reader, bend))) return bendText(bend);
  return areShares(reader, answer) ? "it comes from probabilities" : undefined;
}

function isPercent({ scale }: FinalActivation): boolean {
  return Math.abs(scale / 100 - 1) < 1e-6;
}

/** Whether nothing below 0, which says no, comes out of a node. */
function isOneSided(reader: GraphReader, { node: { operator, inputs } }: Bend): boolean {
  if (operator === "Relu") return true;
  if (operator !== "Clip" && operator !== "Max") return false;
  return inputs.some((name, i) => {
    const isLeast = operator === "Max" || i === 1;
    return isLeast && (reader.scalarOf(name) ?? -1) >= 0;
  });
}

/** Numbers without an activation function. Of a network that does not say how many they are, classes are the usual case. */
function kindOfRow(facts: HeadFacts, units: number | string | undefined): KindFound {
  const { reader, answer, bend, named } = facts;
  if (typeof units === "number" && named.has(units)) return told("classes");
  if (areShares(reader, answer) || isRanked(facts, undefined)) return told("classes");
  if (bend && scalesToUnitLength(reader, bend.node) && !isDirection(units))
    return told("embedding");
  if (isCalled(facts, featureName) && !isDirection(units)) return assumed("embedding", calledSo);
  const isUsual =
    bend && !bend.isStrong && (isImagenetCount(units) || isOfPooledScores(reader, bend));
  if (!bend || isUsual) return assumed("classes");
  const isMany = !bend.isStrong && typeof units === "number" && units >= fewestFeatures;
  return assumed(isMany ? "embedding" : "values", bendText(bend));
}

const featureName = /(^|[^a-z])(embed(s|ding|dings)?|features?|descriptors?)([^a-z]|$)/i;

const anomalyName = /(^|[^a-z])anomal(y|ies|ous)([^a-z]|$)/i;

const calledSo = "its name says so";

function isCalled({ output }: HeadFacts, name: RegExp): boolean {
  return name.test(output.replaceAll(/([a-z])(?=[A-Z])/g, "$1_"));
}

/** Directions in space and turns of it are of length 1 too. */
function isDirection(units: number | string | undefined): boolean {
  return typeof units === "number" && units < fewestOfLength;
}

const fewestOfLength = 8;

/** Nobody measures as many things of a picture; features are as many or more. */
const fewestFeatures = 64;

function bendText({ node }: Bend): string {
  if (node.operator === "Sigmoid" || node.operator === "Softmax") {
    return `it comes from the probabilities of ${node.operator} ("${node.name}")`;
  }
  return `${node.operator} ("${node.name}") stands behind its last weights`;
}

/** Numbers at every place. */
function kindOfMap(facts: HeadFacts, shape: Sizes): KindFound {
  const { reader, answer, activation, share, bend, named, isOverOthers } = facts;
  const axis = axisOf(facts);
  const channels = shape[axis];
  if (typeof channels === "number" && named.has(channels)) return told("map");
  if (activation?.kind === "softmax" || isRanked(facts, axis)) return told("map");
  if (share) return assumed("value-map", "its sigmoid is scaled");
  if (isCalled(facts, anomalyName)) return assumed("value-map", calledSo);
  if (!activation && channels === 1) return assumed("value-map", "it has one channel");
  if (!activation && !isOverOthers && areShares(reader, answer)) return told("map");
  if (bend) return assumed("value-map", bendText(bend));
  if (isPicture(facts, shape, axis)) {
    return assumed("value-map", "it looks like a picture itself");
  }
  return assumed("map");
}

/** Whether an output [N, H, W] has one number at every place of the picture. */
function isPlane({ shape, inputShape }: Pick<HeadFacts, "shape" | "inputShape">): boolean {
  const [, , ...sides] = inputShape ?? [];
  return shape?.length === 3 && sides.every((side, i) => side === shape[i + 1]);
}

function kindOfPlane({ activation }: HeadFacts): KindFound {
  if (activation?.kind === "sigmoid") return assumed("map");
  return assumed("value-map", "it has one number at every place");
}

/** As the final activation has it, or the operators before it; else the first. */
function axisOf({ reader, answer, activation }: HeadFacts): number {
  const axis = activation?.axis;
  if (axis === undefined) return classAxisTold(reader.graph, answer) ?? 1;
  return axis < 0 ? axis + 4 : axis;
}

/**
 * Whether numbers at every place look like a picture: what is added to the picture itself, or three colours that are
 * more places than it has, or as many and bounded by a sigmoid. Plain sums of its own size are classes more often.
 */
function isPicture(facts: HeadFacts, shape: Sizes, axis: number): boolean {
  const { reader, answer, activation, inputShape } = facts;
  const [, channels, ...wanted] = inputShape ?? [];
  if (shape[axis] === channels && !activation && addsPicture(reader, answer)) return true;
  const sides = shape.filter((_, i) => i > 0 && i !== axis);
  const signs = sides.map((side, i) => {
    const of = wanted[i];
    if (typeof side === "number" && typeof of === "number") return Math.sign(side - of);
    return side === of ? 0 : -1;
  });
  if (shape[axis] !== 3 || signs.includes(-1)) return false;
  return signs.includes(1) || (activation?.kind === "sigmoid" && channels === 3);
}

/** Whether something in the graph chooses the largest of the numbers along an axis: then they compete, as classes do. */
function isRanked({ reader, ending, answer }: HeadFacts, axis: number | undefined): boolean {
  const own = new Set(ending.sameBefore(answer));
  return reader.graph.nodes.some((node) => {
    const { operator, domain, inputs } = node;
    if (domain !== "" || !ranking.has(operator)) return false;
    if (!ending.sameBefore(inputs[0]!).some((value) => own.has(value))) return false;
    const along = new AttributeReader(node).int("axis", operator === "ArgMax" ? 0 : -1);
    return axis === undefined ? along !== 0 : along === axis || along === axis - 4;
  });
}
