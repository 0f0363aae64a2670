/** @file Targets as text: classes, one class against another, units and directions of layers. */
import type { CombinationTarget, DirectionTarget, Target, UnitTarget } from "./target.ts";
import type { ClassTargets } from "./class-targets.ts";
import { LimpidError } from "../errors.ts";
import { parseClasses } from "./class-text.ts";
import { entriesOf } from "../wording/lists.ts";

/**
 * The targets of a text, separated by commas: class numbers, labels or `top`; `A minus B` and `A plus B` of classes;
 * a unit as `layer:channel`, a direction as `layer:direction(0.2,-1,...)` with one number a channel, both also
 * `@ROWxCOLUMN` at one place. Labels, and layers of the names given, may hold commas. Throws `bad-option`.
 */
export function parseTargets(
  text: string,
  labels: readonly string[] | undefined,
  layers: ReadonlySet<string> = new Set(),
): readonly Target[] {
  const known = new Set(labels?.map((label) => label.toLowerCase()));
  const isWhole = (part: string) =>
    known.has(part.toLowerCase()) || layers.has(inLayer.exec(part)?.[1] ?? "");
  const parts = entriesOf(text, isWhole, betweenTargets);
  return parts.map((part) => parseInLayer(part) ?? parseClassTerms(part, labels));
}

/** Commas outside parentheses. */
const betweenTargets = /,(?![^()]*\))/;

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

function parseClassTerms(text: string, labels: readonly string[] | undefined): Target {
  const terms = text.split(/\s+(minus|plus|[-+])\s+/);
  const classOf = (term: string) => parseClasses(term, labels);
  if (terms.length === 1) {
    const target = classOf(text);
    return { kind: "class", class: target === "top" ? target : target[0]! };
  }
  const plus: number[] = [];
  const minus: number[] = [];
  for (let i = 0; i < terms.length; i += 2) {
    const isMinus = i > 0 && /minus|-/.test(terms[i - 1]!);
    for (const each of numbered(classOf(terms[i]!), text)) (isMinus ? minus : plus).push(each);
  }
  return { kind: "combination", plus, minus };
}

/** The preferred class differs from picture to picture, but a combination is built once. */
function numbered(targets: ClassTargets, text: string): readonly number[] {
  if (targets !== "top") return targets;
  throw new LimpidError(
    "bad-option",
    `target: classes that are added or taken off must be named, got "${text}". give numbers or labels.`,
  );
}

/** A target in words for headings: "water ouzel", "class 20 minus class 15", "layer conv2, channel 7, mean over places". */
export function targetText(target: Target, labels: readonly string[] | undefined): string {
  if (target.kind === "class") {
    return target.class === "top" ? "the top class" : className(target.class, labels);
  }
  if (target.kind === "combination") return combinationText(target, labels);
  const what = target.kind === "unit" ? `channel ${target.channel}` : "a direction";
  return `layer ${target.layer}, ${what}, ${placeText(target.place)}`;
}

function placeText(place: readonly number[] | undefined): string {
  if (!place) return "mean over places";
  const [row, column] = place;
  return column === undefined ? `token ${row}` : `row ${row}, column ${column}`;
}

function combinationText(
  { plus, minus }: CombinationTarget,
  labels: readonly string[] | undefined,
) {
  const joined = (classes: readonly number[], word: string) =>
    classes.map((target) => className(target, labels)).join(` ${word} `);
  return minus.length === 0
    ? joined(plus, "plus")
    : `${joined(plus, "plus")} minus ${joined(minus, "minus")}`;
}

function className(target: number, labels: readonly string[] | undefined): string {
  return labels?.[target] ?? `class ${target}`;
}
