/** @file The options of training, each declared once: the command, its help, documents and checks are made of them. */
import { weightOptimizers } from "../../optimize/index.ts";
import { augmentations } from "../../train/data/augment.ts";
import { schedules } from "../../train/schedules.ts";
import { questions } from "./tasks.ts";
import type { OptionTable, OptionValues } from "../../wording/option.ts";

const ofTask = { depends: "the task's" };

/** THE table of training's options. */
export const trainingOptions = {
  task: {
    kind: "choice",
    value: "what",
    choices: questions,
    default: { depends: "segment for shapes, else classify" },
    description: "what is learned: a picture's class, that of every place, or objects with boxes",
  },
  arch: {
    kind: "text",
    value: "name",
    default: ofTask,
    description: "a ready network (below), or a .json file with a list of layers",
  },
  from: {
    kind: "text",
    value: "model",
    default: { depends: "a new network" },
    description: "the model that is fine-tuned",
  },
  freeze: {
    kind: "text",
    value: "layer",
    default: { depends: "none" },
    description: "of a fine-tuned model: this layer and all before it stay as they are",
  },
  preprocess: {
    kind: "text",
    value: "how",
    default: { depends: "what it says" },
    description: "of a fine-tuned model: how it wants its pictures",
  },
  epochs: {
    kind: "number",
    value: "n",
    range: { from: 1, whole: true },
    default: ofTask,
    description: "passes over the training data",
  },
  batch: {
    kind: "number",
    value: "n",
    range: { from: 1, whole: true },
    default: ofTask,
    description: "pictures a step",
  },
  optimizer: {
    kind: "choice",
    value: "name",
    choices: namesOf(weightOptimizers),
    default: ofTask,
    description: "what follows the gradient",
  },
  lr: {
    kind: "number",
    value: "rate",
    range: { over: 0 },
    default: ofTask,
    description: "learning rate",
  },
  schedule: {
    kind: "choice",
    value: "name",
    choices: namesOf(schedules),
    default: ofTask,
    description: "how the rate changes",
  },
  "weight-decay": {
    kind: "number",
    value: "share",
    range: { from: 0, under: 1 },
    default: { depends: "0.01 for adamw, else 0" },
    description: "how strongly kernels are shrunk",
  },
  "label-smoothing": {
    kind: "number",
    value: "share",
    range: { from: 0, under: 1 },
    default: 0,
    description: "share of certainty taken from the labels",
  },
  augment: {
    kind: "choice",
    value: "how",
    choices: namesOf(augmentations),
    default: ofTask,
    description: "how training pictures are varied",
  },
  fit: {
    kind: "choice",
    value: "how",
    choices: ["crop", "stretch"],
    default: ofTask,
    description: "how photos are fitted to the network's input",
  },
  size: {
    kind: "number",
    value: "px",
    range: { from: 16, whole: true },
    default: ofTask,
    description: "side of the pictures of a folder",
  },
  seed: {
    kind: "number",
    value: "n",
    range: { from: 0, whole: true },
    default: 0,
    description: "where randomness starts",
  },
  precision: {
    kind: "choice",
    value: "type",
    choices: ["float32", "float16"],
    default: "float32",
    description: "how model.onnx stores the weights; float16 halves it",
  },
  strict: {
    kind: "flag",
    default: false,
    description: "stop at pictures that cannot be read, instead of leaving them out",
  },
} as const satisfies OptionTable;

/** Values of all options; undefined where the default depends. */
export type TrainingOptions = OptionValues<typeof trainingOptions>;

/** The keys of a table, as a type knows them. */
function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(table) as Name[];
}
