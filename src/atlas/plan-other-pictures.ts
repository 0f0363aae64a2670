/** @file The jobs of pictures beside the one that excites a unit most: opposites, and several that differ. */
import { apartLayer, layerDims } from "../app/maximize/layers.ts";
import { isFailure } from "../errors.ts";
import type { Model } from "../network/model.ts";
import { batchSizeOf, takesTogether } from "../optvis/batch-memory.ts";
import { formatCount } from "../wording/numbers.ts";
import {
  blocks,
  diverseOfUnit,
  type OtherPicture,
  type PlannedJob,
  type UnitsJob,
} from "./jobs/job.ts";
import { partName } from "./jobs/part-name.ts";
import type { PlannedLayer } from "./plan-layers.ts";

/** What is made beside units' pictures, kind by kind. */
export interface PlannedOthers {
  readonly kinds: readonly OtherPicture[];
  readonly jobs: readonly PlannedJob<UnitsJob>[];
  /** What was left out. */
  readonly notes: readonly string[];
}

/** What Gram matrices, their gradients and gaps may take, four copies of each. */
const gramBytes = 2 ** 28;

/** The jobs of all layers, but for those whose pictures cannot be kept apart, of which a note tells. */
export async function plannedOthers(
  model: Model,
  layers: readonly PlannedLayer[],
  kinds: readonly OtherPicture[],
  decides: object,
): Promise<PlannedOthers> {
  const jobs: PlannedJob<UnitsJob>[] = [];
  let without = 0;
  for (const kind of kinds) {
    for (const layer of layers) {
      const together = await (kind === "diverse"
        ? diverseTogether(model, layer)
        : batchSizeOf(model, layer.name, layer.size));
      if (together === undefined) without += 1;
      else
        for (const block of blocks(layer.channels, together)) {
          const job = { kind, layer: layer.name, ...block } as const;
          const stem = `${kind}-${layer.folder}-${block.first}`;
          const part = await partName(stem, { ...decides, job, size: layer.size });
          jobs.push({ job, part, needs: [] });
        }
    }
  }
  const lacking = `units of ${formatCount(without)} layers have no pictures that differ: the network takes fewer than ${diverseOfUnit} pictures at once there, or has no layer with places before them`;
  return { kinds, jobs, notes: without > 0 ? [lacking] : [] };
}

/** Units whose diverse pictures are made together; undefined where they cannot be. */
async function diverseTogether(
  model: Model,
  { name, size }: PlannedLayer,
): Promise<number | undefined> {
  const place = await apartPlace(model, name, size);
  if (place === undefined || !(await takesTogether(model, name, size, diverseOfUnit)))
    return undefined;
  const channels = place.shape[place.shape.length === 3 ? 2 : 1]!;
  const fitting = Math.floor(gramBytes / (4 * 4 * channels ** 2));
  const pictures = Math.min(fitting, await batchSizeOf(model, name, size));
  return Math.max(Math.floor(pictures / diverseOfUnit), 1);
}

/** The layer on which pictures of a unit are kept apart, and its shape at their size; undefined where there is none. */
export async function apartPlace(
  model: Model,
  layer: string,
  size: PlannedLayer["size"],
): Promise<{ readonly name: string; readonly shape: readonly number[] } | undefined> {
  try {
    const own = await layerDims(model, [layer], size);
    const name = apartLayer(model, await model.at(model.inputDims()), own);
    return { name, shape: (await layerDims(model, [name], size)).get(name)! };
  } catch (error) {
    if (isFailure(error)) return undefined;
    throw error;
  }
}
