/** @file What training does with each data set unless it is told otherwise. */
import type { WeightOptimizerName } from "../../optimize/index.ts";
import type { AugmentationName } from "../../train/data/augment.ts";
import type { ScheduleName } from "../../train/schedules.ts";
import type { FolderFit } from "./data-folder.ts";

/** Defaults of a task. */
export interface TrainingTask {
  /** The ready network. */
  readonly arch: string;
  readonly epochs: number;
  readonly batch: number;
  readonly optimizer: WeightOptimizerName;
  readonly lr: number;
  readonly schedule: ScheduleName;
  readonly augment: AugmentationName;
  /** How pictures of other proportions are fitted. */
  readonly fit: FolderFit;
  /** [C, H, W] of the pictures. */
  readonly dims: readonly [number, number, number];
}

/** What a network is asked of a picture: its class, the class of every place, or objects with their boxes. */
export const questions = ["classify", "segment", "detect"] as const;
export type QuestionName = (typeof questions)[number];

/** Data sets that are drawn, by what is asked of them. */
export const drawnTasks = {
  digits: { classify: "digits" },
  pets: { classify: "pets" },
  shapes: { segment: "shapes-segment", detect: "shapes-detect" },
} as const satisfies Readonly<Record<string, Partial<Record<QuestionName, TaskName>>>>;

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
  "shapes-segment": {
    arch: "shapes-segment",
    epochs: 4,
    batch: 16,
    optimizer: "adam",
    lr: 5e-3,
    schedule: "one-cycle",
    augment: "none",
    fit: "crop",
    dims: [3, 64, 64],
  },
  "shapes-detect": {
    arch: "shapes-detect",
    epochs: 8,
    batch: 32,
    optimizer: "adam",
    lr: 5e-3,
    schedule: "one-cycle",
    augment: "none",
    fit: "crop",
    dims: [3, 96, 96],
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
