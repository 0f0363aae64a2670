/** @file Targets in words, and what a text of them was taken for. */
import { areValues, type Head } from "../network/head.ts";
import { nameIndex } from "../wording/name-index.ts";
import type { MarkedRegion } from "./target-marks.ts";
import type {
  BoxSide,
  BoxTarget,
  CombinationTarget,
  DirectionTarget,
  Region,
  RegionTarget,
  SimilarityTarget,
  Target,
  UnitRegionTarget,
  UnitTarget,
} from "./target.ts";

/** What was taken for a number, or the preferred class, though a label reads the same, a sentence each. */
export function targetNotes(
  text: string,
  labels: readonly string[] | undefined,
): readonly string[] {
  const parts = text.split(betweenTargets).flatMap((part) => part.trim().split(betweenTerms));
  return [...new Set(parts)].flatMap((part) => {
    const isTop = part === "top";
    const isNumber = /^\d+$/.test(part);
    const [label] = isTop || isNumber ? nameIndex(labels ?? [])(part) : [];
    if (label === undefined || label === Number(part)) return [];
    const taken = isTop ? "the class that the network prefers" : `class number ${part}`;
    return `target "${part}" is taken for ${taken}, not for the label "${labels![label]!}", which class ${label} has`;
  });
}

/** Words between classes, which are kept. */
export const betweenTerms = /\s+(minus|plus|[-+])\s+/;

/** Commas outside parentheses. */
export const betweenTargets = /,(?![^()]*\))/;

/** A target in words for headings: "water ouzel", "class 20 minus class 15", "layer conv2, channel 7, mean over places". */
export function targetText(target: Target, labels: readonly string[] | undefined): string {
  if (target.kind === "class") {
    return target.class === "top" ? "the top class" : className(target.class, labels);
  }
  if (target.kind === "combination") return combinationText(target, labels);
  if (target.kind === "region") return regionText(target, labels);
  if (target.kind === "box") return boxText(target, labels);
  if (target.kind === "similarity") return similarityText(target);
  if (target.kind === "unit-region") return unitRegionText(target);
  return `${unitText(target)}, ${placeText(target.place)}`;
}

function unitText(target: UnitTarget | DirectionTarget): string {
  const what = target.kind === "unit" ? `channel ${target.channel}` : "a direction";
  return `layer ${target.layer}, ${what}`;
}

function unitRegionText({ of, region }: UnitRegionTarget): string {
  const where = regionWords(region);
  return `${unitText(of)}, ${region.kind === "pixel" ? where : `mean ${where}`}`;
}

const sideWords: Readonly<Record<BoxSide, string>> = {
  x: "x of the centre of ",
  y: "y of the centre of ",
  w: "width of ",
  h: "height of ",
};

function boxText(
  { box, class: named, region, side }: BoxTarget,
  labels: readonly string[] | undefined,
): string {
  const of = named === undefined ? "" : ` of ${className(named, labels)}`;
  const where = region && region.kind !== "found" ? ` ${regionWords(region)}` : "";
  const what = side === undefined ? "" : sideWords[side];
  if (box === "all") return `${what}all boxes${of}${where}`;
  return `${what}${box === 0 ? "the best box" : `box ${box}`}${of}${where}`;
}

function similarityText({ reference, layer }: SimilarityTarget): string {
  return `similarity ${layer === undefined ? "" : `of layer ${layer} `}to ${reference.name}`;
}

function regionText(target: RegionTarget, labels: readonly string[] | undefined): string {
  const what =
    target.class === "top" ? "the class with the largest area" : className(target.class, labels);
  return `${termsText(what, target, labels)} ${regionWords(target.region)}`;
}

/** A class with those that are added and taken off. */
function termsText(
  first: string,
  { plus = [], minus = [] }: Pick<RegionTarget, "plus" | "minus">,
  labels: readonly string[] | undefined,
): string {
  const others = [
    ...plus.map((each) => ` plus ${className(each, labels)}`),
    ...minus.map((each) => ` minus ${className(each, labels)}`),
  ];
  return first + others.join("");
}

/** Where a region lies, in words. */
function regionWords(region: Region): string {
  switch (region.kind) {
    case "found":
      return "where it is found";
    case "mask":
      return "in the mask";
    case "box":
      return `in the box ${region.asked ?? `${region.left},${region.top},${region.right},${region.bottom}`}`;
    case "pixel":
      return `at pixel ${region.asked ?? `${region.x},${region.y}`}`;
  }
}

/**
 * What was explained of a map, in words: the class that was chosen, and where. Values are called by their output, and by
 * their channel where there are several.
 */
export function explainedRegionText(
  target: RegionTarget,
  { class: chosen, where }: Pick<MarkedRegion, "class" | "where">,
  { kind, output, units }: Pick<Head, "kind" | "output" | "units">,
): string {
  const isOfClasses = !areValues(kind);
  const channel = units === 1 ? `"${output}"` : `channel ${chosen!} of "${output}"`;
  const first = isOfClasses ? className(chosen!, target.names) : channel;
  const what = termsText(first, target, target.names);
  if (where === "highest") return `${what} at its highest 1 %`;
  if (where === "everywhere") return `${what} over all places, found nowhere`;
  return `${what} ${regionWords(target.region)}`;
}

function placeText(place: readonly number[] | undefined): string {
  if (!place) return "mean over places";
  const [row, column] = place;
  return column === undefined ? `token ${row}` : `row ${row}, column ${column}`;
}

function combinationText(
  { plus, minus, output }: CombinationTarget,
  labels: readonly string[] | undefined,
) {
  const joined = (classes: readonly number[], word: string) =>
    classes
      .map((target) => (output === undefined ? className(target, labels) : `${output}:${target}`))
      .join(` ${word} `);
  return minus.length === 0
    ? joined(plus, "plus")
    : `${joined(plus, "plus")} minus ${joined(minus, "minus")}`;
}

function className(target: number, labels: readonly string[] | undefined): string {
  return labels?.[target] ?? `class ${target}`;
}
