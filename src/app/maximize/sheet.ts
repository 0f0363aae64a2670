/** @file The contact sheet of a layer's maximised pictures. */
import { contactSheet } from "../../drawing/contact-sheet.ts";
import type { SheetLayout } from "../../drawing/sheet.ts";
import type { Picture } from "../../image/picture.ts";
import { formatObjective } from "../../optvis/objective-terms.ts";
import type { Recipe } from "../../optvis/recipe.ts";
import { facetLetter, type Unit } from "../../optvis/units.ts";
import { formatNumber } from "../../wording/numbers.ts";
import { baseName, joinPath } from "../../wording/paths.ts";
import type { Platform } from "../platform.ts";
import { renderSheet } from "../render-sheet.ts";
import type { MaximizeFolder } from "./folder.ts";
import { awakeningText, higherText, silenceText, type Waking } from "./silence.ts";
import { combinationText, labelOf } from "./unit-text.ts";

type Labels = readonly string[] | undefined;

/** What a sheet is drawn from. */
export type SheetSource = Pick<MaximizeFolder, "path" | "recipe" | "results" | "sheetPath">;

/** A unit and its picture. */
export interface ShownUnit extends Waking {
  readonly unit: Unit;
  /** Activation of the picture. */
  readonly activation: number;
  /** Whether no picture that was tried moved it. */
  readonly silent: boolean;
  readonly picture: Picture;
}

/** Writes the sheet of a layer from the pictures in the folder; returns its path. */
export async function drawMaximizeSheet(
  platform: Platform,
  folder: SheetSource,
  layer: string,
  labels: Labels,
): Promise<string> {
  const shown: ShownUnit[] = [];
  for (const result of folder.results.filter((each) => each.layer === layer)) {
    const picture = await platform.readPicture(joinPath(folder.path, result.picture));
    const { silent = false, ...waking } = result;
    shown.push({ ...waking, unit: result, silent, picture });
  }
  const path = folder.sheetPath(layer);
  const sheet = maximizeSheet(folder.recipe, layer, shown, labels);
  await platform.writeWhole(path, await renderSheet(platform, sheet));
  return path;
}

/** The sheet of a layer's pictures, of which there is one at least. */
export function maximizeSheet(
  recipe: Recipe,
  layer: string,
  shown: readonly ShownUnit[],
  labels: Labels,
): SheetLayout {
  return contactSheet({
    title: layer,
    subtitle: subtitleOf(recipe, shown[0]!.unit),
    cells: shown.map((one) => ({
      picture: one.picture,
      enlarge: "smooth",
      title: titleOf(one.unit, labels),
      captions: captionsOf(one),
    })),
    columns: 8,
    cellWidthPx: shown.length > 4 ? 144 : 224,
  });
}

function captionsOf({ activation, silent, from, onPhotos, below }: ShownUnit): readonly string[] {
  const told = onPhotos ? [`photos: up to ${formatNumber(onPhotos.highest)}`] : [];
  const started = from ? [awakeningText(from)] : [];
  const short = below ? [`below ${higherText(below)}`] : [];
  return [
    `${silent ? `${silenceText(activation)} at ` : ""}${formatNumber(activation, 4)}`,
    ...told,
    ...started,
    ...short,
  ];
}

function titleOf(result: Unit, labels: Labels): string {
  const facet = result.facet === undefined ? "" : ` ${facetLetter(result.facet)}`;
  if ("plus" in result) return `${combinationText(result, labels)}${facet}`;
  if (!("channel" in result || "vector" in result)) return `whole layer${facet}`;
  const place = result.place ? ` at ${result.place.join(", ")}` : "";
  if ("vector" in result) return `direction${place}${facet}`;
  const label = labelOf(result, labels);
  const number = result.class ?? result.channel;
  return `${number}${place}${facet}${label === undefined ? "" : ` ${label}`}`;
}

function subtitleOf(recipe: Recipe, first: Unit): string {
  const goal = recipe.negative ? "least excited" : "most excited";
  const { size, settings, seed, preset, model, objective } = recipe;
  const what = objective ? `${goal} by ${formatObjective(objective)}` : goal;
  return `${baseName(model.file)}, ${what}; below each picture: ${measuredText(first)}  ·  ${preset}, ${settings.steps} steps, ${size.widthPx} x ${size.heightPx}, seed ${seed}`;
}

/** What the number below a picture is. */
function measuredText(result: Unit): string {
  if ("plus" in result) return "sum and difference of logits";
  if (!("channel" in result || "vector" in result)) return "the objective";
  if ("vector" in result)
    return `dot product${result.place ? " at the place" : ", mean over places"}`;
  if (result.class !== undefined) {
    return `logit of the class${result.output === undefined ? "" : ` of "${result.output}"`}`;
  }
  return result.place ? "activation at the place" : "activation, mean over places";
}
