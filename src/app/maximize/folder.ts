/** @file The folder that a set of maximised pictures goes to: pictures, float data, results, recipe. */
import { access, stat } from "node:fs/promises";
import { join } from "node:path";
import { LimpidError } from "../../errors.ts";
import { encodeNpy } from "../../formats/npy.ts";
import { tensor } from "../../graph/tensor.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import type { Picture } from "../../image/picture.ts";
import type { MaximizedUnit } from "../../optvis/maximize.ts";
import { formatRecipe, parseRecipe, recipeDifference, type Recipe } from "../../optvis/recipe.ts";
import { unitName, type Unit } from "../../optvis/units.ts";
import { encodePng, encodeWebp } from "../../node/codecs.ts";
import { readText, writeWhole } from "../../node/files.ts";
import { fileNames } from "../../wording/file-names.ts";

/** What is told of a unit; files are named from the folder on. */
export interface UnitResult extends Unit {
  /** Activation of the picture before the first step. */
  readonly start: number;
  /** Activation of the stored float picture. */
  readonly activation: number;
  /** PNG file. */
  readonly picture: string;
  /** .npy file, float32 [C, H, W] in the network's own range and channel order. */
  readonly tensor: string;
  /** WebP file of the way there. */
  readonly animation?: string;
}

/** Time that a frame of an animation stays. */
const frameMs = 80;

/** A folder of maximised pictures. Results are written after each batch, so that work can go on where it stopped. */
export class MaximizeFolder {
  readonly path: string;
  readonly recipe: Recipe;
  readonly #layers: ReadonlyMap<string, string>;
  readonly #results = new Map<string, UnitResult>();

  private constructor(path: string, recipe: Recipe) {
    this.path = path;
    this.recipe = recipe;
    this.#layers = fileNames(recipe.units.map(({ layer }) => layer));
  }

  /**
   * Opens a folder for a recipe: an empty one, or one that holds results of the same recipe, which are
   * kept. Throws `bad-option` for results of another one, `bad-file` if the folder cannot be written.
   */
  static async open(path: string, recipe: Recipe): Promise<MaximizeFolder> {
    const folder = new MaximizeFolder(path, recipe);
    const known = await readIfThere(join(path, "recipe.json"));
    if (known === undefined) {
      await writeWhole(join(path, "recipe.json"), formatRecipe(recipe));
      return folder;
    }
    const difference = recipeDifference(parseRecipe(known, join(path, "recipe.json")), recipe);
    if (difference !== undefined) {
      throw new LimpidError(
        "bad-option",
        `maximize: the folder "${path}" must be new or hold this very recipe, got results of ${difference}. choose another folder with --out.`,
      );
    }
    await folder.#resume();
    return folder;
  }

  /** Takes over what an earlier run finished, as far as its files are there. */
  async #resume(): Promise<void> {
    const text = await readIfThere(join(this.path, "results.json"));
    for (const result of text === undefined ? [] : parseResults(text, this.path)) {
      const files = [
        result.picture,
        result.tensor,
        ...(result.animation ? [result.animation] : []),
      ];
      const present = await Promise.all(files.map((file) => isThere(join(this.path, file))));
      if (present.every(Boolean)) this.#results.set(this.#stem(result), result);
    }
  }

  /** Results in the order of the recipe's units, those that are done. */
  get results(): readonly UnitResult[] {
    return this.recipe.units.flatMap((unit) => this.#results.get(this.#stem(unit)) ?? []);
  }

  isDone(unit: Unit): boolean {
    return this.#results.has(this.#stem(unit));
  }

  /** The contact sheet of a layer: a PNG file's name in the folder. */
  sheetName(layer: string): string {
    return `${this.#layers.get(layer)!}.png`;
  }

  #stem(unit: Unit): string {
    return `${this.#layers.get(unit.layer)!}/${unitName(unit)}`;
  }

  /** Writes what became of some units, then the list of all results. */
  async add(
    units: readonly Unit[],
    made: readonly MaximizedUnit[],
    frames: readonly (readonly Picture[])[],
  ): Promise<void> {
    for (const [i, unit] of units.entries()) {
      const result = await this.#write(unit, made[i]!, frames[i] ?? []);
      this.#results.set(this.#stem(unit), result);
    }
    const text = JSON.stringify({ units: this.results }, undefined, 2);
    await writeWhole(join(this.path, "results.json"), `${text}\n`);
  }

  async #write(unit: Unit, made: MaximizedUnit, frames: readonly Picture[]): Promise<UnitResult> {
    const { size, settings } = this.recipe;
    const stem = this.#stem(unit);
    const files = { picture: `${stem}.png`, tensor: `${stem}.npy` };
    const shown = pictureOfFloats(made.picture, size, settings.display);
    const dims = [size.channels, size.heightPx, size.widthPx];
    await writeWhole(join(this.path, files.tensor), encodeNpy(tensor("float32", dims, made.input)));
    await writeWhole(join(this.path, files.picture), await encodePng(shown));
    const result = { ...unit, start: made.start, activation: made.activation, ...files };
    if (frames.length === 0) return result;
    const animation = `${stem}.webp`;
    await writeWhole(
      join(this.path, animation),
      await encodeWebp([...frames, ...Array<Picture>(6).fill(shown)], { frameMs }),
    );
    return { ...result, animation };
  }
}

function parseResults(text: string, path: string): readonly UnitResult[] {
  try {
    const { units } = JSON.parse(text) as { units: readonly UnitResult[] };
    if (!units.every((unit) => typeof unit.picture === "string")) throw new Error("no pictures");
    return units;
  } catch (cause) {
    throw new LimpidError(
      "bad-file",
      `maximize: "${join(path, "results.json")}" must list the results so far, got other text. remove it to begin again.`,
      { cause },
    );
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  const info = await stat(path).catch(() => undefined);
  return info ? readText(path) : undefined;
}
