/** @file From options to a plan: which data, which network, how it is trained, and where results go. */
import { commandWords, wordsOf } from "../../wording/face.ts";
import { choosePreprocessing, openNamedModel } from "../bridge.ts";
import { basename, join, resolve } from "node:path";
import { LimpidError } from "../../errors.ts";
import { affineOf, type Preprocessing } from "../../image/preprocess.ts";
import { Model } from "../../network/model.ts";
import { readText } from "../../node/files.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { TrainingRecipe } from "./folder.ts";
import { versions } from "../../node/versions.ts";
import { architectureNetwork } from "../../train/architectures/index.ts";
import { augmentationOf } from "../../train/data/augment.ts";
import { batchSource } from "../../train/data/batches.ts";
import type { BatchSource } from "../../train/data/batch-source.ts";
import type { DataSplit } from "../../image/dataset.ts";
import { parseNetwork } from "../../train/description-file.ts";
import { fineTunedNetwork, type FineTunedNetwork } from "../../train/fine-tune.ts";
import { lossOf, type Loss } from "../../train/losses.ts";
import type { TrainableNetwork } from "../../train/trainable-network.ts";
import { weightOptimizers, type WeightOptimizerName } from "../../optimize/index.ts";
import type { Optimizer } from "../../optimize/optimizer.ts";
import { constant, cosine, oneCycle, plateau, type Schedule } from "../../train/schedules.ts";
import type { CommandIo } from "../../cli/io.ts";
import { parseNumber, parseWhole } from "../../scores/selection.ts";
import { dataPlaceOf, openData } from "./data.ts";
import { trainingTasks, type ScheduleName, type TrainingTask } from "./tasks.ts";
import type { TrainCommandOptions } from "./train.ts";

/** Everything that is known before the first step. */
export interface TrainingPlan {
  readonly data: DataSplit;
  /** How pictures of users become what the network was trained on. */
  readonly preprocessing: Preprocessing;
  readonly network: TrainableNetwork;
  /** Parameters that stay as they are. */
  readonly frozen: ReadonlySet<string>;
  readonly recipe: TrainingRecipe;
  readonly sources: { readonly training: BatchSource; readonly heldOut: BatchSource };
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  /** How the weights are stored. */
  readonly weights: "float32" | "float16";
  /** Where results go. */
  readonly folder: string;
}

/** The plan of a command line. Throws `LimpidError` before anything is written. */
export async function planTraining(
  asked: string,
  options: TrainCommandOptions,
  runtime: Runtime,
  io: CommandIo,
): Promise<TrainingPlan> {
  const offline = options.offline ?? false;
  const place = await dataPlaceOf(asked, offline, io);
  const task: TrainingTask = trainingTasks[place.task];
  const start = options.from === undefined ? undefined : await openStart(options, runtime, io);
  const recipe = recipeOf(asked, task, options, start);
  const { data, preprocessing } = await openData(place, recipe, start?.how);
  const { network, frozen } = start
    ? await fineTuneOf(start.model, recipe, data)
    : { network: await networkOf(recipe, data), frozen: new Set<string>() };
  const { batch, seed } = recipe;
  const strict = options.strict ?? false;
  const augmentation = augmentationOf(recipe.augment);
  const scaling = affineOf(preprocessing, data.training.dims[0] === 1 ? 1 : 3);
  return {
    data,
    preprocessing,
    network,
    frozen,
    recipe: { ...recipe, dims: data.training.dims },
    sources: {
      training: batchSource(data.training, {
        batch,
        seed,
        shuffle: true,
        augmentation,
        scaling,
        strict,
      }),
      heldOut: batchSource(data.heldOut, { batch, scaling, strict }),
    },
    loss: lossOf(network, { labelSmoothing: recipe.labelSmoothing }),
    optimizer: weightOptimizers[recipe.optimizer as WeightOptimizerName](recipe.weightDecay),
    schedule: schedules[recipe.schedule as ScheduleName](recipe.lr),
    weights: options.weights,
    folder: options.out ?? join("trained", basename(resolve(asked))),
  };
}

/** A model that is trained further, and how its pictures are prepared. */
interface Start {
  readonly model: Model;
  readonly how: Preprocessing;
}

async function openStart(
  { from, preprocess, offline = false }: TrainCommandOptions,
  runtime: Runtime,
  io: CommandIo,
): Promise<Start> {
  const model = new Model(await openNamedModel(from!, offline, io), runtime);
  const { how, note } = await choosePreprocessing(model, preprocess);
  if (note !== undefined) io.err(`note: ${wordsOf(note, commandWords)}\n`);
  return { model, how };
}

function fineTuneOf(
  model: Model,
  recipe: TrainingRecipe,
  data: DataSplit,
): Promise<FineTunedNetwork> {
  const { dims, classes } = data.training;
  return fineTunedNetwork(model, {
    batchSize: recipe.batch,
    units: classes.length,
    inputDims: dims,
    seed: recipe.seed,
    ...(recipe.freeze === undefined ? {} : { freezeUpTo: recipe.freeze }),
  });
}

function recipeOf(
  asked: string,
  task: TrainingTask,
  options: TrainCommandOptions,
  start: Start | undefined,
): TrainingRecipe {
  const whole = (text: string | undefined, fallback: number, name: string) =>
    text === undefined ? fallback : parseWhole(text, name, 1);
  const [channels, height, width] = start ? start.model.inputDims().slice(1) : task.dims;
  const optimizer = options.optimizer ?? task.optimizer;
  const side = options.size === undefined ? undefined : parseWhole(options.size, "--size", 16);
  return {
    data: asked,
    arch: options.arch ?? task.arch,
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.freeze === undefined ? {} : { freeze: options.freeze }),
    epochs: whole(options.epochs, task.epochs, "--epochs"),
    batch: whole(options.batch, task.batch, "--batch"),
    optimizer,
    lr: options.lr === undefined ? task.lr : parseNumber(options.lr, "--lr", { least: 0 }),
    schedule: options.schedule ?? task.schedule,
    weightDecay: weightDecayOf(optimizer, options.weightDecay),
    labelSmoothing: parseNumber(options.labelSmoothing, "--label-smoothing", { least: 0, end: 1 }),
    augment: options.augment ?? task.augment,
    fit: options.fit ?? task.fit,
    dims: [channels, side ?? height, side ?? width],
    seed: parseWhole(options.seed, "--seed", 0),
    versions: versions(),
  };
}

function weightDecayOf(optimizer: string, asked: string | undefined): number {
  if (asked === undefined) return optimizer === "adamw" ? 0.01 : 0;
  return parseNumber(asked, "--weight-decay", { least: 0, end: 1 });
}

async function networkOf(recipe: TrainingRecipe, data: DataSplit): Promise<TrainableNetwork> {
  const { arch, seed } = recipe;
  const { dims, classes } = data.training;
  if (!arch.toLowerCase().endsWith(".json")) {
    return architectureNetwork(arch, { input: dims, classes: classes.length }, seed);
  }
  const network = parseNetwork(await readText(arch), arch, dims, seed);
  const wanted = classes.length === 2 ? [1, 2] : [classes.length];
  if (wanted.includes(network.classes)) return network;
  throw new LimpidError(
    "bad-option",
    `arch: "${arch}" must end in ${wanted.join(" or ")} units, one a class of the data, got ${network.classes}. change its last layer.`,
  );
}

const schedules: Readonly<Record<ScheduleName, (rate: number) => Schedule>> = {
  constant,
  cosine: (rate) => cosine(rate),
  "one-cycle": (rate) => oneCycle(rate, { growing: 0.15 }),
  plateau: (rate) => plateau(rate, { patience: 3, factor: 0.3 }),
};
