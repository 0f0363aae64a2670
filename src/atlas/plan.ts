/** @file From a request to a plan: layers, photos, and the jobs that all of it is cut into. */
import { openPictureFolder, type PictureFolder } from "../app/picture-folder.ts";
import { planFolder, type FolderPlan } from "../app/activations/folder.ts";
import type { JobContext } from "../app/context.ts";
import { readLabels } from "../app/labels.ts";
import { requireOnePicture } from "../app/picture-inputs.ts";
import { preprocessingFor } from "../app/preparation.ts";
import type { Preprocessing } from "../image/preprocess.ts";
import type { Model } from "../network/model.ts";
import { batchSizeOf } from "../optvis/batch-memory.ts";
import type { Message } from "../wording/face.ts";
import { joinPath } from "../wording/paths.ts";
import {
  blocks,
  type MapJob,
  type PhotosJob,
  type PatchesJob,
  type PlannedJob,
  type UnitsJob,
} from "./jobs/job.ts";
import { partName } from "./jobs/part-name.ts";
import { unitsFormat } from "./jobs/units-part.ts";
import { plannedCaricatures, type PlannedCaricatures } from "./plan-caricatures.ts";
import { plannedLayers, type PlannedLayer } from "./plan-layers.ts";
import { plannedOthers, type PlannedOthers } from "./plan-other-pictures.ts";
import { plannedActivations, type PlannedActivations } from "./activations/plan-activations.ts";
import { chosenPhotos, photoBlocks } from "./photo-blocks.ts";
import { planReadOut, type PlannedReadOut } from "./read-out/plan-read-out.ts";
import { atlasPresetOf, otherPicturesOf, type AtlasPreset, type AtlasRequest } from "./request.ts";

/** The photos, and what is gathered of them. */
export interface PlannedPhotos {
  readonly folder: PictureFolder;
  readonly set: FolderPlan;
  /** Of each photo its path in the folder, and what tells it from another of that name. */
  readonly names: readonly string[];
  readonly files: readonly (readonly unknown[])[];
  readonly jobs: readonly PlannedJob<PhotosJob>[];
}

export interface AtlasPlan {
  readonly model: Model;
  /** SHA-256 of the network, hexadecimal. */
  readonly digest: string;
  readonly request: AtlasRequest;
  readonly preset: AtlasPreset;
  readonly how: Preprocessing;
  readonly labels: readonly string[] | undefined;
  readonly layers: readonly PlannedLayer[];
  /** The network that pictures of units are made with: the same one, but for pools that would tie them to its own size. */
  readonly pictured: Model;
  /** The layer whose units are the network's classes; undefined where none of these is. */
  readonly classes: string | undefined;
  readonly photos: PlannedPhotos | undefined;
  readonly units: readonly PlannedJob<UnitsJob>[];
  /** Pictures beside those. */
  readonly others: PlannedOthers;
  readonly caricatures: PlannedCaricatures | undefined;
  readonly patches: readonly PlannedJob<PatchesJob>[];
  readonly maps: readonly PlannedJob<MapJob>[];
  /** Which classes units speak for; undefined without photos, and of networks without class logits. */
  readonly readOut: PlannedReadOut | undefined;
  /** Undefined where no layer has an activation atlas. */
  readonly activations: PlannedActivations | undefined;
  /** What was assumed. */
  readonly notes: readonly (string | Message)[];
}

/** Units whose patches are one job. */
const patchesTogether = 64;

/** Patches of each unit. */
export const patchesOfUnit = 9;

/** Side of their mosaic, in pixels. */
export const mosaicPx = 292;

/** Photos whose mean activations are kept, by which units are compared. */
const mostPooled = 2048;

const noLogits =
  "the network has no logits of classes behind these layers, so it is not told which classes units speak for";

/** Throws `unknown-layer`, and `bad-file` where there are no photos. */
export async function planAtlas(
  model: Model,
  request: AtlasRequest,
  context: JobContext,
): Promise<AtlasPlan> {
  const { platform } = context;
  requireOnePicture("atlas", model);
  const folder =
    request.photos === undefined ? undefined : await openPictureFolder(platform, request.photos);
  const chosen = await preprocessingFor(platform, model, request, folder?.paths ?? []);
  const labels = await readLabels(platform, request.labels, model, model.inputDims());
  const preset = atlasPresetOf(request.preset);
  const { layers, pictured, classes, notes } = await plannedLayers(
    model,
    chosen.how,
    preset,
    request,
  );
  const digest = await model.digest();
  const own = { digest, how: chosen.how, versions: platform.versions() };
  const names = layers.map(({ name }) => name);
  const photos =
    folder && (await plannedPhotos(model, folder, { ...request, layers: names }, own, context));
  const ofPictures = { ...own, unitsFormat, making: preset.making, seed: request.seed };
  const others = await plannedOthers(pictured, layers, otherPicturesOf(request), ofPictures);
  const ofPhotos = { ...own, range: request.range };
  const readOut = photos && (await planReadOut(model, layers, photos, ofPhotos));
  const without = photos && !readOut ? [noLogits] : [];
  return {
    model,
    digest,
    request,
    preset,
    how: chosen.how,
    labels: labels.names,
    layers,
    pictured,
    classes,
    photos,
    units: await unitJobs(pictured, layers, ofPictures),
    others,
    caricatures: await plannedCaricatures(model, layers, request, own, platform),
    patches: photos ? await patchJobs(layers, photos) : [],
    maps: photos ? await mapJobs(layers, photos) : [],
    readOut,
    activations: await plannedActivations(
      { model, pictured, layers, photos, readOut, ofPhotos, ofPictures },
      request.activationAtlas ?? [preset.hasActivationAtlas && photos ? "all" : "none"],
    ),
    notes: [
      chosen.note,
      chosen.compared,
      labels.note,
      ...notes,
      ...without,
      ...others.notes,
    ].filter((note) => note !== undefined),
  };
}

async function unitJobs(
  model: Model,
  layers: readonly PlannedLayer[],
  decides: object,
): Promise<readonly PlannedJob<UnitsJob>[]> {
  const jobs: PlannedJob<UnitsJob>[] = [];
  for (const { name, folder, size, channels } of layers) {
    const together = await batchSizeOf(model, name, size);
    for (const block of blocks(channels, together)) {
      const job = { kind: "units", layer: name, ...block } as const;
      const part = await partName(`units-${folder}-${block.first}`, { ...decides, job, size });
      jobs.push({ job, part, needs: [] });
    }
  }
  return jobs;
}

async function plannedPhotos(
  model: Model,
  folder: PictureFolder,
  request: AtlasRequest & Required<Pick<AtlasRequest, "layers">>,
  decides: object,
  { platform }: JobContext,
): Promise<PlannedPhotos> {
  const { preprocess, range, layers } = request;
  const asked = { preprocess, range, top: patchesOfUnit, layers };
  const plan = await planFolder(model, folder, asked);
  // The same photos elsewhere are the same photos.
  const names = folder.paths.map((path) => nameBelow(request.photos!, path));
  const pooled = chosenPhotos(names, mostPooled);
  const set = { ...plan, set: { ...plan.set, pooled } };
  const files = await Promise.all(
    folder.paths.map(async (path, i) => {
      const info = await platform.find(path);
      return [names[i], info?.size, info?.modifiedMs];
    }),
  );
  const isPooled = new Set(pooled);
  const of = { ...decides, layers: plan.set.layers, range };
  const jobs: PlannedJob<PhotosJob>[] = [];
  for (const { first, end } of photoBlocks(names)) {
    // Photos before it are none of a block's business: others may come between.
    const own = files.slice(first, end).map((file, i) => [...file, isPooled.has(first + i)]);
    const part = await partName("photos", { ...of, files: own });
    jobs.push({ job: { kind: "photos", first, end }, part, needs: [] });
  }
  return { folder, set, names, files, jobs };
}

async function patchJobs(
  layers: readonly PlannedLayer[],
  { jobs: photos }: PlannedPhotos,
): Promise<readonly PlannedJob<PatchesJob>[]> {
  const needs = photos.map(({ part }) => part);
  const jobs: PlannedJob<PatchesJob>[] = [];
  for (const { name, folder, channels } of layers) {
    for (const block of blocks(channels, patchesTogether)) {
      const job = { kind: "patches", layer: name, ...block } as const;
      const part = await partName(`patches-${folder}-${block.first}`, {
        needs,
        job,
        mosaicPx,
      });
      jobs.push({ job, part, needs });
    }
  }
  return jobs;
}

/** A path from a folder on. */
function nameBelow(folder: string, path: string): string {
  const start = `${joinPath(folder)}/`;
  return path.startsWith(start) ? path.slice(start.length) : path;
}

async function mapJobs(
  layers: readonly PlannedLayer[],
  { jobs: photos }: PlannedPhotos,
): Promise<readonly PlannedJob<MapJob>[]> {
  const needs = photos.map(({ part }) => part);
  const jobs: PlannedJob<MapJob>[] = [];
  for (const { name, folder, channels } of layers) {
    const job = { kind: "map", layer: name, first: 0, end: channels } as const;
    const part = await partName(`map-${folder}`, { needs, job });
    jobs.push({ job, part, needs });
  }
  return jobs;
}
