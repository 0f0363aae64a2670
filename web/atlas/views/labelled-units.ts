/** @file Units that are found by what is known of them: the class that they are or speak for, the folder of most of their photos. */
import type { UnitLabel } from "../../../src/atlas/site/site-data.ts";
import type { LabelSearch } from "../atlas-data.ts";
import { namesFound, type FoundUnit } from "../search.ts";
import { viewTexts, type ViewTexts } from "./view-texts.ts";

/** More would hide the end of the list. */
const mostFound = 12;

/** The units whose labels hold every word of a query: the best names first, then the surest labels, then the last layers. */
export function labelledUnits({
  labels,
  index,
  query,
  settings,
}: LabelSearch): readonly FoundUnit[] {
  const texts = viewTexts[settings.language];
  const ranks = new Map(namesFound(labels.names, query).map((name, rank) => [name, rank]));
  const found = labels.layers.flatMap((ofLayer, at) =>
    ofLayer.flatMap((label) => {
      const rank = ranks.get(label[1]);
      return rank === undefined ? [] : [{ at, label, rank }];
    }),
  );
  const seen = new Set<string>();
  return found
    .toSorted((a, b) => a.rank - b.rank || sureness(b.label) - sureness(a.label) || b.at - a.at)
    .filter(({ at, label: [unit] }) => !seen.has(`${at}/${unit}`) && seen.add(`${at}/${unit}`))
    .slice(0, mostFound)
    .map(({ at, label }) => ({
      kind: "unit",
      layer: index.layers[at]!,
      unit: label[0],
      label: wordsOf(label, labels.names, texts),
    }));
}

/** A class that a unit is, then its photos by their share, then what it speaks for. */
function sureness(label: UnitLabel): number {
  if (label[2] === "photos") return label[3] / label[4];
  return label[2] === "is" ? 2 : 0;
}

function wordsOf(label: UnitLabel, names: readonly string[], texts: ViewTexts): string {
  const name = names[label[1]]!;
  if (label[2] === "is") return name;
  if (label[2] === "speaks") return `${texts.labelSpeaks} ${name}`;
  return `${texts.labelMostly} ${name} ${label[3]}/${label[4]}`;
}
