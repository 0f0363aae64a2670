/** @file What is planned of activation atlases: of which layers, from which photos, and the jobs that they are cut into. */
import { observedLayers } from "../../activations/observed-layers.ts";
import { LimpidError } from "../../errors.ts";
import { layersAsked } from "../../network/layers.ts";
import { option, say } from "../../wording/face.ts";
import { partName } from "../jobs/part-name.ts";
import {
  blocks,
  type CellClassesJob,
  type CellPatchesJob,
  type CellsJob,
  type GridJob,
  type PhotosJob,
  type PlacesJob,
  type PlannedJob,
} from "../jobs/job.ts";
import { leastMembers, mostCells } from "./activation-grid.ts";
import { placesFormat } from "./places-part.ts";
import { placeDraw, type PlaceDraw } from "./drawn-places.ts";
import type { PlannedReadOut } from "../read-out/plan-read-out.ts";
import { placesOfCell } from "./cell-classes-part.ts";
import type { PlannedLayer } from "../plan-layers.ts";
import type { PlannedPhotos } from "../plan.ts";
import { batchSizeOf } from "../../optvis/batch-memory.ts";
import type { Model } from "../../network/model.ts";

export interface PlannedActivations {
  readonly layers: readonly PlannedLayer[];
  readonly draw: PlaceDraw;
  readonly places: readonly PlannedJob<PlacesJob>[];
  readonly grids: readonly PlannedJob<GridJob>[];
  readonly cells: readonly PlannedJob<CellsJob>[];
  readonly patches: readonly PlannedJob<CellPatchesJob>[];
  /** None of layers that the logits of classes do not come from. */
  readonly classes: readonly PlannedJob<CellClassesJob>[];
}

/** Cells whose patches are one job. */
const patchesTogether = 64;

interface PlannedBefore {
  readonly model: Model;
  readonly pictured: Model;
  /** Those of the atlas. */
  readonly layers: readonly PlannedLayer[];
  readonly photos: PlannedPhotos | undefined;
  readonly readOut: PlannedReadOut | undefined;
  /** What decides the bytes of what the photos say, and of pictures. */
  readonly ofPhotos: object;
  readonly ofPictures: object;
}

interface Planned extends PlannedBefore {
  readonly photos: PlannedPhotos;
}

/**
 * The activation atlases of the layers that are asked for, by names or parts of them, `all` or `none`; undefined where there
 * are none. Throws `unknown-layer` for others than those of the atlas, and `bad-option` without photos.
 */
export async function plannedActivations(
  before: PlannedBefore,
  asked: readonly string[],
): Promise<PlannedActivations | undefined> {
  const layers = await layersOf(before, asked);
  if (layers.length === 0) return undefined;
  if (before.photos) return plannedOf({ ...before, layers, photos: before.photos });
  throw new LimpidError(
    "bad-option",
    say`${option("activation-atlas")}: it must be made of photos, got none. give ${option("photos")}.`,
  );
}

async function layersOf(
  { model, layers }: PlannedBefore,
  asked: readonly string[],
): Promise<readonly PlannedLayer[]> {
  if (asked.includes("all")) return layers;
  if (asked.length === 0 || asked.includes("none")) return [];
  const graph = await model.whole(model.inputDims());
  const names = new Set(observedLayers(graph, layersAsked(graph, asked)).map(({ name }) => name));
  const [missing] = [...names].filter((name) => !layers.some((layer) => layer.name === name));
  if (missing === undefined) return layers.filter(({ name }) => names.has(name));
  throw new LimpidError(
    "unknown-layer",
    say`${option("activation-atlas")}: its layers must be among those of the atlas, got "${missing}". add it to ${option("layer")}.`,
  );
}

async function plannedOf(planned: Planned): Promise<PlannedActivations> {
  const { pictured, layers, photos } = planned;
  const draw = placeDraw(photos.names);
  const places = await placesJobs(planned, draw);
  const needs = places.map(({ part }) => part);
  const grids: PlannedJob<GridJob>[] = [];
  const cells: PlannedJob<CellsJob>[] = [];
  const patches: PlannedJob<CellPatchesJob>[] = [];
  const classes: PlannedJob<CellClassesJob>[] = [];
  for (const layer of layers) {
    const { name, folder, shape, size } = layer;
    const [, , height = 1, width = 1] = shape;
    const end = draw.photos.length * Math.min(draw.each, height * width);
    const job = { kind: "grid", layer: name, first: 0, end } as const;
    const part = await partName(`grid-${folder}`, { needs, job, leastMembers });
    grids.push({ job, part, needs });
    const together = await batchSizeOf(pictured, name, size);
    for (const block of blocks(mostCells(end), together)) {
      const own = { kind: "cells", layer: name, ...block } as const;
      const decides = { ...planned.ofPictures, grid: part, own, size };
      const made = await partName(`cells-${folder}-${block.first}`, decides);
      cells.push({ job: own, part: made, needs: [part] });
    }
    for (const job of await classesJobs(planned.readOut, layer, part, mostCells(end)))
      classes.push(job);
    for (const block of blocks(mostCells(end), patchesTogether)) {
      const own = { kind: "cell patches", layer: name, ...block } as const;
      const made = await partName(`cell-patches-${folder}-${block.first}`, { grid: part, own });
      patches.push({ job: own, part: made, needs: [part] });
    }
  }
  return { layers, draw, places, grids, cells, patches, classes };
}

async function classesJobs(
  readOut: PlannedReadOut | undefined,
  { name, folder }: PlannedLayer,
  grid: string,
  mostOfGrid: number,
): Promise<readonly PlannedJob<CellClassesJob>[]> {
  if (!readOut?.layers.some((layer) => layer.name === name)) return [];
  const { logits, head } = readOut.model;
  const jobs: PlannedJob<CellClassesJob>[] = [];
  for (const block of blocks(mostOfGrid, patchesTogether)) {
    const job = { kind: "cell classes", layer: name, ...block } as const;
    const decides = { grid, job, logits, kind: head.kind, placesOfCell };
    const part = await partName(`cell-classes-${folder}-${block.first}`, decides);
    jobs.push({ job, part, needs: [grid] });
  }
  return jobs;
}

/** Blocks of photos are those of whole photos, so that a photo that is added changes one of them. */
async function placesJobs(
  { layers, photos, ofPhotos }: Planned,
  { photos: drawn, each }: PlaceDraw,
): Promise<readonly PlannedJob<PlacesJob>[]> {
  const names = layers.map(({ name }) => name);
  const isDrawn = new Set(drawn);
  const jobs: PlannedJob<PlacesJob>[] = [];
  for (const { job } of photos.jobs) {
    const { first, end } = job satisfies PhotosJob;
    const own = photos.files.slice(first, end).filter((_, i) => isDrawn.has(first + i));
    if (own.length === 0) continue;
    const part = await partName("places", {
      ...ofPhotos,
      placesFormat,
      layers: names,
      each,
      files: own,
    });
    jobs.push({ job: { kind: "places", first, end }, part, needs: [] });
  }
  return jobs;
}
