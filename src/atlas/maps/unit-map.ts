/** @file The units of a layer by how alike they answer to photos: the nearest of each, and a map of all. */
import type { LayerRecord, SetRecord } from "../../activations/set-record.ts";
import type { StopSignal } from "../../errors.ts";
import { randomStream } from "../../random.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { nearestRows, type Neighbours } from "./nearest-rows.ts";
import { inUnitSquare, umapPlaces } from "./umap.ts";

/** As umap-learn and umap-js have them. */
const neighboursEach = 15;
const closest = 0.1;

/** With fewer, a unit's activations over photos say too little of it. */
const leastPhotos = 10;

/** Of fewer units all are neighbours of all. */
const leastUnits = neighboursEach + 5;

/** Why a layer has no map: it has this many, and would need so many. */
export interface NoMap {
  readonly of: "photos" | "units";
  readonly has: number;
  readonly needs: number;
}

/** What the units of a layer have in common. Numbers are those of the units; units that are 0 in every photo have no neighbours and no place. */
export interface UnitMap {
  /** [units, each]; -1 for none. */
  readonly near: Pick<Neighbours, "each" | "numbers" | "cosines">;
  /** [units, 2] in 0..1, NaN for none; or why there is no map. */
  readonly places: Float32Array | NoMap;
}

export interface UnitMapOptions {
  readonly runtime: Runtime;
  readonly signal?: StopSignal;
  onShare?(share: number): void;
}

/** Of a layer's pooled activations over all photos. Throws `aborted`. */
export async function unitMap(
  layer: LayerRecord,
  record: SetRecord,
  options: UnitMapOptions,
): Promise<UnitMap> {
  const { runtime, signal, onShare } = options;
  const { channels } = layer.sizes;
  const { units, rows, photos } = answersOf(layer, record);
  const found = await nearestRows(runtime, rows, neighboursEach, signal);
  const near = {
    each: found.each,
    numbers: new Int32Array(channels * found.each).fill(-1),
    cosines: new Float32Array(channels * found.each),
  };
  for (const [i, unit] of units.entries()) {
    for (let j = 0; j < found.each; j++) {
      near.numbers[unit * found.each + j] = units[found.numbers[i * found.each + j]!]!;
      near.cosines[unit * found.each + j] = found.cosines[i * found.each + j]!;
    }
  }
  if (photos < leastPhotos)
    return { near, places: { of: "photos", has: photos, needs: leastPhotos } };
  if (units.length < leastUnits)
    return { near, places: { of: "units", has: units.length, needs: leastUnits } };
  const random = randomStream("unit map", layer.name);
  const laid = inUnitSquare(
    umapPlaces(found, {
      random,
      closest,
      ...(signal ? { signal } : {}),
      ...(onShare ? { onShare } : {}),
    }),
  );
  const places = new Float32Array(2 * channels).fill(Number.NaN);
  for (const [i, unit] of units.entries()) places.set([laid[2 * i]!, laid[2 * i + 1]!], 2 * unit);
  return { near, places };
}

/** The mean activations of the units that are not 0 in every photo, a row a unit and a number a photo that was read. */
function answersOf({ pooled, sizes }: LayerRecord, { plan, broken }: SetRecord) {
  const { channels } = sizes;
  const read = plan.pooled.flatMap((picture, row) => (broken.has(picture) ? [] : [row]));
  const all = Array.from({ length: channels }, (_, unit) =>
    Float32Array.from(read, (row) => pooled[row * channels + unit]!),
  );
  const units = all.flatMap((row, unit) => {
    const square = row.reduce((sum, value) => sum + value * value, 0);
    return square > 0 && Number.isFinite(square) ? [unit] : [];
  });
  const data = new Float32Array(units.length * read.length);
  for (const [i, unit] of units.entries()) data.set(all[unit]!, i * read.length);
  return { units, rows: { data, length: Math.max(read.length, 1) }, photos: read.length };
}
