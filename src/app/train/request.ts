/** @file What is asked of a training run, and what it tells while it goes on. */
import type { EpochRecord } from "../../train/state.ts";
import type { RuntimeName } from "../platform.ts";
import type { TrainingOptions } from "./options.ts";

export interface TrainRequest {
  /** A data set's name (mnist, cats-dogs, digits, pets, shapes) or a folder. */
  readonly data: string;
  /** Those that are left out are the task's. */
  readonly options?: Partial<TrainingOptions>;
  readonly runtime: RuntimeName;
  /** The folder of the results; a run that it holds goes on. */
  readonly out: string;
  /** Only go on: there must be a run. */
  readonly resume?: boolean;
}

/** What is known before the first step. */
export interface TrainingStart {
  readonly data: string;
  /** Pictures to learn from, and held out. */
  readonly pictures: { readonly training: number; readonly heldOut: number };
  readonly classes: number;
  /** The ready network, or the model that is fine-tuned. */
  readonly network: string;
  readonly parameters: number;
}

export interface TrainListener {
  onStart?(start: TrainingStart): void;
  onEpoch?(record: EpochRecord): void;
}
