/** @file From options to a plan: which data, which network, how it is trained, and where results go. */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { LimpidError } from "../errors.ts";
import { preprocessings, type Preprocessing } from "../image/preprocess.ts";
import { fitPreprocessing, openDataFolder } from "../node/data-folder.ts";
import { readText } from "../node/files.ts";
import { holdsMnist, readMnist } from "../node/mnist-files.ts";
import type { TrainingRecipe } from "../node/training-folder.ts";
import { versions } from "../node/versions.ts";
import { architectureNetwork } from "../train/architectures/index.ts";
import { augmentationOf } from "../train/data/augment.ts";
import { batchSource, type Scaling } from "../train/data/batches.ts";
import type { BatchSource, DataSplit } from "../train/data/dataset.ts";
import { digits } from "../train/data/digits.ts";
import { pets } from "../train/data/pets.ts";
import { parseNetwork } from "../train/description-file.ts";
import { lossOf, type Loss } from "../train/losses.ts";
import type { TrainableNetwork } from "../train/network.ts";
import { adam, adamW, rmsprop, sgd, type Optimizer } from "../train/optimizers.ts";
import { constant, cosine, oneCycle, plateau, type Schedule } from "../train/schedules.ts";
import type { CommandIo } from "./io.ts";
import { locatePlace } from "./named.ts";
import { parseNumber, parseWhole } from "./selection.ts";
import {
  trainingTasks,
  type OptimizerName,
  type ScheduleName,
  type TaskName,
  type TrainingTask,
} from "./train-tasks.ts";
import type { TrainCommandOptions } from "./train.ts";

/** Everything that is known before the first step. */
export interface TrainingPlan {
  readonly data: DataSplit;
  /** How pictures of users become what the network was trained on. */
  readonly preprocessing: Preprocessing;
  readonly network: TrainableNetwork;
  readonly recipe: TrainingRecipe;
  readonly sources: { readonly training: BatchSource; readonly heldOut: BatchSource };
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  /** Where results go. */
  readonly folder: string;
}

/** The plan of a command line. Throws `LimpidError` before anything is written. */
export async function planTraining(
  asked: string,
  options: TrainCommandOptions,
  io: CommandIo,
): Promise<TrainingPlan> {
  const place = await dataPlaceOf(asked, options.offline ?? false, io);
  const task: TrainingTask = trainingTasks[place.task];
  const recipe = recipeOf(asked, task, options);
  const { data, preprocessing } = await openData(place, recipe);
  const network = await networkOf(recipe, data);
  const { batch, seed } = recipe;
  const strict = options.strict ?? false;
  const augmentation = augmentationOf(recipe.augment);
  const scaling = scalingOf(preprocessing);
  return {
    data,
    preprocessing,
    network,
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
    optimizer: optimizers[recipe.optimizer as OptimizerName](recipe.weightDecay),
    schedule: schedules[recipe.schedule as ScheduleName](recipe.lr),
    folder: options.out ?? join("trained", basename(resolve(asked))),
  };
}

/** A data set: drawn, or a folder. */
interface DataPlace {
  readonly task: TaskName;
  readonly path?: string;
}

const drawnTasks: readonly string[] = ["digits", "pets"];

async function dataPlaceOf(asked: string, offline: boolean, io: CommandIo): Promise<DataPlace> {
  if (!existsSync(asked) && drawnTasks.includes(asked)) return { task: asked as TaskName };
  const { path, from } = await locatePlace(asked, offline, io);
  if (from !== "disk" && asked === "cats-dogs") return { task: asked, path };
  return { task: holdsMnist(path) ? "mnist" : "folder", path };
}

async function openData(
  { task, path }: DataPlace,
  { seed, dims, fit }: TrainingRecipe,
): Promise<{ readonly data: DataSplit; readonly preprocessing: Preprocessing }> {
  const grey: Preprocessing = { ...preprocessings.unit, channels: "grey", cropShare: 1 };
  if (task === "digits") return { data: digits(seed), preprocessing: grey };
  if (task === "pets") {
    const size = dims as readonly [number, number, number];
    return { data: pets(seed, undefined, size), preprocessing: centred(fitPreprocessing("crop")) };
  }
  if (task === "mnist") return { data: await readMnist(path!), preprocessing: grey };
  const size = dims as readonly [1 | 3, number, number];
  return {
    data: await openDataFolder(path!, { dims: size, fit, seed }),
    preprocessing: centred(fitPreprocessing(fit)),
  };
}

/** Photos about 0 with a spread near 1, from which networks without normalisation learn sooner. */
function centred(how: Preprocessing): Preprocessing {
  return { ...how, name: "centred", mean: [0.5], std: [0.25] };
}

/** What the preprocessing makes of pictures in 0..1. */
function scalingOf({ scale, mean, std }: Preprocessing): Scaling {
  return {
    gain: std.map((spread) => (255 * scale) / spread),
    offset: std.map((spread, channel) => -mean[channel]! / spread),
  };
}

function recipeOf(asked: string, task: TrainingTask, options: TrainCommandOptions): TrainingRecipe {
  const whole = (text: string | undefined, fallback: number, name: string) =>
    text === undefined ? fallback : parseWhole(text, name, 1);
  const [channels, height, width] = task.dims;
  const optimizer = options.optimizer ?? task.optimizer;
  const side = options.size === undefined ? undefined : parseWhole(options.size, "--size", 16);
  return {
    data: asked,
    arch: options.arch ?? task.arch,
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

const optimizers: Readonly<Record<OptimizerName, (weightDecay: number) => Optimizer>> = {
  sgd: (weightDecay) => sgd({ momentum: 0.9, weightDecay }),
  rmsprop: (weightDecay) => rmsprop({ weightDecay }),
  adam: (weightDecay) => adam({ weightDecay }),
  adamw: (weightDecay) => adamW({ weightDecay }),
};

const schedules: Readonly<Record<ScheduleName, (rate: number) => Schedule>> = {
  constant,
  cosine: (rate) => cosine(rate),
  "one-cycle": (rate) => oneCycle(rate, { growing: 0.15 }),
  plateau: (rate) => plateau(rate, { patience: 3, factor: 0.3 }),
};
