/** @file Where a map's weight lies: measures of position, and the sentence that stands for the picture. */
import { LimpidError } from "../../errors.ts";
import type { InputKind } from "../../graph/input-parts.ts";
import { maskShare, type Mask } from "../../image/mask.ts";
import { orderOf, type PlaceCentres } from "../../image/placed-plane.ts";
import { extremes, type Heatmap } from "../heatmap.ts";
import { estimateText } from "../perturbation/estimate-error.ts";
import { formatPlain, formatShare } from "../../wording/numbers.ts";

/** A map with one number a place, row by row: [height, width]. */
export interface PlaceMap {
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
  /** Where the columns and rows lie, in shares of the picture; undefined for the plain grid. */
  readonly centres?: PlaceCentres;
}

/** A rectangle in shares of the picture, from its upper left corner: 0..1, `left` < `right`, `top` < `bottom`. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** THE list of halves that weight is compared between. */
export const halves = {
  left: { left: 0, top: 0, right: 0.5, bottom: 1 },
  right: { left: 0.5, top: 0, right: 1, bottom: 1 },
  upper: { left: 0, top: 0, right: 1, bottom: 0.5 },
  lower: { left: 0, top: 0.5, right: 1, bottom: 1 },
} as const satisfies Readonly<Record<string, Box>>;

/** A place in shares of the picture, 0..1, from the upper left corner, and its number. */
export interface Place {
  readonly x: number;
  readonly y: number;
  /** Of volumes, in shares of the depth. */
  readonly z?: number;
  readonly value: number;
}

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

/**
 * The map of places of a heatmap, of signals and numbers in one row, of volumes slice below slice: class activation maps as they are, of pixel maps [C, H, W] at each place
 * the number of the channel that is farthest from 0 (Simonyan et al. 2013, section 3, with its sign) or the
 * sum over the channels.
 */
export function placesOf(
  { data, dims: own, centres, kind }: Pick<Heatmap, "data" | "dims" | "centres" | "kind">,
  channels: "farthest" | "sum" = "farthest",
): PlaceMap {
  const dims = planeDims(kind === undefined ? { dims: own } : { dims: own, kind });
  const [height, width] = dims.slice(-2) as [number, number];
  const places = height * width;
  if (data.length === places)
    return { height, width, data, ...(centres && kind !== "volume" ? { centres } : {}) };
  const merged = new Float32Array(places);
  for (let at = 0; at < data.length; at += places) {
    for (let i = 0; i < places; i++) {
      const value = data[at + i]!;
      if (channels === "sum") merged[i]! += value;
      else if (!(Math.abs(value) <= Math.abs(merged[i]!))) merged[i] = value;
    }
  }
  return { height, width, data: merged };
}

/** The shape that stands for a map of an input of another kind: [C, rows, columns] or [rows, columns]. */
function planeDims({ kind = "picture", dims }: Pick<Heatmap, "kind" | "dims">): readonly number[] {
  const [first = 1, second = 1, ...others] = dims;
  switch (kind) {
    case "picture":
      return dims;
    case "signal":
      return dims.length === 1 ? [1, first] : [first, 1, second];
    case "volume":
      return dims.length === 3
        ? [first * second, others[0]!]
        : [first, second * others[0]!, others[1]!];
    default:
      return [1, first];
  }
}

/** The first of the largest numbers. NaN is passed over. */
export function maximumOf(map: PlaceMap): Place {
  return placeAt(map, maximumAt(map));
}

function maximumAt(map: PlaceMap): number {
  let best = 0;
  for (let i = 1; i < map.data.length; i++) {
    if (map.data[i]! > map.data[best]! || Number.isNaN(map.data[best]!)) best = i;
  }
  return best;
}

function placeAt({ height, width, data, centres }: PlaceMap, i: number): Place {
  const [row, column] = [Math.floor(i / width), i % width];
  return {
    x: clamped(centres?.x[column] ?? (column + 0.5) / width),
    y: clamped(centres?.y[row] ?? (row + 0.5) / height),
    value: data[i]!,
  };
}

/** What sees mostly padding has its centre outside of the picture. */
function clamped(share: number): number {
  return Math.min(Math.max(share, 0), 1);
}

/**
 * Share of the positive mass that lies within a box; a place that the box cuts counts by its area inside.
 * NaN without positive numbers. Throws `bad-option` for a box without area or beyond the picture.
 */
export function positiveMassWithin(map: PlaceMap, box: Box): number {
  requireBox(box);
  const columns = overlaps(map.centres?.x, map.width, [box.left, box.right]);
  const rows = overlaps(map.centres?.y, map.height, [box.top, box.bottom]);
  let inside = 0;
  let total = 0;
  for (let y = 0; y < map.height; y++) {
    for (let x = 0; x < map.width; x++) {
      const mass = Math.max(map.data[y * map.width + x]!, 0);
      total += mass;
      inside += mass * rows[y]! * columns[x]!;
    }
  }
  return inside / total;
}

function requireBox({ left, top, right, bottom }: Box): void {
  if (left >= 0 && left < right && right <= 1 && top >= 0 && top < bottom && bottom <= 1) return;
  throw new LimpidError(
    "bad-option",
    `box: it must lie inside the picture, 0 <= left < right <= 1 and 0 <= top < bottom <= 1, got ${left}, ${top}, ${right}, ${bottom}. give shares of the picture's sides.`,
  );
}

/** The borders of `count` places: halfway between their centres, and as far from the outermost ones on both sides. */
function edgesOf(centres: readonly number[] | undefined, count: number): readonly number[] {
  if (!centres || count === 1) return Array.from({ length: count + 1 }, (_, i) => i / count);
  const inner = centres.slice(1).map((centre, i) => (centres[i]! + centre) / 2);
  const [first, last] = [2 * centres[0]! - inner[0]!, 2 * centres.at(-1)! - inner.at(-1)!];
  return [first, ...inner, last].map(clamped);
}

/** Of each place, the share that lies between two numbers; of one without extent all or nothing. */
function overlaps(
  centres: readonly number[] | undefined,
  count: number,
  [from, to]: readonly [number, number],
): readonly number[] {
  const order = centres ? orderOf(centres) : [...Array(count).keys()];
  const edges = edgesOf(
    centres?.toSorted((a, b) => a - b),
    count,
  );
  const shares = edges.slice(1).map((end, i) => {
    const begin = edges[i]!;
    if (!(end > begin)) return begin >= from && begin <= to ? 1 : 0;
    return Math.max(Math.min(to, end) - Math.max(from, begin), 0) / (end - begin);
  });
  const placed = new Float64Array(count);
  for (const [rank, place] of order.entries()) placed[place] = shares[rank]!;
  return [...placed];
}

/**
 * Smallest share of the picture whose places hold a share of the positive mass, half by default. The last
 * place counts by the part of it that is needed, so that maps of few places compare with maps of many. NaN
 * without positive numbers.
 */
export function areaHolding({ data }: PlaceMap, share = 0.5): number {
  const masses = Float64Array.from(data, (value) => Math.max(value, 0))
    .sort()
    .reverse();
  const wanted = share * masses.reduce((sum, mass) => sum + mass, 0);
  if (!(wanted > 0)) return Number.NaN;
  let held = 0;
  for (const [count, mass] of masses.entries()) {
    if (held + mass >= wanted) return (count + (wanted - held) / mass) / masses.length;
    held += mass;
  }
  // Rounding may leave the sum of the parts just under the whole.
  return masses.findIndex((mass) => mass === 0) / masses.length;
}

/** -sum p log p / log n over the positive mass of n places: 0 in one place, 1 the same everywhere. NaN without positive numbers. */
export function positiveEntropy({ data }: PlaceMap): number {
  const masses = Float64Array.from(data, (value) => Math.max(value, 0));
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  if (!(total > 0)) return Number.NaN;
  const sum = masses.reduce((entropy, mass) => {
    const p = mass / total;
    return p > 0 ? entropy - p * Math.log(p) : entropy;
  }, 0);
  return masses.length > 1 ? sum / Math.log(masses.length) : 1;
}

/** Share of the sum of all sizes that negative numbers make up; NaN of a map of zeros. */
export function negativeMassShare({ data }: PlaceMap): number {
  let negative = 0;
  let total = 0;
  for (const value of data) {
    if (value < 0) negative -= value;
    total += Math.abs(value);
  }
  return negative / total;
}

/** Share of the positive mass of a map that lies within a mask over the whole picture. NaN without positive numbers. */
function massWithin(map: PlaceMap, mask: Mask): number {
  const share = maskShare(mask);
  const columns = cellsOf(map.centres?.x, map.width, mask.widthPx);
  const rows = cellsOf(map.centres?.y, map.height, mask.heightPx);
  let [inside, total] = [0, 0];
  for (const [y, [top, bottom]] of rows.entries()) {
    for (const [x, [left, right]] of columns.entries()) {
      const mass = Math.max(map.data[y * map.width + x]!, 0);
      total += mass;
      if (mass > 0) inside += mass * share(left, top, right, bottom);
    }
  }
  return inside / total;
}

/** From where to where each place reaches, of sides of so many pixels; one without extent is a small piece. */
function cellsOf(
  centres: readonly number[] | undefined,
  count: number,
  px: number,
): readonly (readonly [number, number])[] {
  const order = centres ? orderOf(centres) : [...Array(count).keys()];
  const edges = edgesOf(
    centres?.toSorted((a, b) => a - b),
    count,
  );
  const cells = Array<readonly [number, number]>(count);
  for (const [rank, place] of order.entries()) {
    const from = Math.min(edges[rank]! * px, px - 1e-6);
    cells[place] = [from, Math.max(edges[rank + 1]! * px, from + 1e-6)];
  }
  return cells;
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
