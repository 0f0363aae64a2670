/** @file What a block of photos makes of single places of layers, and the places of all photos put together. */
import { streamPictures } from "../../app/activations/stream.ts";
import type { JobContext } from "../../app/context.ts";
import type { AtlasPlan, PlannedPhotos } from "../plan.ts";
import type { PlannedActivations } from "./plan-activations.ts";
import type { PlacesJob } from "../jobs/job.ts";
import type { PartStore } from "../jobs/part-store.ts";
import { PlacesRecord, readPlaces, type LayerPlaces, type PlacesPlan } from "./places-part.ts";

/** The part's bytes. Photos that cannot be used are left out; who looked at whole photos has told of them. Throws `aborted`. */
export async function placesPart(
  { photos, activations }: AtlasPlan,
  job: PlacesJob,
  context: JobContext,
): Promise<Uint8Array> {
  const { model, preparation } = photos!.set;
  const { layers } = activations!;
  const chosen = chosenOf(activations!, job);
  const record = new PlacesRecord(blockPlan(activations!, photos!, job));
  const paths = chosen.map((photo) => photos!.folder.paths[photo]!);
  const { onFailure: _, onNote: __, ...quiet } = context;
  await streamPictures({ model, paths, preparation, layers, record, context: quiet });
  return record.encode();
}

/** Numbers of a block's photos that places are drawn from. */
function chosenOf({ draw }: PlannedActivations, { first, end }: PlacesJob): readonly number[] {
  return draw.photos.filter((photo) => photo >= first && photo < end);
}

function blockPlan(
  activations: PlannedActivations,
  { names }: PlannedPhotos,
  job: PlacesJob,
): PlacesPlan {
  return {
    layers: activations.layers.map(({ name, shape }) => ({ name, dims: shape })),
    photos: chosenOf(activations, job).map((photo) => names[photo]!),
    each: activations.draw.each,
  };
}

/**
 * A layer's places over all photos, whose numbers are those among the drawn, which a photo that is not drawn moves none of;
 * without those where every channel is 0, which point nowhere.
 */
export async function allPlaces(
  { photos, activations }: Pick<AtlasPlan, "photos" | "activations">,
  layer: string,
  store: PartStore,
): Promise<LayerPlaces> {
  const found: LayerPlaces[] = [];
  let before = 0;
  for (const { job, part } of activations!.places) {
    const block = blockPlan(activations!, photos!, job);
    const own = await readPlaces(block, layer, store, part);
    const first = before;
    found.push(pointing({ ...own, photos: own.photos.map((photo) => first + photo) }));
    before += block.photos.length;
  }
  return joined(found);
}

function pointing({ channels, values, photos, places }: LayerPlaces): LayerPlaces {
  const rows = [...photos.keys()].filter((row) => {
    const own = values.subarray(row * channels, (row + 1) * channels);
    const square = own.reduce((sum, value) => sum + value * value, 0);
    return square > 0 && Number.isFinite(square);
  });
  const kept = new Float32Array(rows.length * channels);
  for (const [i, row] of rows.entries())
    kept.set(values.subarray(row * channels, (row + 1) * channels), i * channels);
  return {
    channels,
    values: kept,
    photos: Int32Array.from(rows, (row) => photos[row]!),
    places: Int32Array.from(rows, (row) => places[row]!),
  };
}

function joined(parts: readonly LayerPlaces[]): LayerPlaces {
  const count = parts.reduce((sum, { photos }) => sum + photos.length, 0);
  const { channels } = parts[0]!;
  const all = {
    channels,
    values: new Float32Array(count * channels),
    photos: new Int32Array(count),
    places: new Int32Array(count),
  };
  let at = 0;
  for (const { values, photos, places } of parts) {
    all.values.set(values, at * channels);
    all.photos.set(photos, at);
    all.places.set(places, at);
    at += photos.length;
  }
  return all;
}
