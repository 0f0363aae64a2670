/** @file What all parts come down to: of each layer its units, and what is known of each. */
import { findingsOf, type FoundLayer } from "../app/activations/folder-findings.ts";
import type { Picture } from "../image/picture.ts";
import { weightsAfter, weightsBefore, type ChannelWeights } from "../network/channel-weights.ts";
import { blocksOf } from "./part-blocks.ts";
import { caricatureOf, othersOf, type GatheredOthers } from "./gather-others.ts";
import type { Caricature } from "./jobs/caricature-part.ts";
import { gatheredCells, type GatheredCells } from "./activations/gather-cells.ts";
import { decodeMap } from "./jobs/map-part.ts";
import type { PartStore } from "./jobs/part-store.ts";
import { decodeMosaics } from "./jobs/patches-part.ts";
import { allPhotos } from "./jobs/photos-job.ts";
import { decodeUnits, type MadeUnit } from "./jobs/units-part.ts";
import type { ReadOut } from "./read-out/classes-job.ts";
import type { UnitMap } from "./maps/unit-map.ts";
import type { AtlasPlan } from "./plan.ts";
import type { PlannedLayer } from "./plan-layers.ts";
import { iconPx } from "./site/sheets.ts";
import type { AtlasLayer, AtlasLink, AtlasMap, AtlasUnit } from "./site/site-data.ts";

/** What is known of a layer before its pictures are files. */
type LayerFacts = Omit<AtlasLayer, "sheets" | "strip">;

/** A layer of the atlas with the pictures of its units. */
export interface GatheredLayer {
  readonly facts: LayerFacts;
  readonly units: readonly AtlasUnit[];
  readonly pictures: readonly Picture[];
  /** None without photos. */
  readonly mosaics: readonly Picture[];
  readonly map: AtlasMap | undefined;
  /** Pictures beside the icons. */
  readonly others: GatheredOthers | undefined;
  readonly caricature: Caricature | undefined;
  /** Undefined where the layer has no activation atlas. */
  readonly cells: GatheredCells | undefined;
}

/** Nearest units, and weights on either side, that are named of each. */
const [mostNear, mostLinks] = [6, 6];

const bins = 24;

/** The layers one by one, so that one layer's pictures are held at a time. Throws `bad-file` for a part that is not as it was written. */
export async function* gathered(
  plan: AtlasPlan,
  store: PartStore,
  readOut: ReadOut | undefined,
): AsyncGenerator<GatheredLayer, void> {
  const { model, layers, photos } = plan;
  const record = photos && (await allPhotos(photos, store));
  const found = record && findingsOf(record, photos.set.layers, photos.folder.labels).layers;
  const graph = await model.whole(model.inputDims());
  for (const layer of layers) {
    const made = await unitsOf(plan, layer, store);
    const own = found?.find(({ name }) => name === layer.name);
    const mosaics = await mosaicsOf(plan, layer, store);
    const others = await othersOf(plan, layer, made, iconPx, store);
    const units = made.map((unit, i) => ({
      ...unitFacts(unit, i, own),
      ...classesOf(readOut, layer, i),
      ...others?.facts[i],
      before: linksOf(plan, weightsBefore(graph, layer.name, i, mostLinks)),
      after: linksOf(plan, weightsAfter(graph, layer.name, i, mostLinks)),
    }));
    const map = await mapOf(plan, layer, store);
    const cells = await gatheredCells(plan, layer, store);
    yield {
      facts: {
        ...layerFacts(layer, units, own),
        ...(layer.name === plan.classes ? { isOfClasses: true } : {}),
        ...(cells ? { hasCells: true } : {}),
      },
      units: map ? units.map((unit, i) => ({ ...unit, near: nearestOf(map, i) })) : units,
      pictures: made.map(({ picture }) => picture),
      mosaics,
      map: map && placesOf(map),
      others,
      caricature: await caricatureOf(plan, layer, store),
      cells,
    };
  }
}

async function unitsOf(
  { units }: AtlasPlan,
  { name }: PlannedLayer,
  store: PartStore,
): Promise<readonly MadeUnit[]> {
  return blocksOf(units, name, store, decodeUnits);
}

async function mosaicsOf(
  { patches }: AtlasPlan,
  { name }: PlannedLayer,
  store: PartStore,
): Promise<readonly Picture[]> {
  return blocksOf(patches, name, store, decodeMosaics);
}

async function mapOf(
  { maps }: AtlasPlan,
  { name }: PlannedLayer,
  store: PartStore,
): Promise<UnitMap | undefined> {
  const [map] = await blocksOf(maps, name, store, (...given) => [decodeMap(...given)]);
  return map;
}

/** The units that answer most like a unit; none for one that is 0 in every photo. */
function nearestOf(
  { near: { each, numbers, cosines } }: UnitMap,
  unit: number,
): NonNullable<AtlasUnit["near"]> {
  const found = Array.from({ length: Math.min(each, mostNear) }, (_, i) => unit * each + i);
  return found.flatMap((at) =>
    numbers[at]! >= 0 ? [[numbers[at]!, Math.round(1e4 * cosines[at]!) / 1e4] as const] : [],
  );
}

function placesOf({ places }: UnitMap): AtlasMap {
  if ("of" in places) return { lacks: places };
  const rounded = (at: number) => Math.round(1e4 * places[at]!) / 1e4;
  return {
    places: Array.from({ length: places.length / 2 }, (_, unit) =>
      Number.isNaN(places[2 * unit]!)
        ? null
        : ([rounded(2 * unit), rounded(2 * unit + 1)] as const),
    ),
  };
}

type UnitFacts = Omit<AtlasUnit, "before" | "after" | "near" | "opposite" | "diverse">;

function unitFacts(
  { start, activation, isSilent, below }: MadeUnit,
  unit: number,
  layer: FoundLayer | undefined,
): UnitFacts {
  const made = { start, activation, ...(below === undefined ? {} : { below }) };
  if (!layer) return { state: isSilent ? "silent" : "live", ...made };
  const { tops, statistics, sizes, pooled } = layer.record;
  const found = tops.of(unit);
  const places = sizes.height * sizes.width * layer.statistics.pictures;
  return {
    state: stateOf(isSilent, found.length > 0),
    ...made,
    zeroShare: statistics.state.zeros[unit]! / places,
    histogram: histogramOf(pooled, sizes.channels, unit),
    tops: found.map(({ picture, value, y, x }) => ({ photo: picture, value, y, x })),
  };
}

function stateOf(isSilent: boolean, isSeen: boolean): AtlasUnit["state"] {
  if (isSilent) return isSeen ? "silent" : "dead";
  return isSeen ? "live" : "unseen";
}

/** How the unit's means over places are spread over photos. */
function histogramOf(
  pooled: Float32Array,
  channels: number,
  unit: number,
): NonNullable<AtlasUnit["histogram"]> {
  const counts = Array<number>(bins).fill(0);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = unit; at < pooled.length; at += channels) {
    const value = pooled[at]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (!(most >= least)) return { least: 0, most: 0, counts };
  for (let at = unit; at < pooled.length; at += channels) {
    const share = most > least ? (pooled[at]! - least) / (most - least) : 0;
    if (!Number.isNaN(share)) counts[Math.min(Math.floor(share * bins), bins - 1)]! += 1;
  }
  return { least, most, counts };
}

function linksOf({ layers }: AtlasPlan, weights: readonly ChannelWeights[]): readonly AtlasLink[] {
  return weights.map(({ layer, channel, size }) => ({
    layer: layers.find(({ name }) => name === layer)?.folder ?? layer,
    unit: channel,
    size,
  }));
}

/** The classes that a unit speaks for or against; none of layers that the logits do not come from. */
function classesOf(
  readOut: ReadOut | undefined,
  { name }: PlannedLayer,
  unit: number,
): Pick<AtlasUnit, "classes"> {
  const at = readOut?.layers.get(name);
  if (readOut === undefined || at === undefined) return {};
  const rounded = (value: number) => Number(value.toPrecision(3));
  return {
    classes: readOut.sums
      .of(at, unit)
      .map(([number, mean, error]) => [number, rounded(mean), rounded(error)] as const),
  };
}

function layerFacts(
  { name, folder, operator, channels, shape }: PlannedLayer,
  units: readonly AtlasUnit[],
  found: FoundLayer | undefined,
): LayerFacts {
  const [, , height = 1, width = 1] = shape;
  const facts = {
    name,
    folder,
    operator,
    channels,
    height,
    width,
    dead: units.filter(({ state }) => state === "dead").length,
  };
  if (!found) return facts;
  const { statistics, classShare } = found;
  return {
    ...facts,
    zeroShare: statistics.zeroShare.mean,
    effectiveShare: statistics.effectiveChannels / channels,
    ...(classShare ? { classShare: classShare.accuracy } : {}),
  };
}
