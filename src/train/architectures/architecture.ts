/** @file What a ready architecture is made for. */
import type { NetworkDescription } from "../described-network.ts";
import type { NetworkAnswers } from "../trainable-network.ts";

/** Pictures and classes. */
export interface ArchitectureSize {
  /** [C, H, W] of one picture. */
  readonly input: readonly [number, number, number];
  /** Units of the last layer; 1 tells two classes apart by its sign. */
  readonly classes: number;
}

/** A ready architecture. */
export interface Architecture {
  readonly description: string;
  /** Two classes are told apart by one unit with a sigmoid. */
  readonly oneUnitForTwo?: boolean;
  /** What it tells of a picture; its class by default. */
  readonly answers?: NetworkAnswers;
  describe(size: ArchitectureSize): NetworkDescription;
}
