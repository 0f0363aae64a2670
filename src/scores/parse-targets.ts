/** @file Targets as text: classes, one class against another, units and directions of layers. */
import type {
  BoxSide,
  BoxTarget,
  CombinationTarget,
  DirectionTarget,
  Reference,
  SimilarityTarget,
  Target,
  UnitTarget,
} from "./target.ts";
import type { ClassTargets } from "./class-targets.ts";
import { LimpidError } from "../errors.ts";
import { parseClasses } from "./class-text.ts";
import { betweenTargets, betweenTerms } from "./target-text.ts";
import { option, say } from "../wording/face.ts";
import { nameIndex } from "../wording/name-index.ts";
import { entriesOf } from "../wording/lists.ts";

/**
 * The targets of a text, separated by commas: class numbers, labels or `top`; `A minus B` and `A plus B` of classes,
 * also of those of one output, as `output:A minus output:B`;
 * a class of another output as `output:label`; a unit as `layer:channel`, a direction as `layer:direction(0.2,-1,...)` with one number a channel, both also
 * `@ROWxCOLUMN` at one place; a box of a detector as `box:NUMBER`, 0 the best, and a side of it as `box:0.x` (also `.y`, `.w`, `.h`);
 * `similarity`, also `LAYER:similarity`, to a reference; the name of an output that holds one number. Labels, and layers of the names given, may hold commas. What is a label as it stands, other
 * than a number or `top`, is that label. Throws `bad-option`.
 */
export function parseTargets(
  text: string,
  labels: readonly string[] | undefined,
  layers: ReadonlySet<string> = new Set(),
  { reference, values = new Map(), outputs = new Map() }: NamedThings = {},
): readonly Target[] {
  const known = nameIndex(labels ?? []);
  const ofLabel = labelsInOutputs(outputs);
  const isKnown = (part: string) => known(part).length > 0;
  const isLabel = (part: string) => isKnown(part) || ofLabel(part) !== part;
  const areLabels = (part: string) =>
    part.split(betweenTerms).every((term, i) => i % 2 === 1 || isLabel(term));
  const isWhole = (part: string) =>
    isLabel(part) || layers.has(inLayer.exec(part)?.[1] ?? "") || areLabels(part);
  const parts = entriesOf(text, isWhole, betweenTargets);
  return parts.map((part) => {
    if (isKnown(part)) return parseClassTerms([part], labels);
    if (layers.has(inLayer.exec(part)?.[1] ?? "")) return parseInLayer(part)!;
    const box = ofBox.exec(part);
    if (box) return parseBox(box);
    const single = values.get(part);
    if (single !== undefined) return { kind: "unit", layer: part, channel: single };
    const terms = part.split(betweenTerms).map(ofLabel);
    return (
      parseSimilarity(part, reference) ??
      parseOfOutput(terms) ??
      parseInLayer(ofLabel(part)) ??
      parseClassTerms(terms, labels)
    );
  });
}

/** What targets may name besides classes and layers. */
export interface NamedThings {
  /** What `similarity` is meant to. */
  readonly reference?: Reference | undefined;
  /** Outputs that hold one number, with the class or number that their name alone means. */
  readonly values?: ReadonlyMap<string, number>;
  /** Names of classes of outputs that may be named before a label. */
  readonly outputs?: ReadonlyMap<string, readonly string[]> | undefined;
}

/** Writes `output:label` with the label's number; other texts as they are, and labels that two classes have. */
function labelsInOutputs(outputs: NonNullable<NamedThings["outputs"]>): (text: string) => string {
  return (text) => {
    for (const [output, labels] of outputs) {
      const label = text.startsWith(`${output}:`) ? text.slice(output.length + 1) : "";
      const found = nameIndex(labels)(label);
      if (found.length === 1 && !/^\d+$/.test(label)) return `${output}:${found[0]!}`;
    }
    return text;
  };
}

/** Classes of one output; undefined where no output, or only one class, is named. Throws `bad-option` for several outputs. */
function parseOfOutput(terms: readonly string[]): CombinationTarget | undefined {
  const named = terms.flatMap((term, i) => (i % 2 === 0 ? [ofOutput.exec(term)] : []));
  if (named.length < 2 || named.every((term) => !term)) return undefined;
  const outputs = [...new Set(named.map((term) => term?.[1]))];
  const [output] = outputs;
  if (outputs.length > 1 || output === undefined) {
    throw new LimpidError(
      "bad-option",
      `target: classes that are added or taken off must be of one output, got "${terms.join(" ")}". name the same output before each.`,
    );
  }
  return { kind: "combination", ...signed(terms, (_, i) => [Number(named[i]![2])]), output };
}

const ofOutput = /^(.+):(\d+)$/;

/** Throws `bad-option` where there is nothing to be alike to. */
function parseSimilarity(
  text: string,
  reference: Reference | undefined,
): SimilarityTarget | undefined {
  const found = /^(?:(.+):)?similarity$/i.exec(text);
  if (!found) return undefined;
  const [, layer] = found;
  if (reference)
    return { kind: "similarity", reference, ...(layer === undefined ? {} : { layer }) };
  throw new LimpidError(
    "bad-option",
    say`target: similarity must be to something, got no reference. give a picture, a folder or an embedding with ${option("reference", "FILE")}.`,
  );
}

/** A box by its number in the list, and what of it. */
const ofBox = /^box:(\d+)(?:\.([xywh]))?$/;

function parseBox([, box, side]: RegExpExecArray): BoxTarget {
  return {
    kind: "box",
    box: Number(box),
    ...(side === undefined ? {} : { side: side as BoxSide }),
  };
}

/** A layer, what is meant of it, and a place. */
const inLayer = /^(.+):(?:(\d+)|direction\(([^()]*)\))(?:@(\d+(?:x\d+)*))?$/;

function parseInLayer(text: string): UnitTarget | DirectionTarget | undefined {
  const found = inLayer.exec(text);
  if (!found) return undefined;
  const [, layer, channel, vector, at] = found;
  const place = at === undefined ? {} : { place: at.split("x").map(Number) };
  if (channel !== undefined) {
    return { kind: "unit", layer: layer!, channel: Number(channel), ...place };
  }
  return { kind: "direction", layer: layer!, vector: parseVector(vector!), ...place };
}

function parseVector(text: string): readonly number[] {
  return text.split(",").map((part) => {
    const value = Number(part);
    if (part.trim() !== "" && Number.isFinite(value)) return value;
    throw new LimpidError(
      "bad-option",
      `target: a direction must have numbers, one a channel, got "${part.trim()}". write direction(0.2,-1,...).`,
    );
  });
}

function parseClassTerms(terms: readonly string[], labels: readonly string[] | undefined): Target {
  const [text] = terms;
  if (terms.length === 1) {
    const target = parseClasses(text!, labels);
    return { kind: "class", class: target === "top" ? target : target[0]! };
  }
  const whole = terms.join(" ");
  const classesOf = (term: string) => numbered(parseClasses(term, labels), whole);
  return { kind: "combination", ...signed(terms, classesOf) };
}

/** Terms, with the words between them, by their signs. */
function signed(
  terms: readonly string[],
  classesOf: (term: string, i: number) => readonly number[],
): Pick<CombinationTarget, "plus" | "minus"> {
  const plus: number[] = [];
  const minus: number[] = [];
  for (let i = 0; i < terms.length; i += 2) {
    const isMinus = i > 0 && /minus|-/.test(terms[i - 1]!);
    for (const each of classesOf(terms[i]!, i / 2)) (isMinus ? minus : plus).push(each);
  }
  return { plus, minus };
}

/** The preferred class differs from picture to picture, but a combination is built once. */
function numbered(targets: ClassTargets, text: string): readonly number[] {
  if (targets !== "top") return targets;
  throw new LimpidError(
    "bad-option",
    `target: classes that are added or taken off must be named, got "${text}". give numbers or labels.`,
  );
}
