/** @file What is fuzzed: a function that reads bytes, the corpus that its inputs are made from, and how they are changed. */
import type { Mutation } from "./mutations/draw.ts";

/** Where and with what a reader reads. */
export interface Scene {
  /** A folder of the reader's own, which may hold anything. */
  readonly folder: string;
  /** Of the seed and the input: what else the reader draws. */
  readonly number: number;
  /** Counts something that is no fault, such as an end inside the guard. */
  note(event: SceneEvent): void;
}

/** Something to tell of an input that is no fault. */
export interface SceneEvent {
  readonly kind: "end in the guard" | "late in the guard" | "over memory in the guard";
  /** Such as the operator at which a process ended. */
  readonly what: string;
}

/** A way in for bytes from outside. */
export interface Reader {
  readonly name: string;
  /** Its part of all inputs, in relation to the others. */
  readonly share: number;
  /** Inputs as they should be, which all are made from; every one of them is accepted. */
  seeds(): Promise<readonly Uint8Array[]> | readonly Uint8Array[];
  readonly mutate: Mutation;
  /** Reads an input. Returns whether it was taken for what it should be; throws what the reader throws. */
  read(bytes: Uint8Array, scene: Scene): Promise<boolean> | boolean;
  /** Whether a thrown value is a refusal; an error with a code other than `internal` is one by itself. */
  isRefusal?(error: unknown): boolean;
}
