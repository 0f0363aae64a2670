/** @file What a random network's end is asked, and what is right to say of it. */
import type { Value } from "../../src/graph/builder.ts";
import type { Pen } from "./drawing.ts";
import type { Maps } from "./maps.ts";

/** What is to be asked of a network, and what is right. */
export interface Question {
  /** The class, or the channel of a named output. */
  readonly target: number;
  /** The output by which a unit is named; undefined asks for a class of what the network is taken to say. */
  readonly named?: string;
  /** The place of a box. */
  readonly place?: readonly number[];
  /** What is explained; where that depends on what was found in the picture itself, on what `base` gives. */
  score(x: Maps, base: Maps): number;
  /** Null where there is none. */
  probability(x: Maps): number | null;
}

export interface Head {
  readonly what: string;
  write(pen: Pen, x: Value): void;
  /** Numbers of the outputs of the file by their names, as it writes them. */
  outputs(x: Maps): Readonly<Record<string, readonly number[]>>;
  readonly questions: readonly Question[];
  /** What must be said where a class is asked for. */
  readonly refusesClasses?: RegExp;
}
