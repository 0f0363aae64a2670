/** @file What the process that reads tells the one that watches over it. */
import type { SceneEvent } from "./reader.ts";

/** What the reading process is given, as JSON on its command line. */
export interface WorkOrder {
  readonly seed: number;
  readonly only?: string | undefined;
  /** Number of the first input, and behind the last one. */
  readonly from: number;
  readonly end: number;
  /** No input begins after this, in milliseconds since 1970. */
  readonly untilMs: number;
  /** A folder that holds what readers write, and the number of the input that is read. */
  readonly folder: string;
}

/** What is kept of all inputs of a reader. */
export interface Tally {
  inputs: number;
  accepted: number;
  slowestMs: number;
  slowest: number;
  largestBytes: number;
  largest: number;
}

export type FaultKind = "foreign" | "internal" | "slow" | "large" | "end" | "hang";

/** What must not be. */
export interface Fault {
  readonly kind: FaultKind;
  readonly reader: string;
  readonly number: number;
  /** The error, or the time or memory. */
  readonly what: string;
}

export type WorkMessage =
  | { readonly kind: "fault"; readonly fault: Fault }
  | {
      readonly kind: "event";
      readonly reader: string;
      readonly number: number;
      readonly event: SceneEvent;
    }
  | {
      readonly kind: "tallies";
      readonly next: number;
      readonly tallies: Readonly<Record<string, Tally>>;
    };

/** Name of the file with the number of the input that is read, 8 bytes. */
export const placeName = "at";

/** Exit code of a process that was grown too large to measure more, and is to be followed by another. */
export const againCode = 75;

/** Bounds for one input. */
export const most = { ms: 2000, bytes: 2 ** 30 } as const;
