/** @file A network that learns digits while one looks, as the worker tells the page of it. */
import type { Pixels } from "./protocol.ts";

/** How a run goes. */
export interface TrainingRequest {
  readonly epochs: number;
  /** Of the start values, the digits and their order. */
  readonly seed: number;
  /** Forgets what was learned, instead of going on from there. */
  readonly isNew: boolean;
}

/** A channel of a layer as it is at a moment. */
export interface TrainedTile {
  readonly picture: Pixels;
  /** Of its numbers that which is farthest from 0. */
  readonly largest: number;
}

/** What is shown of a channel: its kernel, of the first layer, or what it makes of the digit, of the second. */
export type ShownOf = "kernels" | "maps";

/** A channel whose past is looked at. */
export interface ChannelRequest {
  readonly of: ShownOf;
  readonly channel: number;
}

/** The channel at some of the moments that are kept, the first and the last among them, in one scale. */
export interface ChannelPast extends ChannelRequest {
  readonly moments: readonly (TrainedTile & {
    readonly number: number;
    readonly epoch: number;
  })[];
}

/** The network at a moment that is kept, and what it makes of a digit. */
export interface TrainedMoment {
  /** Number of the moment among those that are kept. */
  readonly number: number;
  /** Epochs done, with the share of the one under way. */
  readonly epoch: number;
  /** Kernels of the first layer, in one scale. */
  readonly kernels: readonly TrainedTile[];
  /** What the channels of the second layer make of the digit, in one scale. */
  readonly maps: readonly TrainedTile[];
  /** Of the digit, in 0..1, one a class. */
  readonly probabilities: readonly number[];
}

/** What excites an answer most. */
export interface ExcitedAnswer {
  readonly picture: Pixels;
  /** Logits of the noise that it was made from, and of it. */
  readonly start: number;
  readonly reached: number;
  /** Whether nothing moved it, so that the picture shows nothing. */
  readonly isSilent: boolean;
}

/** What excites the answers of a kept moment most, one a class. */
export interface ExcitedMoment {
  readonly number: number;
  readonly epoch: number;
  readonly steps: number;
  readonly answers: readonly ExcitedAnswer[];
}

/** After an epoch, of digits that it did not learn from. */
export interface EpochFacts {
  readonly epoch: number;
  readonly loss: number;
  /** Share that is right, in 0..1. */
  readonly accuracy: number;
  /** [true class, found class]. */
  readonly confusion: readonly (readonly number[])[];
}

/** How training goes, told on the way. */
export interface TrainingTold {
  readonly kind: "training";
  readonly epoch: number;
  readonly epochs: number;
  /** Losses of the steps since what was told last. */
  readonly losses: readonly number[];
  readonly done: EpochFacts | undefined;
  readonly moment: TrainedMoment | undefined;
}

/** A digit that the network is asked about at a kept moment; of none the last. */
export interface DigitRequest {
  readonly moment: number | undefined;
  /** [28 * 28] in 0..1, white on black. */
  readonly digit: Float32Array<ArrayBuffer>;
}

export interface TrainingCalls {
  train: { readonly asked: TrainingRequest; readonly answer: null };
  trained: { readonly asked: DigitRequest; readonly answer: TrainedMoment };
  excited: { readonly asked: { readonly moment: number }; readonly answer: ExcitedMoment };
  trainedChannel: { readonly asked: ChannelRequest; readonly answer: ChannelPast };
  trainedModel: {
    readonly asked: { readonly moment: number };
    readonly answer: Uint8Array<ArrayBuffer>;
  };
}
