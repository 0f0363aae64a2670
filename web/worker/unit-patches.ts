/** @file The pictures in hand that excite a channel most, and what of them it sees. */
import { cutPatch } from "../../src/activations/patch-picture.ts";
import { SetRecord } from "../../src/activations/set-record.ts";
import { planFolder, runFolder, type FolderPlan } from "../../src/app/activations/folder.ts";
import type { JobContext } from "../../src/app/context.ts";
import { readSource } from "../../src/app/read-source.ts";
import type { Model } from "../../src/network/model.ts";
import type { Picture } from "../../src/image/picture.ts";
import { baseName } from "../../src/wording/paths.ts";
import type { PatchesRequest, ShownPatch, ShownPatches } from "../patches.ts";
import type { CallContext } from "./calls.ts";
import type { Desk } from "./desk.ts";
import { drawnPicture } from "./drawn-picture.ts";
import { pixelsOf } from "./pixels.ts";

const strongest = 9;

/** Of a patch, in pixels. */
const sidePx = 96;

/** A layer over the pictures in hand; one that was stopped goes on where it was. */
interface LayerSearch {
  readonly key: string;
  readonly plan: FolderPlan;
  readonly record: SetRecord;
}

/** The last search of a network: its other channels cost no run. */
const searches = new WeakMap<Model, LayerSearch>();

/** Throws as `planFolder` and `runFolder`. */
export async function unitPatches(
  desk: Desk,
  { layer, channel, photos }: PatchesRequest,
  call: CallContext,
): Promise<ShownPatches> {
  const { context } = desk.job(call);
  const { plan, record } = await searchOf(desk, layer, photos);
  await runFolder(plan, context, record);
  const fieldOf = plan.fieldsOf(record.layers[0]!.name);
  const patches: ShownPatch[] = [];
  for (const patch of record.layers[0]!.tops.of(channel)) {
    const path = plan.folder.paths[patch.picture]!;
    const field = fieldOf({ y: patch.y, x: patch.x, channel });
    patches.push({
      pixels: pixelsOf(cutPatch(await seenOf(plan, path, context), field, sidePx)),
      name: baseName(path),
      photo: patch.picture,
      value: patch.value,
      height: field.heightPx,
      width: field.widthPx,
    });
  }
  const broken = [...record.broken.values()];
  return { patches, pictures: plan.folder.paths.length - broken.length, broken };
}

async function searchOf(
  desk: Desk,
  layer: string,
  photos: PatchesRequest["photos"],
): Promise<LayerSearch> {
  const { model } = desk.open;
  const key = JSON.stringify([layer, typeof photos === "number" ? photos : photos.map(identity)]);
  const known = searches.get(model);
  if (known?.key === key) return known;
  const paths = await pathsOf(desk, photos);
  const settings = { layers: [layer], top: strongest, preprocess: undefined, range: undefined };
  const plan = await planFolder(model, { paths }, settings);
  const search = { key, plan, record: new SetRecord(plan.set) };
  searches.set(model, search);
  return search;
}

const identity = ({ name, size, lastModified }: File) => [name, size, lastModified];

/** Two pictures may have one name, so each has a folder of its own. */
async function pathsOf(desk: Desk, photos: PatchesRequest["photos"]): Promise<readonly string[]> {
  const files =
    typeof photos === "number"
      ? await drawnFiles(desk, photos)
      : photos.map((data, i) => ({ name: `pictures/${i}/${data.name}`, data }));
  desk.platform.add(files);
  return files.map(({ name }) => name);
}

async function drawnFiles(desk: Desk, count: number) {
  const files: { readonly name: string; readonly data: Uint8Array }[] = [];
  for (let i = 0; i < count; i++) {
    const data = await desk.platform.encodePicture([await drawnPicture(desk.open, i)], {
      kind: "png",
    });
    files.push({ name: `pictures/drawn/${i}/drawn ${i}.png`, data });
  }
  return files;
}

async function seenOf(
  { model, preparation }: FolderPlan,
  path: string,
  { platform }: JobContext,
): Promise<Picture> {
  // What the record holds was read as a picture before.
  return (await readSource(platform, model, path, preparation)).seen!;
}
