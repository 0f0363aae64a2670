/** @file The folder of a training run: checkpoints while it goes on, the model and its figures at the end. */
import { platform } from "../bridge.ts";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { LimpidError } from "../../errors.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../train/checkpoint.ts";
import type { Dataset } from "../../image/dataset.ts";
import type { Evaluation } from "../../train/evaluate.ts";
import type { TrainingState } from "../../train/state.ts";
import type { TrainingResult } from "../../train/train.ts";
import type { FolderFit } from "./data-folder.ts";
import { readBytes, readText, writeWhole } from "../../node/files.ts";
import { courseChart, evaluationChart, mostWrongSheet } from "./figures.ts";

/** Everything that makes a run again. */
export interface TrainingRecipe {
  readonly data: string;
  readonly arch: string;
  /** The model that was trained further. */
  readonly from?: string;
  /** The last layer of it that stayed as it was. */
  readonly freeze?: string;
  readonly epochs: number;
  readonly batch: number;
  readonly optimizer: string;
  readonly lr: number;
  readonly schedule: string;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
  readonly augment: string;
  readonly fit: FolderFit;
  readonly dims: readonly number[];
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** What a run ended in. */
export interface TrainingOutcome {
  readonly result: TrainingResult;
  /** Of the best epoch. */
  readonly evaluation: Evaluation;
  readonly heldOut: Dataset;
  /** The trained network as an ONNX file. */
  readonly model: Uint8Array;
}

/** A folder that a training run writes to. */
export class TrainingFolder {
  readonly path: string;
  readonly recipe: TrainingRecipe;
  readonly #resumes: boolean;

  private constructor(path: string, recipe: TrainingRecipe, resumes: boolean) {
    this.path = path;
    this.recipe = recipe;
    this.#resumes = resumes;
  }

  /**
   * Opens a folder for a run. Throws `bad-option` if it holds a run and `resumes` is false, or if what it
   * holds is another run.
   */
  static async open(
    path: string,
    recipe: TrainingRecipe,
    resumes: boolean,
  ): Promise<TrainingFolder> {
    const folder = new TrainingFolder(path, recipe, resumes);
    const file = join(path, "recipe.json");
    const known = (await isThere(file)) ? await readText(file) : undefined;
    if (known === undefined || !(await isThere(folder.#checkpointFile))) {
      await writeWhole(file, `${JSON.stringify(recipe, undefined, 2)}\n`);
      return folder;
    }
    if (!resumes) {
      throw new LimpidError(
        "bad-option",
        `train: the folder "${path}" must not hold a run already, got one. go on with it by --resume, or choose another folder with --out.`,
      );
    }
    requireSameRun(known, recipe, file);
    return folder;
  }

  get #checkpointFile(): string {
    return join(this.path, "checkpoint.safetensors");
  }

  /** Where the run stopped; undefined for a new one. Throws `bad-file` for a broken checkpoint. */
  async checkpoint(): Promise<TrainingState | undefined> {
    if (!this.#resumes || !(await isThere(this.#checkpointFile))) return undefined;
    return decodeCheckpoint(await readBytes(this.#checkpointFile));
  }

  /** Keeps the state, whole or not at all. */
  async save(state: TrainingState): Promise<void> {
    await writeWhole(this.#checkpointFile, encodeCheckpoint(state));
  }

  /** Writes the model and what there is to see of the run; returns the paths. */
  async finish({
    result,
    evaluation,
    heldOut,
    model,
  }: TrainingOutcome): Promise<readonly string[]> {
    const { history, best } = result;
    const document = await platform.chartDocument();
    const wrong = await mostWrongSheet(evaluation, heldOut);
    const facts = {
      recipe: this.recipe,
      bestEpoch: best.epoch,
      accuracy: evaluation.accuracy,
      loss: evaluation.loss,
      confusion: evaluation.confusion,
      history,
    };
    const files: readonly (readonly [string, Uint8Array | string | undefined])[] = [
      ["model.onnx", model],
      ["history.json", `${JSON.stringify(facts, undefined, 2)}\n`],
      ["history.svg", courseChart(history, document)],
      ["confusion.svg", evaluationChart(evaluation, heldOut.classes, document)],
      ["most-wrong.png", wrong],
    ];
    const written: string[] = [];
    for (const [name, content] of files) {
      if (content === undefined) continue;
      await writeWhole(join(this.path, name), content);
      written.push(join(this.path, name));
    }
    return written;
  }
}

function requireSameRun(known: string, recipe: TrainingRecipe, file: string): void {
  let stored: Partial<TrainingRecipe>;
  try {
    stored = JSON.parse(known) as Partial<TrainingRecipe>;
  } catch (cause) {
    throw new LimpidError("bad-file", `train: "${file}" must be JSON, got other text.`, { cause });
  }
  const fields = (Object.keys(recipe) as (keyof TrainingRecipe)[]).filter(
    (name) => name !== "versions",
  );
  const other = fields.find(
    (name) => JSON.stringify(stored[name]) !== JSON.stringify(recipe[name]),
  );
  if (other === undefined) return;
  throw new LimpidError(
    "bad-option",
    `train: --resume must be given the options of the run in the folder, got ${other} ${JSON.stringify(recipe[other])} where it had ${JSON.stringify(stored[other])}. repeat its options, or choose another folder with --out.`,
  );
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
