/** @file The folder that a set of maximised pictures goes to: pictures, float data, results, recipe. */
import * as v from "valibot";
import { LimpidError } from "../../errors.ts";
import { encodeNpy } from "../../formats/npy.ts";
import { tensor } from "../../graph/tensor.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import type { Picture } from "../../image/picture.ts";
import type { ComparedUnit } from "../../optvis/maximize-above-noise.ts";
import { formatRecipe, parseRecipe, recipeDifference, type Recipe } from "../../optvis/recipe.ts";
import { unitName, type Unit } from "../../optvis/units.ts";
import { option, say } from "../../wording/face.ts";
import { fileNames } from "../../wording/file-names.ts";
import { joinPath } from "../../wording/paths.ts";
import type { JobPlatform } from "../job-platform.ts";
import type { MadeBatch } from "./run.ts";
import { resultsSchema, type UnitResult } from "./schema.ts";
import { wakingOf } from "./silence.ts";
import { jsonText } from "../../wording/shown-text.ts";
import { readJson } from "../../wording/read-json.ts";

/** Time that a frame of an animation stays. */
const frameMs = 80;
/** Frames for which the end of an animation stays. */
const framesOfEnd = 6;

/** What the folder holds beside pictures. */
export const recipeName = "recipe.json";
const resultsName = "results.json";

/** A folder of maximised pictures. Results are written after each batch, so that work can go on where it stopped. */
export class MaximizeFolder {
  readonly path: string;
  readonly recipe: Recipe;
  readonly #platform: JobPlatform;
  readonly #layers: ReadonlyMap<string, string>;
  readonly #results = new Map<string, UnitResult>();

  private constructor(platform: JobPlatform, path: string, recipe: Recipe) {
    this.#platform = platform;
    this.path = path;
    this.recipe = recipe;
    this.#layers = fileNames(
      recipe.units.map(({ layer }) => layer),
      // A folder of pictures and the sheet beside it.
      { endings: ["", ".png"], taken: [recipeName, resultsName] },
    );
  }

  /**
   * Opens a folder for a recipe: an empty one, or one that holds results of the same recipe, which are
   * kept. Throws `bad-option` for results of another one, `bad-file` if the folder cannot be written.
   */
  static async open(platform: JobPlatform, path: string, recipe: Recipe): Promise<MaximizeFolder> {
    const folder = new MaximizeFolder(platform, path, recipe);
    await platform.requireWritable(folder.#at(resultsName));
    const known = await folder.#readIfThere(recipeName);
    if (known === undefined) {
      await platform.writeWhole(folder.#at(recipeName), formatRecipe(recipe));
      return folder;
    }
    const difference = recipeDifference(parseRecipe(known, folder.#at(recipeName)), recipe);
    if (difference !== undefined) {
      throw new LimpidError(
        "bad-option",
        say`maximize: the folder "${path}" must be new or hold this very recipe, got results of ${difference}. choose another folder with ${option("out")}.`,
      );
    }
    await folder.#resume();
    return folder;
  }

  /** Takes over what an earlier run finished, as far as its files are there. */
  async #resume(): Promise<void> {
    const text = await this.#readIfThere(resultsName);
    if (text === undefined) return;
    for (const result of parseResults(text, this.#at(resultsName))) {
      const { picture, tensor: numbers, animation } = result;
      const files = [picture, numbers, ...(animation === undefined ? [] : [animation])];
      // Whatever else the list names is none of this folder's own.
      const stem = this.#stem(result);
      if (files.join() !== filesOf(stem, animation !== undefined).join()) continue;
      const found = await Promise.all(files.map((file) => this.#platform.findOwn(this.#at(file))));
      if (found.every((info) => info !== undefined)) {
        this.#results.set(stem, result);
      }
    }
  }

  /** Results in the order of the recipe's units, those that are done. */
  get results(): readonly UnitResult[] {
    return this.recipe.units.flatMap((unit) => this.#results.get(this.#stem(unit)) ?? []);
  }

  isDone(unit: Unit): boolean {
    return this.#results.has(this.#stem(unit));
  }

  /** The contact sheet of a layer: a PNG file's path. */
  sheetPath(layer: string): string {
    return this.#at(`${this.#layers.get(layer)!}.png`);
  }

  /** Writes what became of some units, then the list of all results. */
  async add({ units, made, frames }: MadeBatch): Promise<void> {
    for (const [i, unit] of units.entries()) {
      const result = await this.#write(unit, made[i]!, frames[i] ?? []);
      this.#results.set(this.#stem(unit), result);
    }
    const text = jsonText({ units: this.results }, 2);
    await this.#platform.writeWhole(this.#at(resultsName), `${text}\n`);
  }

  async #write(unit: Unit, made: ComparedUnit, frames: readonly Picture[]): Promise<UnitResult> {
    const { size, settings } = this.recipe;
    const stem = this.#stem(unit);
    const files = { picture: `${stem}.png`, tensor: `${stem}.npy` };
    const shown = pictureOfFloats(made.picture, size, settings.display);
    const dims = [size.channels, size.heightPx, size.widthPx];
    const numbers = encodeNpy(tensor("float32", dims, made.input));
    await this.#platform.writeWhole(this.#at(files.tensor), numbers);
    const png = await this.#platform.encodePicture([shown], { kind: "png" });
    await this.#platform.writeWhole(this.#at(files.picture), png);
    const { start, activation, silent } = made;
    const result = {
      ...unit,
      start,
      activation,
      ...(silent ? { silent } : {}),
      ...wakingOf(made),
      ...files,
    } satisfies UnitResult;
    if (frames.length === 0) return result;
    const animation = `${stem}.webp`;
    const shownFrames = [...frames, ...Array<Picture>(framesOfEnd).fill(shown)];
    const webp = await this.#platform.encodePicture(shownFrames, { kind: "webp", frameMs });
    await this.#platform.writeWhole(this.#at(animation), webp);
    return { ...result, animation };
  }

  #stem(unit: Unit): string {
    return `${this.#layers.get(unit.layer)!}/${unitName(unit)}`;
  }

  #at(file: string): string {
    return joinPath(this.path, file);
  }

  async #readIfThere(file: string): Promise<string | undefined> {
    const bytes = await this.#platform.readOwn(this.#at(file));
    return bytes && new TextDecoder().decode(bytes);
  }
}

/** The files of a unit: its picture, its numbers and its way there. */
function filesOf(stem: string, isAnimated: boolean): readonly string[] {
  return [".png", ".npy", ...(isAnimated ? [".webp"] : [])].map((ending) => `${stem}${ending}`);
}

function parseResults(text: string, path: string): readonly UnitResult[] {
  const read = readJson(text);
  const parsed = "fault" in read ? undefined : v.safeParse(resultsSchema, read.value);
  if (parsed?.success) return parsed.output.units;
  throw new LimpidError(
    "bad-file",
    `maximize: "${path}" must list the results so far, got other text. remove it to begin again.`,
  );
}
