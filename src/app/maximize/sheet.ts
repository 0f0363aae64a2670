/** @file The contact sheet of a layer's maximised pictures. */
import { platform } from "../bridge.ts";
import { basename, join } from "node:path";
import { contactSheet } from "../../drawing/contact-sheet.ts";
import type { SheetCell } from "../../drawing/sheet.ts";
import { readPicture } from "../../node/codecs.ts";
import { writeWhole } from "../../node/files.ts";
import type { MaximizeFolder, UnitResult } from "./folder.ts";
import { renderSheet } from "../render-sheet.ts";
import { formatNumber } from "../../wording/numbers.ts";

/** Writes the sheet of a layer from the pictures in the folder; returns its path. */
export async function drawMaximizeSheet(
  folder: MaximizeFolder,
  layer: string,
  labels: readonly string[] | undefined,
): Promise<string> {
  const results = folder.results.filter((result) => result.layer === layer);
  const cells: SheetCell[] = [];
  for (const result of results) cells.push(await cellOf(folder, result, labels));
  const path = join(folder.path, folder.sheetName(layer));
  const columns = Math.min(8, cells.length);
  const cellWidthPx = cells.length > 4 ? 144 : 224;
  const sheet = contactSheet({
    title: layer,
    subtitle: subtitleOf(folder, results[0]!),
    cells,
    columns: Math.max(columns, 3),
    cellWidthPx,
  });
  await writeWhole(path, await renderSheet(platform, sheet));
  return path;
}

async function cellOf(
  folder: MaximizeFolder,
  result: UnitResult,
  labels: readonly string[] | undefined,
): Promise<SheetCell> {
  const label = result.class === undefined ? undefined : labels?.[result.class];
  const number = result.class ?? result.channel;
  const place = result.place ? ` at ${result.place.join(", ")}` : "";
  const facet = result.facet === undefined ? "" : ` ${String.fromCharCode(97 + result.facet)}`;
  return {
    picture: await readPicture(join(folder.path, result.picture)),
    enlarge: "smooth",
    title: `${number}${place}${facet}${label === undefined ? "" : ` ${label}`}`,
    captions: [formatNumber(result.activation, 4)],
  };
}

function subtitleOf({ recipe }: MaximizeFolder, first: UnitResult): string {
  const what =
    first.class !== undefined
      ? "logit of the class"
      : first.place
        ? "activation at the place"
        : "activation, mean over places";
  const goal = recipe.negative ? "least excited" : "most excited";
  const { size, settings, seed, preset, model } = recipe;
  return `${basename(model.file)}, ${goal}; below each picture: ${what}  ·  ${preset}, ${settings.steps} steps, ${size.widthPx} x ${size.heightPx}, seed ${seed}`;
}
