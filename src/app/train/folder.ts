/** @file The folder of a training run: checkpoints while it goes on, the model and its figures at the end. */
import type { Dataset } from "../../image/dataset.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../train/checkpoint.ts";
import type { Evaluation } from "../../train/evaluate.ts";
import type { TrainingState } from "../../train/state.ts";
import type { TrainingResult } from "../../train/train.ts";
import { isFailure, LimpidError } from "../../errors.ts";
import { option, say } from "../../wording/face.ts";
import { joinPath } from "../../wording/paths.ts";
import type { JobPlatform } from "../job-platform.ts";
import { answersSheet } from "./answer-pictures.ts";
import { historyChart, evaluationChart, mostWrongSheet } from "./figures.ts";
import {
  formatTrainingRecipe,
  parseTrainingRecipe,
  requireSameRun,
  type TrainingRecipe,
} from "./recipe.ts";
import type { TrainingRecord } from "./record.ts";
import type { TrainRequest } from "./request.ts";
import { jsonText } from "../../wording/shown-text.ts";

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
  readonly #platform: JobPlatform;
  readonly #recipe: TrainingRecipe;

  private constructor(
    platform: JobPlatform,
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
   * Opens a folder for a run, which goes on where the folder holds it. Throws `bad-option` if it holds another run, or
   * none where one is to go on, `bad-file` for a broken recipe or checkpoint.
   */
  static async open(
    platform: JobPlatform,
    { out: path, resume = false }: Pick<TrainRequest, "out" | "resume">,
    recipe: TrainingRecipe,
  ): Promise<TrainingFolder> {
    for (const name of Object.values(fileNames))
      await platform.requireWritable(joinPath(path, name));
    const [recipeFile, stateFile] = [fileNames.recipe, fileNames.checkpoint].map((name) =>
      joinPath(path, name),
    ) as [string, string];
    const [known, state] = [await platform.readOwn(recipeFile), await platform.readOwn(stateFile)];
    if (known && state) {
      const stored = parseTrainingRecipe(new TextDecoder().decode(known), recipeFile);
      requireSameRun(stored, recipe, path);
      return new TrainingFolder(
        platform,
        path,
        recipe,
        named(stateFile, () => decodeCheckpoint(state)),
      );
    }
    if (resume) {
      throw new LimpidError(
        "bad-option",
        say`train: ${option("resume")} goes on with a run, got none in the folder "${path}". leave it out to begin one.`,
      );
    }
    await platform.writeWhole(recipeFile, formatTrainingRecipe(recipe));
    return new TrainingFolder(platform, path, recipe, undefined);
  }

  get modelFile(): string {
    return joinPath(this.path, fileNames.model);
  }

  /** Keeps the state, whole or not at all. */
  async save(state: TrainingState): Promise<void> {
    await this.#platform.writeWhole(
      joinPath(this.path, fileNames.checkpoint),
      encodeCheckpoint(state),
    );
  }

  /** Writes the model and what there is to see of the run; returns the paths. */
  async finish(outcome: TrainingOutcome): Promise<readonly string[]> {
    const { result, evaluation, heldOut, model } = outcome;
    const document = await this.#platform.chartDocument();
    const wrong = await mostWrongSheet(this.#platform, evaluation, heldOut);
    const record = `${jsonText(this.#recordOf(outcome), 2)}\n`;
    const files: readonly (readonly [string, Uint8Array | string | undefined])[] = [
      [this.modelFile, model],
      [joinPath(this.path, fileNames.history), record],
      [
        joinPath(this.path, fileNames.historyChart),
        historyChart(result.history, document, evaluation.quality?.measure),
      ],
      [
        joinPath(this.path, fileNames.confusion),
        evaluationChart(evaluation, heldOut.classes, document),
      ],
      [joinPath(this.path, fileNames.mostWrong), wrong],
      [
        joinPath(this.path, fileNames.answers),
        await answersSheet(this.#platform, evaluation, heldOut),
      ],
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
    const { accuracy, loss, confusion, quality } = evaluation;
    const { history, best } = result;
    return {
      recipe: this.#recipe,
      bestEpoch: best.epoch,
      accuracy,
      loss,
      ...(quality ? { quality: { ...quality, classes: [...quality.classes] } } : {}),
      confusion,
      history,
    };
  }
}

/** What is wrong with a file, with its path. */
function named<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!isFailure(cause)) throw cause;
    throw new LimpidError(cause.code, `train: "${path}" cannot be read. ${cause.message}`, {
      cause,
    });
  }
}

const fileNames = {
  recipe: "recipe.json",
  checkpoint: "checkpoint.safetensors",
  model: "model.onnx",
  history: "history.json",
  historyChart: "history.svg",
  confusion: "confusion.svg",
  mostWrong: "most-wrong.png",
  answers: "found.png",
} as const;
