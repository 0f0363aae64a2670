/** @file The sentence that stands for a map: where its weight lies, in words. */
import type { InputKind } from "../../graph/input-parts.ts";
import type { Mask } from "../../image/mask.ts";
import { extremes, type Heatmap } from "../heatmap.ts";
import { estimateText } from "../perturbation/estimate-error.ts";
import { formatPlain, formatShare } from "../../wording/numbers.ts";
import { clamped, maximumAt, placeAt, placesOf, type Place, type PlaceMap } from "./place-map.ts";
import { areaHolding, massWithin, negativeMassShare, positiveEntropy } from "./positive-mass.ts";

/** What a map says about places. Shares are 0..1; NaN where a map has no positive number. */
export interface MapDescription {
  /** The first of the largest numbers, at the middle of its place: of a layer's, of what it sees. */
  readonly maximum: Place;
  /** Smallest share of the picture whose places hold half of the positive mass. */
  readonly halfMassShare: number;
  /** Entropy of the positive mass over the places, as a share of the largest possible: 1 is the same everywhere. */
  readonly entropy: number;
  /** Share of all mass, signs aside, that is negative. */
  readonly negativeShare: number;
  /** Share of the positive mass that lies in the part of the picture that is meant; left out where that is all. */
  readonly meantShare?: number;
  /** The sentence that stands for the picture. */
  readonly text: string;
}

/** The measures of a heatmap and its sentence, such as "maximum at upper left; 12 % of the picture holds half of the positive mass". */
export function describeMap(map: DescribedMap, meant?: Mask): MapDescription {
  return describeMapAt(map, (places, at) => placeText(map, places, at), meant);
}

type DescribedMap = Pick<Heatmap, "data" | "dims" | "centres" | "kind"> &
  Partial<Pick<Heatmap, "warnings" | "figures">>;

/** The same with other words for places, as where rows and columns count something. */
export function describeMapBy(map: DescribedMap, words: (place: Place) => string): MapDescription {
  return describeMapAt(map, (places, at) => words(ownPlace(map, places, at)));
}

/** Words for a place of a map by its number. */
type PlaceWords = (places: PlaceMap, at: number) => string;

function describeMapAt(map: DescribedMap, words: PlaceWords, meant?: Mask): MapDescription {
  const isPlaced = !map.warnings?.some(({ cause }) => cause === "mixed-places");
  const places = placesOf(map);
  const isPart = meant?.inside.includes(0) === true && isPlaced;
  const measures = {
    ...(isPart ? { meantShare: massWithin(places, meant) } : {}),
    maximum: ownPlace(map, places, maximumAt(places)),
    halfMassShare: areaHolding(places),
    entropy: positiveEntropy(places),
    negativeShare: negativeMassShare(places),
  };
  const where = sentence(map, places, measures, isPlaced ? words : undefined);
  const isEstimate = map.figures?.["evaluations"] !== undefined;
  return { ...measures, text: isEstimate ? `${where}; ${estimateText(map.figures)}` : where };
}

type MapOfKind = Pick<Heatmap, "dims" | "centres" | "kind">;

/** What holds a share of the mass, by the kind of input. */
const nouns = {
  picture: "of the picture holds",
  signal: "of the signal holds",
  volume: "of the volume holds",
  flat: "of the numbers hold",
  numbers: "of the numbers hold",
} as const satisfies Record<InputKind, string>;

/** A place of the map in shares of the input's own sides. */
function ownPlace({ kind, dims, centres }: MapOfKind, places: PlaceMap, at: number): Place {
  if (kind !== "volume") return placeAt(places, at);
  const [depth, height, width] = dims.slice(-3) as [number, number, number];
  const row = Math.floor(at / width);
  const share = (axis: readonly number[] | undefined, i: number, count: number) =>
    clamped(axis?.[i] ?? (i + 0.5) / count);
  return {
    x: share(centres?.x, at % width, width),
    y: share(centres?.y, row % height, height),
    z: share(centres?.z, Math.floor(row / height), depth),
    value: places.data[at]!,
  };
}

/** Where a place is, in words: thirds of pictures, shares of what is longer than it is wide or has a depth. */
function placeText(
  { kind = "picture", dims, centres }: MapOfKind,
  places: PlaceMap,
  at: number,
): string {
  const place = ownPlace({ kind, dims, ...(centres ? { centres } : {}) }, places, at);
  switch (kind) {
    case "picture":
      return regionOf(place);
    case "signal":
      return `${formatShare(place.x)} of the length`;
    case "volume":
      return `${formatShare(place.z!)} of the depth, ${formatShare(place.y)} of the height and ${formatShare(place.x)} of the width`;
    default:
      return `number ${at} of ${places.data.length}, counted from 0`;
  }
}

function sentence(
  own: MapOfKind,
  map: PlaceMap,
  { halfMassShare, meantShare, negativeShare }: Omit<MapDescription, "text">,
  words: PlaceWords | undefined,
): string {
  if (map.data.some((value) => !Number.isFinite(value))) return "holds NaN or infinity";
  const { min, max } = extremes(map.data);
  if (min === max) return `${formatPlain(max)}${map.data.length > 1 ? " everywhere" : ""}`;
  if (!(max > 0)) {
    const lowest = map.data.indexOf(min);
    const what = max < 0 ? "no place is positive" : "nothing is positive";
    return words ? `${what}; minimum at ${words(map, lowest)}` : what;
  }
  const parts = [
    ...(words ? [`maximum at ${words(map, maximumAt(map))}`] : []),
    `${formatShare(halfMassShare)} ${nouns[own.kind ?? "picture"]} half of the positive mass`,
  ];
  if (meantShare !== undefined) {
    parts.push(`${formatShare(meantShare)} of the positive mass lies in the outlined part`);
  }
  if (negativeShare > 0) parts.push(`${formatShare(negativeShare)} of all mass is negative`);
  return parts.join("; ");
}

const regions = [
  ["upper left", "top", "upper right"],
  ["left", "centre", "right"],
  ["lower left", "bottom", "lower right"],
] as const;

/** The third of the height and width that a place lies in, in words. */
export function regionOf({ x, y }: Pick<Place, "x" | "y">): string {
  const third = (share: number) => Math.min(Math.floor(share * 3), 2);
  return regions[third(y)]![third(x)]!;
}
