/** @file What is explained, given as text: classes, one class against another, units of layers. */
import type { Aim, CombinationAim } from "./aim.ts";
import type { Targets } from "./targets.ts";
import { LimpidError } from "../errors.ts";
import { parseTargets } from "./class-text.ts";

/**
 * The aims of a text, separated by commas: class numbers, labels or `top`; `A minus B` and `A plus B` of classes;
 * a unit as `layer:channel`, or `layer:channel@ROWxCOLUMN` at one place. Throws `bad-option`.
 */
export function parseAims(text: string, labels: readonly string[] | undefined): readonly Aim[] {
  const isLabel = labels?.some((label) => label.toLowerCase() === text.toLowerCase());
  // A label may hold commas of its own.
  const parts = isLabel ? [text] : text.split(",").map((part) => part.trim());
  return parts.map((part) => parseUnit(part) ?? parseClasses(part, labels));
}

function parseUnit(text: string): Aim | undefined {
  const found = /^(.+):(\d+)(?:@(\d+(?:x\d+)*))?$/.exec(text);
  if (!found) return undefined;
  const [, layer, channel, place] = found;
  const unit = { kind: "unit", layer: layer!, channel: Number(channel) } as const;
  return place === undefined ? unit : { ...unit, place: place.split("x").map(Number) };
}

function parseClasses(text: string, labels: readonly string[] | undefined): Aim {
  const terms = text.split(/\s+(minus|plus|[-+])\s+/);
  const classOf = (term: string) => parseTargets(term, labels);
  if (terms.length === 1) {
    const target = classOf(text);
    return { kind: "class", class: target === "top" ? target : target[0]! };
  }
  const plus: number[] = [];
  const minus: number[] = [];
  for (let i = 0; i < terms.length; i += 2) {
    const isMinus = i > 0 && /minus|-/.test(terms[i - 1]!);
    (isMinus ? minus : plus).push(...numbered(classOf(terms[i]!), text));
  }
  return { kind: "combination", plus, minus };
}

/** The preferred class differs from picture to picture, but a combination is built once. */
function numbered(targets: Targets, text: string): readonly number[] {
  if (targets !== "top") return targets;
  throw new LimpidError(
    "bad-option",
    `target: classes that are added or taken off must be named, got "${text}". give numbers or labels.`,
  );
}

/** An aim in words for headings: "water ouzel", "class 20 minus class 15", "layer conv2, channel 7, mean over places". */
export function aimText(aim: Aim, labels: readonly string[] | undefined): string {
  if (aim.kind === "class") {
    return aim.class === "top" ? "the top class" : className(aim.class, labels);
  }
  if (aim.kind === "combination") return combinationText(aim, labels);
  return `layer ${aim.layer}, channel ${aim.channel}, ${placeText(aim.place)}`;
}

function placeText(place: readonly number[] | undefined): string {
  if (!place) return "mean over places";
  const [row, column] = place;
  return column === undefined ? `token ${row}` : `row ${row}, column ${column}`;
}

function combinationText({ plus, minus }: CombinationAim, labels: readonly string[] | undefined) {
  const joined = (classes: readonly number[], word: string) =>
    classes.map((target) => className(target, labels)).join(` ${word} `);
  return minus.length === 0
    ? joined(plus, "plus")
    : `${joined(plus, "plus")} minus ${joined(minus, "minus")}`;
}

function className(target: number, labels: readonly string[] | undefined): string {
  return labels?.[target] ?? `class ${target}`;
}
