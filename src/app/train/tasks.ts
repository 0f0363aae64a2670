/** @file What `limpid train` does with each data set unless it is told otherwise. */

import type { FolderFit } from "./data-folder.ts";

/** Defaults of a task. */
export interface TrainingTask {
  /** The ready network. */
  readonly arch: string;
  readonly epochs: number;
  readonly batch: number;
  readonly optimizer: OptimizerName;
  readonly lr: number;
  readonly schedule: ScheduleName;
  readonly augment: AugmentationName;
  /** How pictures of other proportions are fitted. */
  readonly fit: FolderFit;
  /** [C, H, W] of the pictures. */
  readonly dims: readonly [number, number, number];
}

export const optimizerNames = ["sgd", "rmsprop", "adam", "adamw"] as const;
export type OptimizerName = (typeof optimizerNames)[number];

export const scheduleNames = ["constant", "cosine", "one-cycle", "plateau"] as const;
export type ScheduleName = (typeof scheduleNames)[number];

export const augmentationNames = ["none", "light", "keras", "photos", "strong"] as const;
export type AugmentationName = (typeof augmentationNames)[number];

/** THE table of tasks; `folder` is any folder of pictures. */
export const trainingTasks = {
  mnist: {
    arch: "mnist",
    epochs: 5,
    batch: 128,
    optimizer: "adam",
    lr: 1e-3,
    schedule: "constant",
    augment: "none",
    fit: "crop",
    dims: [1, 28, 28],
  },
  "cats-dogs": {
    arch: "cats-dogs",
    epochs: 50,
    batch: 32,
    optimizer: "adam",
    lr: 1e-3,
    schedule: "one-cycle",
    augment: "photos",
    fit: "stretch",
    dims: [3, 150, 150],
  },
  digits: {
    arch: "mnist",
    epochs: 3,
    batch: 64,
    optimizer: "adam",
    lr: 1e-3,
    schedule: "cosine",
    augment: "none",
    fit: "crop",
    dims: [1, 28, 28],
  },
  pets: {
    arch: "pets",
    epochs: 4,
    batch: 32,
    optimizer: "adam",
    lr: 3e-3,
    schedule: "one-cycle",
    augment: "none",
    fit: "crop",
    dims: [3, 64, 64],
  },
  folder: {
    arch: "slim-resnet50",
    epochs: 30,
    batch: 32,
    optimizer: "adamw",
    lr: 1e-3,
    schedule: "cosine",
    augment: "photos",
    fit: "crop",
    dims: [3, 128, 128],
  },
} as const satisfies Readonly<Record<string, TrainingTask>>;

export type TaskName = keyof typeof trainingTasks;

/** One line a task for help. */
export function taskLines(): string {
  return Object.entries<TrainingTask>(trainingTasks)
    .map(([name, task]) => {
      const size = task.dims.slice(1).join(" x ");
      return `  ${name.padEnd(10)} ${task.arch}, ${size} px, ${task.epochs} epochs of batches of ${task.batch}, ${task.optimizer} at ${task.lr} (${task.schedule}), augmentation ${task.augment}`;
    })
    .join("\n");
}
