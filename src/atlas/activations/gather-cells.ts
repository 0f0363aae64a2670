/** @file What the parts of a layer's activation atlas come down to: its cells, their pictures, and what photos show there. */
import type { Picture } from "../../image/picture.ts";
import { decodeCellClasses, placesOfCell, type CellClass } from "./cell-classes-part.ts";
import { decodeCells, decodeScores } from "./cells-part.ts";
import { gridOf } from "./grid-job.ts";
import { shownMembers, type MadeCell } from "./grid-part.ts";
import type { CellClassesJob, CellPatchesJob, CellsJob, PlannedJob } from "../jobs/job.ts";
import { presentPart, type PartStore } from "../jobs/part-store.ts";
import { leastMembers, leastPlaces } from "./activation-grid.ts";
import type { AtlasPlan } from "../plan.ts";
import type { PlannedLayer } from "../plan-layers.ts";
import type { AtlasCell, AtlasCells } from "../site/site-data.ts";
import { isUnmoved } from "../site/unmoved.ts";

export interface GatheredCells {
  /** Photos of cells are numbers of the atlas's photos. */
  readonly facts: Omit<AtlasCells, "sheets" | "patchSheets" | "photos">;
  readonly pictures: readonly Picture[];
  readonly mosaics: readonly Picture[];
  /** Paths of the photos. */
  readonly paths: readonly string[];
}

/** Folders that are named of a cell. */
const mostFolders = 4;

/** Undefined where the layer has no activation atlas. Throws `bad-file` for a part that is not as it was written. */
export async function gatheredCells(
  plan: AtlasPlan,
  { name, shape }: PlannedLayer,
  store: PartStore,
): Promise<GatheredCells | undefined> {
  const { activations, photos } = plan;
  if (!activations?.layers.some((layer) => layer.name === name)) return undefined;
  const { side, places, cells } = await gridOf(plan, name, store);
  const [, , height = 1, width = 1] = shape;
  const { classes: folders, labels, paths } = photos!.folder;
  const classes = await classesOf(activations.classes, name, cells.length, store);
  const scores = await blocksOf(activations.cells, name, cells.length, store, decodeScores);
  return {
    facts: {
      side,
      places,
      photoCount: activations.draw.photos.length,
      each: Math.min(activations.draw.each, height * width),
      leastMembers,
      leastPlaces,
      ...(folders ? { folders } : {}),
      ...(classes ? { placesOfCell } : {}),
      cells: cells.map((cell, i) => ({
        ...cellFacts(cell, labels),
        ...(isUnmoved(scores[i]!.start, scores[i]!.reached) ? { isUnmoved: true } : {}),
        ...(classes ? { classes: classes[i]!.map(rounded) } : {}),
      })),
    },
    pictures: await blocksOf(activations.cells, name, cells.length, store, decodeCells),
    mosaics: await blocksOf(activations.patches, name, cells.length, store, decodeCells),
    paths,
  };
}

function cellFacts(
  { column, row, members }: MadeCell,
  labels: readonly number[] | undefined,
): AtlasCell {
  const tops = shownMembers(members).map(({ photo }) => photo);
  const facts = { column, row, count: members.length, tops };
  if (!labels) return facts;
  const counts = new Map<number, number>();
  for (const { photo } of members) {
    const label = labels[photo]!;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const folders = [...counts].toSorted(([a, x], [b, y]) => y - x || a - b).slice(0, mostFolders);
  return { ...facts, folders };
}

const rounded = ([number, mean, error]: CellClass) =>
  [number, Number(mean.toPrecision(3)), Number(error.toPrecision(3))] as const;

/** Undefined where the logits of classes do not come from the layer. */
async function classesOf(
  all: readonly PlannedJob<CellClassesJob>[],
  layer: string,
  count: number,
  store: PartStore,
): Promise<readonly (readonly CellClass[])[] | undefined> {
  if (!all.some(({ job }) => job.layer === layer)) return undefined;
  return blocksOf(all, layer, count, store, decodeCellClasses);
}

/** What a layer's parts hold of a grid of so many cells, put together in their order. */
async function blocksOf<T>(
  jobs: readonly PlannedJob<CellsJob | CellPatchesJob | CellClassesJob>[],
  layer: string,
  count: number,
  store: PartStore,
  decode: (bytes: Uint8Array, part: string, count: number) => readonly T[],
): Promise<readonly T[]> {
  const all: T[] = [];
  for (const { job, part } of jobs) {
    if (job.layer !== layer) continue;
    const own = Math.max(Math.min(job.end, count) - job.first, 0);
    for (const each of decode(await presentPart(store, part), part, own)) all.push(each);
  }
  return all;
}
