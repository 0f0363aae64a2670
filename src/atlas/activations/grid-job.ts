/** @file Lays a layer's places out, averages them over the cells of a grid, and says what is maximised for each. */
import type { JobContext } from "../../app/context.ts";
import { activationGrid, gridSide, leastPlaces } from "./activation-grid.ts";
import { whitened } from "./whitened.ts";
import type { AtlasPlan } from "../plan.ts";
import { decodeGrid, encodeGrid, type MadeCell, type MadeGrid } from "./grid-part.ts";
import type { GridJob } from "../jobs/job.ts";
import { presentPart, type PartStore } from "../jobs/part-store.ts";
import { allPlaces } from "./places-job.ts";

/** The part's bytes. Throws `aborted`. */
export async function gridPart(
  plan: AtlasPlan,
  { layer }: GridJob,
  store: PartStore,
  { signal }: Pick<JobContext, "signal">,
  onShare: (share: number) => void,
): Promise<Uint8Array> {
  const { channels, values, photos, places } = await allPlaces(plan, layer, store);
  const made = (cells: MadeGrid["cells"]) =>
    encodeGrid({ side: gridSide(photos.length), places: photos.length, cells }, channels);
  if (photos.length < leastPlaces) return made([]);
  const { runtime } = plan.model;
  const rows = { data: values, length: channels };
  const grid = await activationGrid(rows, { runtime, key: layer, signal, onShare });
  const directions = await whitened(runtime, rows, { data: grid.means, length: channels });
  return made(
    grid.cells.map(({ column, row, members }, i) => ({
      column,
      row,
      members: members.map((member) => ({ photo: photos[member]!, place: places[member]! })),
      direction: directions.subarray(i * channels, (i + 1) * channels),
    })),
  );
}

/** A grid that is there, with photos by their numbers in the atlas. Throws `bad-file`. */
export async function gridOf(
  { layers, activations }: Pick<AtlasPlan, "layers" | "activations">,
  layer: string,
  store: PartStore,
): Promise<MadeGrid> {
  const { part } = activations!.grids.find(({ job }) => job.layer === layer)!;
  const { channels } = layers.find(({ name }) => name === layer)!;
  const { photos } = activations!.draw;
  const grid = decodeGrid(await presentPart(store, part), part, channels);
  const named = (cell: MadeCell): MadeCell => ({
    ...cell,
    members: cell.members.map(({ photo, place }) => ({ photo: photos[photo]!, place })),
  });
  return { ...grid, cells: grid.cells.map(named) };
}
