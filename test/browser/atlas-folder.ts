/** @file A small atlas as the command writes them, with hostile names, whose icons are each of a colour of their own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { mosaicLayout, patchPlace } from "../../src/activations/patch-picture.ts";
import type {
  AtlasCells,
  AtlasIndex,
  AtlasLabels,
  AtlasLayer,
  AtlasMap,
  AtlasUnit,
  AtlasUnits,
  SheetGrid,
} from "../../src/atlas/site/site-data.ts";
import type { Picture } from "../../src/image/picture.ts";
import { filled, paste } from "../../src/image/raster.ts";
import { encodePng } from "../../src/node/codecs.ts";
import { fileNames } from "../../src/wording/file-names.ts";
import { jsonText } from "../../src/wording/shown-text.ts";

const config = fileURLToPath(new URL("../../web/atlas/vite.config.ts", import.meta.url));

const patches = { columns: 4, rows: 4, sidePx: 64, count: 9 } as const;
const icons: SheetGrid = { columns: 16, rows: 16, sidePx: 24 };
const strips: SheetGrid = { columns: 16, rows: 1, sidePx: 48 };

/** Names that break pages which do not escape them; the third has more units than a sheet, the second fewer than a row. */
export const layerNames = [
  `conv1/"quoted" 'x'`,
  "</script><img src=x onerror=alert(1)> \u202e חתול",
  "inception_4a/output",
  "🧠 &amp; 100%",
] as const;
const channels = [40, 5, 300, 20] as const;
const classes = ["tench", `<b>golden</b> "retriever"`, "great white shark"];

/** The colour of a unit's icon, or of one of its patches. */
export function colourOf(layer: number, unit: number, patch = -1): readonly number[] {
  return [(37 * unit) % 256, (50 * layer + 90) % 256, patch < 0 ? 0 : 80 + 10 * patch];
}

/** The colour of a cell of the third layer's activation atlas. */
export function colourOfCell(cell: number): readonly number[] {
  return [(53 * cell) % 256, 20, (200 + 3 * cell) % 256];
}

/** The colour of a picture beside a unit's icon. */
export function colourOfOther(layer: number, unit: number, column: number): readonly number[] {
  return [(37 * unit) % 256, (50 * layer + 90) % 256, 160 + 20 * column];
}

export interface AtlasFolder {
  readonly path: string;
  readonly folders: readonly string[];
  remove(): void;
}

/** A folder with the page alone. */
export async function builtSite(): Promise<string> {
  const path = mkdtempSync(join(tmpdir(), "limpid atlas's #1 "));
  for (const mode of ["production", "views"])
    await build({ configFile: config, mode, logLevel: "error", build: { outDir: path } });
  return path;
}

/** A built site with its data, as the command writes them. */
export async function atlasFolder({
  hasPhotos = true,
  classLayer = -1,
} = {}): Promise<AtlasFolder> {
  const path = await builtSite();
  const folders = [...fileNames(layerNames).values()];
  const layers: AtlasLayer[] = [];
  for (const [at, folder] of folders.entries()) {
    mkdirSync(join(path, folder));
    const layer = await writeLayer(path, folders, at, hasPhotos);
    layers.push({ ...layer, ...(at === classLayer ? { isOfClasses: true } : {}) });
  }
  const index: AtlasIndex = {
    network: "<i>net</i>.onnx",
    digest: "0123456789abcdef".repeat(4),
    input: [3, 64, 64],
    classes,
    icons,
    strips,
    ...(hasPhotos ? { patches, photoCount: 120, readOut: { photos: 90, classes: 2, of: 3 } } : {}),
    ...(hasPhotos ? { caricature: { photo: "my <cat>.jpg", file: "caricature-photo.jpg" } } : {}),
    layers,
    notes: ["<script>alert(1)</script> is assumed"],
    recipe: `limpid atlas "net.onnx" --out atlas`,
  };
  if (hasPhotos)
    writeFileSync(join(path, "caricature-photo.jpg"), await encodePng(square(64, [200, 40, 40])));
  writeScript(join(path, "atlas-index.js"), "index", [index]);
  if (hasPhotos) writeScript(join(path, "atlas-search.js"), "labels", [labels]);
  return { path, folders, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Units of the third layer by their photos' folders and classes, and of the first one. */
const labels: AtlasLabels = {
  names: ["<i>tabby</i> cat", "great white shark"],
  layers: [
    [[7, 0, "photos", 6, 9]],
    [],
    [
      [256, 0, "photos", 9, 9],
      [12, 1, "speaks"],
    ],
    [],
  ],
};

async function writeLayer(
  path: string,
  folders: readonly string[],
  at: number,
  hasPhotos: boolean,
): Promise<AtlasLayer> {
  const folder = join(path, folders[at]!);
  const count = channels[at]!;
  const icon = (unit: number) => square(icons.sidePx, colourOf(at, unit));
  const sheets = await writeSheets(folder, "icons", icons, count, icon);
  await writeSheets(folder, "strip", strips, Math.min(count, 16), icon);
  const patchSheets = hasPhotos
    ? await writeSheets(folder, "photos", patches, count, (unit) => mosaic(at, unit))
    : [];
  const units = Array.from({ length: count }, (_, unit) => unitOf(folders, at, unit, hasPhotos));
  const data: AtlasUnits = {
    patchSheets,
    ...(hasPhotos ? { photos: ["cat <1>.jpg", `dog "2".jpg`], map: mapOf(count) } : {}),
    units,
    ...(hasPhotos ? await writeMore(folder, at) : {}),
  };
  writeScript(join(folder, "units.js"), "units", [folders[at]!, data]);
  const hasCells = hasPhotos && at >= 2;
  if (hasCells)
    writeScript(join(folder, "cells.js"), "cells", [folders[at]!, await writeCells(folder, at)]);
  return {
    name: layerNames[at]!,
    folder: folders[at]!,
    sheets,
    strip: "strip-0.png",
    operator: "Relu",
    channels: count,
    height: 8,
    width: 8,
    dead: hasPhotos ? 1 : 0,
    ...(hasCells ? { hasCells } : {}),
    ...(hasPhotos
      ? { zeroShare: 0.2 + 0.2 * at, effectiveShare: 0.5 - 0.1 * at, classShare: 0.6 + 0.1 * at }
      : {}),
  };
}

/** Pictures beside the icons, of the last layer with units' own larger ones, and a caricature. */
async function writeMore(folder: string, at: number): Promise<Partial<AtlasUnits>> {
  writeFileSync(join(folder, "caricature.jpg"), await encodePng(square(64, [40, 200, 40])));
  const columns = [
    ...(at === 3 ? (["excites"] as const) : []),
    ...(["opposite", "diverse", "diverse", "diverse"] as const),
  ];
  const cells = { columns: columns.length, rows: 8, sidePx: 24 };
  const sheets = await writeSheets(folder, "others", cells, channels[at]! * columns.length, (i) => {
    const [unit, column] = [Math.floor(i / columns.length), i % columns.length];
    return square(cells.sidePx, colourOfOther(at, unit, column));
  });
  return {
    others: { columns, cells, sheets },
    caricature: {
      file: "caricature.jpg",
      cosine: at === 1 ? 0.4 : 0.83,
      noise: 0.41,
      strength: 3.2,
    },
  };
}

/** A ring of cells on a grid of five by five, around a middle without one; of the last layer there are too few places. */
async function writeCells(folder: string, at: number): Promise<AtlasCells> {
  const facts = { photoCount: 120, each: 4, leastMembers: 6, leastPlaces: 250 } as const;
  const names = {
    photos: ["cat <1>.jpg", `dog "2".jpg`],
    folders: ["<b>cats</b>", "dogs"],
  } as const;
  if (at > 2)
    return { ...facts, ...names, side: 5, places: 120, sheets: [], patchSheets: [], cells: [] };
  const cells = Array.from({ length: 25 }, (_, i) => ({
    column: i % 5,
    row: Math.floor(i / 5),
    count: 6 + i,
    tops: [0, 1],
    folders: [
      [0, 4 + i],
      [1, 2],
    ] as const,
  })).filter(({ column, row }) => column !== 2 || row !== 2);
  const icon = (cell: number) => square(icons.sidePx, colourOfCell(cell));
  return {
    ...facts,
    ...names,
    side: 5,
    places: 480,
    sheets: await writeSheets(folder, "cells", icons, cells.length, icon),
    patchSheets: await writeSheets(folder, "places", patches, cells.length, (cell) =>
      square(patches.sidePx, colourOfCell(cell)),
    ),
    cells,
  };
}

/** Of few units there is no map. */
function mapOf(count: number): AtlasMap {
  if (count < 20) return { lacks: { of: "units", has: count - 1, needs: 20 } };
  return { places: spiralOf(count) };
}

/** Units on a spiral, of which the dead one has no place. */
export function spiralOf(count: number): readonly (readonly [number, number] | null)[] {
  return Array.from({ length: count }, (_, unit) => {
    const [angle, radius] = [0.7 * unit, 0.5 * Math.sqrt(unit / count)];
    return unit === 2
      ? null
      : ([0.5 + radius * Math.cos(angle), 0.5 + radius * Math.sin(angle)] as const);
  });
}

const states = ["live", "unseen", "dead", "silent"] as const;

/** Of this unit noise makes more than its picture does. */
export const belowNoise = 6;

/** Unit 1 of each layer is unseen, unit 2 dead, unit 3 silent. */
function unitOf(
  folders: readonly string[],
  at: number,
  unit: number,
  hasPhotos: boolean,
): AtlasUnit {
  const state = hasPhotos ? (states[unit] ?? "live") : unit === 2 ? "silent" : "live";
  const count = channels[at]!;
  const beside = (by: number) =>
    folders[at + by] === undefined
      ? []
      : [{ layer: folders[at + by]!, unit: unit % channels[at + by]!, size: 1.5 }];
  const facts = {
    state,
    start: 0.1,
    activation: unit === 2 ? 0 : 1 + ((7 * unit) % count),
    ...(unit === belowNoise ? { below: 40.5 } : {}),
    before: at === 0 ? [] : [...beside(-1), { layer: "not/in 'it'", unit: 7, size: 0.5 }],
    after: beside(1),
  } as const;
  if (!hasPhotos) return facts;
  return {
    ...facts,
    zeroShare: unit === 2 ? 1 : ((11 * unit) % count) / count,
    histogram: { least: 0, most: 4, counts: [60, 40, 20, 0] },
    tops:
      state === "dead" || state === "unseen"
        ? []
        : Array.from({ length: 9 }, (_, i) => ({ photo: i % 2, value: 9 - i, y: 1, x: 2 })),
    opposite: {
      start: 0.1,
      activation: -3,
      isSilent: unit === 3,
      isBeforeRectifier: unit % 2 === 0,
    },
    diverse: { activations: [0.9, 0.8, 0.7], alike: 0.25 },
    near: state === "dead" ? [] : [[(unit + 1) % count, 0.87]],
    classes:
      unit % 2 === 0
        ? []
        : [
            [1, 0.02 * unit, 0.001],
            // No class has this number.
            [7, 0.01 * unit, 0.001],
            [0, -0.5, 0.1],
          ],
  };
}

function mosaic(at: number, unit: number): Picture {
  const layout = mosaicLayout(patches.count, patches.sidePx);
  const whole = square(patches.sidePx, [255, 255, 255]);
  for (let patch = 0; patch < patches.count; patch++) {
    const { left, top } = patchPlace(layout, patch);
    paste(whole, square(layout.patchPx, colourOf(at, unit, patch)), left, top);
  }
  return whole;
}

function square(sidePx: number, colour: readonly number[]): Picture {
  return filled(sidePx, sidePx, 3, colour);
}

/** Sheets that are as wide and as high as their units fill them. */
async function writeSheets(
  folder: string,
  name: string,
  { columns, rows, sidePx }: SheetGrid,
  count: number,
  cellOf: (unit: number) => Picture,
): Promise<readonly string[]> {
  const files: string[] = [];
  for (let first = 0; first < count; first += columns * rows) {
    const own = Math.min(columns * rows, count - first);
    const sheet = filled(
      Math.min(own, columns) * sidePx,
      Math.ceil(own / columns) * sidePx,
      3,
      255,
    );
    for (let i = 0; i < own; i++)
      paste(sheet, cellOf(first + i), (i % columns) * sidePx, Math.floor(i / columns) * sidePx);
    files.push(`${name}-${files.length}.png`);
    writeFileSync(join(folder, files.at(-1)!), await encodePng(sheet));
  }
  return files;
}

export function writeScript(path: string, name: string, given: readonly unknown[]): void {
  const texts = given.map((each) => jsonText(each).replaceAll("<", String.raw`\u003c`));
  writeFileSync(path, `limpidAtlas.${name}(${texts.join(",")});\n`);
}
