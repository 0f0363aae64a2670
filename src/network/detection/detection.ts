/** @file What a detector finds in a picture, and where the numbers of its predictions lie. */
import type { Box } from "../../image/mask.ts";
import type { Preprocessing } from "../../image/preprocess.ts";
import type { Message } from "../../wording/face.ts";

/** A box that a detector found, in pixels of its input. */
export interface Detection extends Box {
  readonly class: number;
  /** As the network gives it, 0..1; where it has an objectness, the product of both. */
  readonly score: number;
  /** Probabilities of all classes, each by itself, where the layout has them. */
  readonly classes?: Float32Array;
  /** 1 where the layout has none. */
  readonly objectness: number;
  /** Number of the prediction among all that the network gives of a picture. */
  readonly anchor: number;
}

/** Where numbers of predictions lie in a picture's row of a value: number k of prediction p at `offset + p * predictionStep + k * numberStep`. */
export interface Numbers {
  readonly value: string;
  /** How many numbers a picture's row of the value has. */
  readonly length: number;
  readonly offset: number;
  readonly predictionStep: number;
  readonly numberStep: number;
}

/** How four numbers are a box: also by what they change of an anchor, `x + dx * w`, `w * exp(dw)`. */
export type BoxForm = "centre and size" | "corners" | "corners, y first" | "deltas";

/** Numbers that are boxes. */
export interface BoxNumbers extends Numbers {
  readonly form: BoxForm;
  /** Whether they are shares of the input's sides, and not pixels. */
  readonly areShares: boolean;
  /** Whether the file tells the unit, and no number may say otherwise. */
  readonly isUnitTold?: boolean;
  /** What deltas change: centre and size of each prediction's own box [predictions * 4], in the same unit. */
  readonly anchors?: Float32Array;
}

/** What a layout says of the outputs of a network: where its predictions' numbers lie, and what they are. */
export interface Reading {
  readonly predictions: number;
  /** How many classes there are, without one that means nothing; undefined where the layout does not tell. */
  readonly classes: number | undefined;
  readonly scores: Numbers;
  /** What has yet to be made of the scores; undefined where they are probabilities. */
  readonly activation: "sigmoid" | "softmax" | undefined;
  /** How many scores a prediction has; one where `labels` says the class. */
  readonly scoreCount: number;
  /** The number of the score that is class 0; 0 without it. */
  readonly firstClass?: number;
  /** Which of the scores means that there is nothing. */
  readonly background?: number;
  readonly objectness?: Numbers;
  /** The class of each prediction, where the network has chosen it. */
  readonly labels?: Numbers;
  /** Undefined where the file does not tell where its predictions lie. */
  readonly boxes?: BoxNumbers;
  /** Whether the network leaves no two predictions of an object, so that nothing has to be suppressed. */
  readonly isSuppressed: boolean;
  /** What was assumed. */
  readonly notes: readonly Message[];
}

/** A network whose outputs are boxes. */
export interface Detector extends Reading {
  /** Name of the layout, a row of `detectionLayouts`. */
  readonly layout: string;
  /** How such networks take pictures more often than not, for files that do not say it. */
  readonly preparation: Preprocessing;
  /** The output that the scores are read from. */
  readonly output: string;
  /** Whether nothing but sizes tells the layout. */
  readonly isAssumed: boolean;
  /** Sides of the network's input in pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
}
