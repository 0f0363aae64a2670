/** @file Writes the atlas's site: sheets, data and the page that shows them, all of it static files. */
import { mosaicLayout } from "../../activations/patch-picture.ts";
import { tellProgress, type JobContext } from "../../app/context.ts";
import { LimpidError } from "../../errors.ts";
import type { Picture } from "../../image/picture.ts";
import { baseName, joinPath } from "../../wording/paths.ts";
import { jsonText } from "../../wording/shown-text.ts";
import { wordsOf } from "../../wording/face.ts";
import { gathered, type GatheredLayer } from "../gather.ts";
import type { GatheredCells } from "../activations/gather-cells.ts";
import type { PartStore } from "../jobs/part-store.ts";
import { mosaicPx, patchesOfUnit, type AtlasPlan } from "../plan.ts";
import { allClasses, type ReadOut } from "../read-out/classes-job.ts";
import { recipeText } from "../recipe-text.ts";
import { iconPx, sheetSide, sheetsOf } from "./sheets.ts";
import { UnitLabels } from "./unit-labels.ts";
import type { GatheredOthers } from "../gather-others.ts";
import type { Caricature } from "../jobs/caricature-part.ts";
import type {
  AtlasCaricature,
  AtlasCells,
  AtlasOthers,
  AtlasIndex,
  AtlasLabels,
  AtlasReadOut,
  AtlasLayer,
  AtlasUnit,
  AtlasUnits,
  UnitLabel,
  SheetGrid,
} from "./site-data.ts";

/** The page's own files, as they come with the program. */
const pageFiles = [
  "README.md",
  "atlas.js",
  "atlas-views.js",
  "atlas-views.css",
  "atlas.css",
  "index.html",
] as const;

const grid = { columns: sheetSide, rows: sheetSide } as const;

/** Mosaics are larger than icons, and no decoder takes sheets of more than 4,096 pixels for granted. */
const mosaicGrid = { columns: sheetSide / 2, rows: sheetSide / 2 } as const;
const patchCells = { ...mosaicGrid, sidePx: mosaicPx } as const;

/** The first icons of each layer, small enough that a screen of layers is loaded at once. */
const strips = { columns: sheetSide, rows: 1, sidePx: 48 } as const;

/** Writes everything, the page last. Returns the page's path. Throws as `gathered`, and `bad-file` where the page is not built. */
export async function writeSite(
  plan: AtlasPlan,
  store: PartStore,
  context: JobContext,
): Promise<string> {
  const { platform } = context;
  const { out } = plan.request;
  const page = await pageBytes(context);
  const progress = tellProgress(context, { what: "site", total: plan.layers.length });
  const readOut = plan.readOut && (await allClasses(plan.readOut, store));
  const layers: AtlasLayer[] = [];
  const labels = labelsOf(plan);
  const ofLayers: (readonly UnitLabel[])[] = [];
  let caricature: AtlasIndex["caricature"];
  try {
    for await (const layer of gathered(plan, store, readOut)) {
      if (layer.caricature && !caricature)
        caricature = await writePhoto(plan, layer.caricature.photo, context);
      layers.push(await writeLayer(plan, layer, context));
      const { isOfClasses = false } = layer.facts;
      ofLayers.push(labels.of({ units: layer.units, isOfClasses }));
      progress.update(layers.length, layer.facts.name);
    }
  } finally {
    progress.end();
  }
  const found: AtlasLabels = { names: labels.names, layers: ofLayers };
  await writeScript(joinPath(out, "atlas-search.js"), "labels", [found], context);
  await writeScript(
    joinPath(out, "atlas-index.js"),
    "index",
    [{ ...indexOf(plan, layers, readOut, context), ...(caricature ? { caricature } : {}) }],
    context,
  );
  for (const [name, bytes] of page) await platform.writeWhole(joinPath(out, name), bytes);
  return joinPath(out, "index.html");
}

function labelsOf({ labels, photos }: AtlasPlan): UnitLabels {
  const { classes, labels: ofPhotos } = photos?.folder ?? {};
  return new UnitLabels(labels, (photo) => classes?.[ofPhotos?.[photo] ?? -1]);
}

async function pageBytes({ platform }: JobContext): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const name of pageFiles) {
    const path = await platform.shipped(`atlas/${name}`);
    if (path === undefined) {
      throw new LimpidError(
        "bad-file",
        "atlas: the site's page must be built, got none. in a clone: npm run build:atlas.",
      );
    }
    found.set(name, await platform.readBytes(path));
  }
  return found;
}

async function writeLayer(
  plan: AtlasPlan,
  { facts, units, pictures, mosaics, map, cells, others, caricature }: GatheredLayer,
  context: JobContext,
): Promise<AtlasLayer> {
  const folder = joinPath(plan.request.out, facts.folder);
  const sheets = await writeSheets(folder, "icons", pictures, { ...grid, sidePx: iconPx }, context);
  const patchSheets = await writeSheets(folder, "photos", mosaics, patchCells, context);
  const first = pictures.slice(0, strips.columns);
  const [strip] = await writeSheets(folder, "strip", first, strips, context);
  const data: AtlasUnits = {
    patchSheets,
    ...withNames(units, plan.photos?.folder.paths),
    ...(map ? { map } : {}),
    ...(others ? { others: await writeOthers(folder, others, context) } : {}),
    ...(caricature ? { caricature: await writeCaricature(folder, caricature, context) } : {}),
  };
  await writeScript(joinPath(folder, "units.js"), "units", [facts.folder, data], context);
  if (cells) await writeCells(folder, facts.folder, cells, context);
  return { ...facts, sheets, strip: strip! };
}

async function writeCells(
  folder: string,
  name: string,
  { facts, pictures, mosaics, paths }: GatheredCells,
  context: JobContext,
): Promise<void> {
  const photos = new Map<number, number>();
  const data: AtlasCells = {
    ...facts,
    sheets: await writeSheets(folder, "cells", pictures, { ...grid, sidePx: iconPx }, context),
    patchSheets: await writeSheets(folder, "places", mosaics, patchCells, context),
    cells: facts.cells.map((cell) => ({
      ...cell,
      tops: cell.tops.map((photo) => numberIn(photos, photo)),
    })),
    photos: [...photos.keys()].map((photo) => baseName(paths[photo]!)),
  };
  await writeScript(joinPath(folder, "cells.js"), "cells", [name, data], context);
}

/** Numbers in the order in which they are first asked for. */
function numberIn(numbers: Map<number, number>, photo: number): number {
  const number = numbers.get(photo) ?? numbers.size;
  numbers.set(photo, number);
  return number;
}

/** Units with the names of those photos alone that they tell. */
function withNames(
  units: readonly AtlasUnit[],
  paths: readonly string[] | undefined,
): Pick<AtlasUnits, "units" | "photos"> {
  if (!paths) return { units };
  const numbers = new Map<number, number>();
  const renumbered = units.map(({ tops, ...unit }) => ({
    ...unit,
    ...(tops ? { tops: tops.map((top) => ({ ...top, photo: numberIn(numbers, top.photo) })) } : {}),
  }));
  return { units: renumbered, photos: [...numbers.keys()].map((photo) => baseName(paths[photo]!)) };
}

async function writeSheets(
  folder: string,
  name: string,
  pictures: readonly Picture[],
  cells: SheetGrid,
  { platform }: JobContext,
): Promise<readonly string[]> {
  const files: string[] = [];
  for (const [i, sheet] of sheetsOf(pictures, cells).entries()) {
    const file = `${name}-${i}.jpg`;
    const bytes = await platform.encodePicture([sheet], { kind: "jpeg", quality: 85 });
    await platform.writeWhole(joinPath(folder, file), bytes);
    files.push(file);
  }
  return files;
}

/** Rows of a sheet of other pictures: a reader of one unit loads no more than a few others'. */
const rowsOfOthers = 8;

/** No picture is shown larger. */
const mostSidePx = 512;

async function writeOthers(
  folder: string,
  { columns, pictures }: GatheredOthers,
  context: JobContext,
): Promise<AtlasOthers> {
  const { heightPx, widthPx } = pictures[0]!;
  const sidePx = Math.min(Math.max(heightPx, widthPx), mostSidePx);
  const cells = { columns: columns.length, rows: rowsOfOthers, sidePx };
  return { columns, cells, sheets: await writeSheets(folder, "others", pictures, cells, context) };
}

async function writeCaricature(
  folder: string,
  { picture, cosine, noise, strength }: Caricature,
  { platform }: JobContext,
): Promise<AtlasCaricature> {
  const file = "caricature.jpg";
  const bytes = await platform.encodePicture([picture], { kind: "jpeg", quality: 90 });
  await platform.writeWhole(joinPath(folder, file), bytes);
  return { file, cosine, noise, strength };
}

/** The photo as the network sees it, beside the page. */
async function writePhoto(
  { caricatures, request }: AtlasPlan,
  photo: Picture,
  { platform }: JobContext,
): Promise<NonNullable<AtlasIndex["caricature"]>> {
  const file = "caricature-photo.jpg";
  const bytes = await platform.encodePicture([photo], { kind: "jpeg", quality: 90 });
  await platform.writeWhole(joinPath(request.out, file), bytes);
  return { photo: baseName(caricatures!.path), file };
}

/** A script that hands its arguments over, since pages that are opened from disk may not fetch. */
async function writeScript(
  path: string,
  name: string,
  given: readonly unknown[],
  { platform }: JobContext,
): Promise<void> {
  const texts = given.map((each) => jsonText(each).replaceAll("<", String.raw`\u003c`));
  await platform.writeWhole(path, `limpidAtlas.${name}(${texts.join(",")});\n`);
}

function indexOf(
  plan: AtlasPlan,
  layers: readonly AtlasLayer[],
  readOut: ReadOut | undefined,
  { words }: JobContext,
): AtlasIndex {
  const { model, request, digest, labels, photos, notes } = plan;
  const { widthPx } = mosaicLayout(patchesOfUnit, mosaicPx);
  return {
    network: baseName(request.model),
    digest,
    input: model.inputDims().slice(1),
    ...(labels ? { classes: labels } : {}),
    icons: { ...grid, sidePx: iconPx },
    strips,
    ...(photos
      ? {
          patches: { ...mosaicGrid, sidePx: widthPx, count: patchesOfUnit },
          photoCount: photos.folder.paths.length,
          readOut: readOut ? readOutFacts(plan, readOut) : "no-logits",
        }
      : {}),
    layers,
    notes: notes.map((note) => wordsOf(note, words)),
    recipe: recipeText(request),
  };
}

function readOutFacts({ readOut }: AtlasPlan, { sums }: ReadOut): AtlasReadOut {
  return { photos: sums.photos, classes: sums.classes.length, of: readOut!.of };
}
