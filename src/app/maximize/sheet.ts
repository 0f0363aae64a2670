/** @file The contact sheet of a layer's maximised pictures. */
import { contactSheet } from "../../drawing/contact-sheet.ts";
import type { SheetCell } from "../../drawing/sheet.ts";
import { formatObjective } from "../../optvis/objective-terms.ts";
import { facetLetter } from "../../optvis/units.ts";
import { formatNumber } from "../../wording/numbers.ts";
import { baseName, joinPath } from "../../wording/paths.ts";
import type { Platform } from "../platform.ts";
import { renderSheet } from "../render-sheet.ts";
import type { MaximizeFolder } from "./folder.ts";
import type { UnitResult } from "./schema.ts";
import { combinationText } from "./unit-text.ts";

type Labels = readonly string[] | undefined;

/** What a sheet is drawn from. */
export type SheetSource = Pick<MaximizeFolder, "path" | "recipe" | "results" | "sheetPath">;

/** Writes the sheet of a layer from the pictures in the folder; returns its path. */
export async function drawMaximizeSheet(
  platform: Platform,
  folder: SheetSource,
  layer: string,
  labels: Labels,
): Promise<string> {
  const results = folder.results.filter((result) => result.layer === layer);
  const cells: SheetCell[] = [];
  for (const result of results) {
    cells.push({
      picture: await platform.readPicture(joinPath(folder.path, result.picture)),
      enlarge: "smooth",
      title: titleOf(result, labels),
      captions: [formatNumber(result.activation, 4)],
    });
  }
  const path = folder.sheetPath(layer);
  const sheet = contactSheet({
    title: layer,
    subtitle: subtitleOf(folder, results[0]!),
    cells,
    columns: 8,
    cellWidthPx: cells.length > 4 ? 144 : 224,
  });
  await platform.writeWhole(path, await renderSheet(platform, sheet));
  return path;
}

function titleOf(result: UnitResult, labels: Labels): string {
  const facet = result.facet === undefined ? "" : ` ${facetLetter(result.facet)}`;
  if ("plus" in result) return `${combinationText(result, labels)}${facet}`;
  if (!("channel" in result || "vector" in result)) return `whole layer${facet}`;
  const place = result.place ? ` at ${result.place.join(", ")}` : "";
  if ("vector" in result) return `direction${place}${facet}`;
  const label = result.class === undefined ? undefined : labels?.[result.class];
  const number = result.class ?? result.channel;
  return `${number}${place}${facet}${label === undefined ? "" : ` ${label}`}`;
}

function subtitleOf({ recipe }: SheetSource, first: UnitResult): string {
  const goal = recipe.negative ? "least excited" : "most excited";
  const { size, settings, seed, preset, model, objective } = recipe;
  const what = objective ? `${goal} by ${formatObjective(objective)}` : goal;
  return `${baseName(model.file)}, ${what}; below each picture: ${measuredText(first)}  ·  ${preset}, ${settings.steps} steps, ${size.widthPx} x ${size.heightPx}, seed ${seed}`;
}

/** What the number below a picture is. */
function measuredText(result: UnitResult): string {
  if ("plus" in result) return "sum and difference of logits";
  if (!("channel" in result || "vector" in result)) return "the objective";
  if ("vector" in result)
    return `dot product${result.place ? " at the place" : ", mean over places"}`;
  if (result.class !== undefined) return "logit of the class";
  return result.place ? "activation at the place" : "activation, mean over places";
}
