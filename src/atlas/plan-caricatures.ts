/** @file The jobs of caricatures: what each layer sees in one photo. */
import { sizeOf } from "../app/maximize/layers.ts";
import type { Platform } from "../app/platform.ts";
import { digestBytes } from "../graph/digest.ts";
import type { Preprocessing } from "../image/preprocess.ts";
import type { Model } from "../network/model.ts";
import type { PictureSize } from "../optvis/parameterizations.ts";
import { presets, type Preset } from "../optvis/presets.ts";
import type { CaricatureJob, PlannedJob } from "./jobs/job.ts";
import { partName } from "./jobs/part-name.ts";
import type { PlannedLayer } from "./plan-layers.ts";
import type { AtlasRequest } from "./request.ts";

/** Caricatures of a photo, one a layer. */
export interface PlannedCaricatures {
  /** The photo. */
  readonly path: string;
  /** That of the network: there is one picture a layer. */
  readonly size: PictureSize;
  readonly jobs: readonly PlannedJob<CaricatureJob>[];
}

/** How caricatures are made, whatever the preset of units. */
export const caricatureMaking: Preset = presets.natural;

/** Undefined where none is asked for. Throws `bad-file` for a photo that cannot be read. */
export async function plannedCaricatures(
  model: Model,
  layers: readonly PlannedLayer[],
  { caricature: path, seed, range }: AtlasRequest,
  decides: { readonly how: Preprocessing },
  platform: Pick<Platform, "readBytes">,
): Promise<PlannedCaricatures | undefined> {
  if (path === undefined) return undefined;
  const size = sizeOf(model, decides.how, undefined);
  const photo = await digestBytes(await platform.readBytes(path));
  const of = { ...decides, photo, size, seed, range, making: caricatureMaking };
  const jobs: PlannedJob<CaricatureJob>[] = [];
  for (const { name, folder } of layers) {
    const job = { kind: "caricature", layer: name, first: 0, end: 1 } as const;
    const part = await partName(`caricature-${folder}`, { ...of, job });
    jobs.push({ job, part, needs: [] });
  }
  return { path, size, jobs };
}
