/** @file Making pictures in batches, and the sheets to look at. */
import { nodePlatform } from "../../src/node/platform.ts";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { contactSheet } from "../../src/drawing/contact-sheet.ts";
import { pictureOfFloats } from "../../src/image/float-picture.ts";
import { writeWhole } from "../../src/disk/files.ts";
import { renderSheet } from "../../src/app/render-sheet.ts";
import { maximize, type MaximizedUnit, type VisualizedNetwork } from "../../src/optvis/maximize.ts";
import type { Objective } from "../../src/optvis/objectives.ts";
import type { PictureSize } from "../../src/optvis/parameterizations.ts";
import type { Preset } from "../../src/optvis/presets.ts";

const batch = 4;
const folder = fileURLToPath(new URL("../../out/maximize-quality/", import.meta.url));

/** Pictures of all objectives, and the seconds that they took together. */
export async function drawAll(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  { preset, size, seed }: { preset: Preset; size: PictureSize; seed: number },
  warmUps: readonly Objective[] = objectives,
): Promise<{ units: MaximizedUnit[]; seconds: number }> {
  const start = performance.now();
  const units: MaximizedUnit[] = [];
  for (let i = 0; i < objectives.length; i += batch) {
    const part = objectives.slice(i, i + batch);
    const warmUpObjectives = warmUps.slice(i, i + batch);
    units.push(...(await maximize(network, part, { preset, size, seed, warmUpObjectives })));
  }
  return { units, seconds: (performance.now() - start) / 1000 };
}

/** A labelled picture of a sheet. */
export interface Labelled {
  readonly unit: MaximizedUnit;
  readonly title: string;
  readonly captions: readonly string[];
}

/** Writes a contact sheet; returns its path. */
export async function writeSheet(
  name: string,
  subtitle: string,
  cells: readonly Labelled[],
  { preset, size }: { preset: Preset; size: PictureSize },
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name.replaceAll(/[^\w.-]+/g, "-")}.png`);
  const sheet = contactSheet({
    title: name,
    subtitle,
    columns: Math.min(cells.length, size.widthPx > 64 ? 4 : 8),
    cellWidthPx: size.widthPx > 64 ? 224 : 112,
    cells: cells.map(({ unit, title, captions }) => ({
      picture: pictureOfFloats(unit.picture, size, preset.display),
      enlarge: "smooth" as const,
      title,
      captions,
    })),
  });
  await writeWhole(path, await renderSheet(nodePlatform, sheet));
  return path;
}
