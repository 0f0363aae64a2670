/** @file The folder of a training run: checkpoints while it goes on, the model and its figures at the end. */
import type { Dataset } from "../../image/dataset.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../train/checkpoint.ts";
import type { Evaluation } from "../../train/evaluate.ts";
import type { TrainingState } from "../../train/state.ts";
import type { TrainingResult } from "../../train/train.ts";
import { joinPath } from "../../wording/paths.ts";
import type { Platform } from "../platform.ts";
import { historyChart, evaluationChart, mostWrongSheet } from "./figures.ts";
import {
  formatTrainingRecipe,
  parseTrainingRecipe,
  requireSameRun,
  type TrainingRecipe,
} from "./recipe.ts";
import type { TrainingRecord } from "./record.ts";

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
  /** Where the run that the folder held stopped; undefined for a new one. */
  readonly checkpoint: TrainingState | undefined;
  readonly #platform: Platform;
  readonly #recipe: TrainingRecipe;

  private constructor(
    platform: Platform,
    path: string,
    recipe: TrainingRecipe,
    checkpoint: TrainingState | undefined,
  ) {
    this.path = path;
    this.checkpoint = checkpoint;
    this.#platform = platform;
    this.#recipe = recipe;
  }

  /**
   * Opens a folder for a run, which goes on where the folder holds it. Throws `bad-option` if it holds another run,
   * `bad-file` for a broken recipe or checkpoint.
   */
  static async open(
    platform: Platform,
    path: string,
    recipe: TrainingRecipe,
  ): Promise<TrainingFolder> {
    const [recipeFile, stateFile] = [joinPath(path, recipeName), joinPath(path, checkpointName)];
    if ((await platform.find(recipeFile)) && (await platform.find(stateFile))) {
      const stored = parseTrainingRecipe(await platform.readText(recipeFile), recipeFile);
      requireSameRun(stored, recipe, path);
      const checkpoint = decodeCheckpoint(await platform.readBytes(stateFile));
      return new TrainingFolder(platform, path, recipe, checkpoint);
    }
    await platform.writeWhole(recipeFile, formatTrainingRecipe(recipe));
    return new TrainingFolder(platform, path, recipe, undefined);
  }

  get modelFile(): string {
    return joinPath(this.path, "model.onnx");
  }

  /** Keeps the state, whole or not at all. */
  async save(state: TrainingState): Promise<void> {
    await this.#platform.writeWhole(joinPath(this.path, checkpointName), encodeCheckpoint(state));
  }

  /** Writes the model and what there is to see of the run; returns the paths. */
  async finish(outcome: TrainingOutcome): Promise<readonly string[]> {
    const { result, evaluation, heldOut, model } = outcome;
    const document = await this.#platform.chartDocument();
    const wrong = await mostWrongSheet(this.#platform, evaluation, heldOut);
    const record = `${JSON.stringify(this.#recordOf(outcome), undefined, 2)}\n`;
    const files: readonly (readonly [string, Uint8Array | string | undefined])[] = [
      [this.modelFile, model],
      [joinPath(this.path, "history.json"), record],
      [joinPath(this.path, "history.svg"), historyChart(result.history, document)],
      [
        joinPath(this.path, "confusion.svg"),
        evaluationChart(evaluation, heldOut.classes, document),
      ],
      [joinPath(this.path, "most-wrong.png"), wrong],
    ];
    const written: string[] = [];
    for (const [file, content] of files) {
      if (content === undefined) continue;
      await this.#platform.writeWhole(file, content);
      written.push(file);
    }
    return written;
  }

  #recordOf({ result, evaluation }: TrainingOutcome): TrainingRecord {
    const { accuracy, loss, confusion } = evaluation;
    const { history, best } = result;
    return { recipe: this.#recipe, bestEpoch: best.epoch, accuracy, loss, confusion, history };
  }
}

const recipeName = "recipe.json";
const checkpointName = "checkpoint.safetensors";
