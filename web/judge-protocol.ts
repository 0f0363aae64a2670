/** @file What page and worker say to each other of a folder of pictures. */
import type { PathedFile } from "./files-protocol.ts";

/** What the network says of a picture of a folder. */
export interface JudgedRow {
  readonly path: string;
  /** Class that a table tells, else that its folder is named after. */
  readonly label: number | undefined;
  readonly predicted: number | undefined;
  /** Probability of the class that is predicted. */
  readonly confidence: number | undefined;
  /** Minus the logarithm of the probability of its own class. */
  readonly loss: number | undefined;
  /** Of the maps of two methods, from 0 to 2: 1 minus the rank correlation of their places. */
  readonly disagreement: number | undefined;
  readonly failure: string | undefined;
}

/** Pictures of a folder, judged one after the other; each is told of. */
export interface JudgeRequest {
  /** Pictures, and tables (CSV, TSV) that tell their classes. */
  readonly files: readonly PathedFile[];
  /** Methods whose maps are compared, if any. */
  readonly methods: readonly [string, string] | undefined;
}

/** Told on the way, of the pictures since. */
export interface JudgedTold {
  readonly kind: "judged";
  readonly total: number;
  /** Names of the network's classes, and folders that are named after none. */
  readonly classes: readonly string[];
  readonly unknown: readonly string[];
  /** What is to be said of tables that tell classes, a sentence each. */
  readonly notes: readonly string[];
  readonly rows: readonly JudgedRow[];
}

/** Whether a file is a table that tells classes, by its name. */
export function isTable(name: string): boolean {
  return /\.(csv|tsv)$/i.test(name);
}
