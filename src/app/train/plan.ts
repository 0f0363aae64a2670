/** @file From a request to a plan: which data, which network, and how it is trained. */
import { LimpidError } from "../../errors.ts";
import type { DataSplit } from "../../image/dataset.ts";
import { valuesRead } from "../../graph/edit.ts";
import { inFile, inFileOrder } from "../../graph/file-axes.ts";
import type { Graph } from "../../graph/graph.ts";
import type { InputPart } from "../../graph/input-parts.ts";
import { formatShape } from "../../graph/tensor.ts";
import { affineOf, type Preprocessing } from "../../image/preprocess.ts";
import { Model } from "../../network/model.ts";
import { weightOptimizers } from "../../optimize/index.ts";
import type { Optimizer } from "../../optimize/optimizer.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { architectureNetwork } from "../../train/architectures/index.ts";
import { augmentationOf } from "../../train/data/augment.ts";
import type { BatchSource } from "../../train/data/batch-source.ts";
import { batchSource } from "../../train/data/batches.ts";
import { parseNetwork } from "../../train/description-file.ts";
import { fineTunedNetwork, type FineTunedNetwork } from "../../train/fine-tune.ts";
import { lossOf, type Loss } from "../../train/losses.ts";
import { schedules, type Schedule } from "../../train/schedules.ts";
import type { NetworkAnswers, TrainableNetwork } from "../../train/trainable-network.ts";
import { option, say } from "../../wording/face.ts";
import { optionValues } from "../../wording/read-option.ts";
import type { JobContext } from "../context.ts";
import { openNetwork } from "../open.ts";
import type { Platform } from "../platform.ts";
import { readPreprocessing } from "../preparation.ts";
import { dataPlaceOf, openData, type DataPlace } from "./data.ts";
import { trainingOptions, type TrainingOptions } from "./options.ts";
import type { TrainingRecipe } from "./recipe.ts";
import type { TrainRequest } from "./request.ts";
import { trainingTasks, type TrainingTask } from "./tasks.ts";

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
  readonly precision: "float32" | "float16";
}

/** The plan of a request. Throws `LimpidError` before anything is written. */
export async function planTraining(
  request: TrainRequest,
  runtime: Runtime,
  context: JobContext,
): Promise<TrainingPlan> {
  const { platform } = context;
  const options = optionValues(trainingOptions, request.options ?? {});
  const place = await dataPlaceOf(request.data, options.task, context);
  const { from } = options;
  const start = from === undefined ? undefined : await openStart(from, options, runtime, context);
  const asked = recipeOf(request.data, place, options, start);
  const { data, preprocessing } = await openData(platform, place, asked, start?.preprocessing);
  const { network, frozen } = start
    ? await fineTunedOf(start.model, asked, data)
    : { network: await networkOf(platform, asked, data), frozen: new Set<string>() };
  const recipe = { ...asked, dims: data.training.dims, versions: platform.versions() };
  return {
    data,
    preprocessing,
    network,
    frozen,
    recipe,
    sources: sourcesOf(data, recipe, preprocessing, options.strict),
    loss: lossOf(network, { labelSmoothing: recipe.labelSmoothing }, data.training.labelForm),
    optimizer: weightOptimizers[recipe.optimizer](recipe.weightDecay),
    schedule: schedules[recipe.schedule](recipe.lr),
    precision: options.precision,
  };
}

function sourcesOf(
  data: DataSplit,
  { batch, seed, augment }: TrainingRecipe,
  preprocessing: Preprocessing,
  strict: boolean,
): TrainingPlan["sources"] {
  const scaling = affineOf(preprocessing, data.training.dims[0] === 1 ? 1 : 3);
  const augmentation = augmentationOf(augment);
  const training = { batch, seed, shuffle: true, augmentation, scaling, strict };
  return {
    training: batchSource(data.training, training),
    heldOut: batchSource(data.heldOut, { batch, scaling, strict }),
  };
}

/** A model that is fine-tuned, and how its pictures are prepared. */
interface Start {
  readonly model: Model;
  readonly preprocessing: Preprocessing;
}

async function openStart(
  from: string,
  { preprocess }: TrainingOptions,
  runtime: Runtime,
  context: JobContext,
): Promise<Start> {
  const graph = await openNetwork(from, context);
  requireOneInput(graph);
  const model = new Model(graph, runtime);
  requirePictureInput(model);
  const { how, note } = await readPreprocessing(context.platform, model, preprocess);
  if (note !== undefined) context.onNote?.(note);
  return { model, preprocessing: how };
}

/** Only one input is shown the pictures of the data; nothing could be shown to others. */
function requireOneInput(graph: Graph): void {
  const read = new Set(graph.nodes.flatMap(valuesRead));
  const inputs = graph.inputs.filter(({ name }) => read.has(name));
  if (inputs.length < 2) return;
  const listed = inputs.map(
    ({ name, dims, fileOrder }) => `"${name}" ${formatShape(inFileOrder(dims ?? [], fileOrder))}`,
  );
  throw badStart(`have one input, which is shown the pictures, got ${listed.join(" and ")}`);
}

function requirePictureInput({ parts }: Model): void {
  const [part] = parts as [InputPart, ...InputPart[]];
  if (part.kind === "picture" || part.kind === "flat") return;
  const { dims, axes } = inFile(part);
  throw badStart(
    `take pictures, got "${part.name}" ${formatShape(dims)}, which is a ${part.kind} [${axes.join(", ")}]`,
  );
}

function badStart(must: string): LimpidError {
  return new LimpidError(
    "bad-option",
    say`${option("from")}: a network that is trained further must ${must}. choose another model.`,
  );
}

function fineTunedOf(
  model: Model,
  recipe: AskedRecipe,
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

/** A recipe before its data are opened. */
type AskedRecipe = Omit<TrainingRecipe, "versions">;

function recipeOf(
  data: string,
  { task: name, question }: DataPlace,
  options: TrainingOptions,
  start: Start | undefined,
): AskedRecipe {
  const task: TrainingTask = trainingTasks[name];
  const [channels, height, width] = start ? start.model.inputDims().slice(1) : task.dims;
  const { from, freeze, size } = options;
  const optimizer = options.optimizer ?? task.optimizer;
  return {
    data,
    ...(question === "classify" ? {} : { task: question }),
    arch: options.arch ?? task.arch,
    ...(from === undefined ? {} : { from }),
    ...(freeze === undefined ? {} : { freeze }),
    epochs: options.epochs ?? task.epochs,
    batch: options.batch ?? task.batch,
    optimizer,
    lr: options.lr ?? task.lr,
    schedule: options.schedule ?? task.schedule,
    weightDecay: options["weight-decay"] ?? (optimizer === "adamw" ? 0.01 : 0),
    labelSmoothing: options["label-smoothing"],
    augment: options.augment ?? task.augment,
    fit: options.fit ?? task.fit,
    dims: [channels, size ?? height, size ?? width],
    seed: options.seed,
  };
}

async function networkOf(
  platform: Pick<Platform, "readText">,
  { arch, seed }: AskedRecipe,
  { training }: DataSplit,
): Promise<TrainableNetwork> {
  const { dims, classes, labelForm } = training;
  if (!arch.toLowerCase().endsWith(".json")) {
    return architectureNetwork(arch, { input: dims, classes: classes.length }, seed);
  }
  const answers: NetworkAnswers = labelForm?.kind ?? "class";
  const asked = { dims, answers, classes: classes.length };
  const network = parseNetwork(await platform.readText(arch), arch, asked, seed);
  const wanted = classes.length === 2 && answers === "class" ? [1, 2] : [classes.length];
  if (wanted.includes(network.classes)) return network;
  throw new LimpidError(
    "bad-option",
    `arch: "${arch}" must end in ${wanted.join(" or ")} units, one a class of the data, got ${network.classes}. change its last layer.`,
  );
}
