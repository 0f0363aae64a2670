/** @file What a layout of detectors is: a name, a sentence, and how it is found in a network's outputs. */
import type { Preprocessing } from "../../image/preprocess.ts";
import type { GraphReader } from "../graph-reader.ts";
import type { ToldDetector } from "./told-detector.ts";
import type { Reading } from "./detection.ts";
import type { SeenNumbers } from "./seen-numbers.ts";

/** An output, its sizes behind the batch known. */
export interface SizedOutput {
  readonly name: string;
  readonly isFloating: boolean;
  /** [N, ...] */
  readonly dims: readonly number[];
}

/** What is known of a network that may be a detector. */
export interface LayoutFacts {
  readonly reader: GraphReader;
  readonly outputs: readonly SizedOutput[];
  readonly heightPx: number;
  readonly widthPx: number;
  /** How many classes there may be by the names that the file holds, or that the user gives. */
  readonly named: ReadonlySet<number>;
  /** Whether the names are those that the user gives, which may be of another network. */
  readonly isNamedByUser: boolean;
  readonly told: ToldDetector;
  /** Whether the user says that the outputs are boxes. */
  readonly isAsked: boolean;
  /** What a run showed. */
  readonly seen: SeenNumbers;
}

/** Outputs read by a layout. */
export interface LayoutFound {
  readonly reading: Reading;
  readonly output: string;
  /** Whether nothing but sizes tells the layout. */
  readonly isAssumed: boolean;
  /** Where it differs from that of the layout's other networks. */
  readonly preparation?: Preprocessing;
}

/** A layout of the outputs of detectors. */
export interface DetectionLayout {
  /** Networks that have it. */
  readonly networks: string;
  /** Outputs and what they hold. */
  readonly outputs: string;
  /** How such networks take pictures more often than not, for files that do not say it. */
  readonly preparation: Preprocessing;
  /** Undefined where the outputs are not of this layout. */
  find(facts: LayoutFacts): LayoutFound | undefined;
}
