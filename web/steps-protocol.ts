/** @file A channel followed step by step, as the worker hands it to the page. */
import type { ChannelSteps } from "../src/network/channel-steps.ts";

/** A channel that is read. */
interface FollowedRead {
  readonly layer: string;
  readonly channel: number;
  /** The kernel's length, by which channels are ranked; 0 without a kernel. */
  readonly size: number;
}

/** What follows the sum, number by number. */
interface FollowedStage {
  readonly operator: string;
  /** With its numbers, of x. */
  readonly formula: string;
  /** The network's own [height, width] of the output. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** A channel and all that it reads, the largest kernels first. */
export interface FollowedChannel extends Pick<
  ChannelSteps,
  "kind" | "operator" | "windows" | "bias" | "countsOutside" | "isDense"
> {
  readonly isFollowed: true;
  readonly layer: string;
  readonly channel: number;
  readonly reads: readonly FollowedRead[];
  /** [reads, height, width]. */
  readonly maps: Float32Array<ArrayBuffer>;
  /** [reads, kernel height, kernel width]; empty without kernels. */
  readonly kernels: Float32Array<ArrayBuffer>;
  /** What the network itself has before the stages, [height, width] of the output. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly stages: readonly FollowedStage[];
}

/** Why a channel cannot be followed, one sentence. */
interface NotFollowed {
  readonly isFollowed: false;
  readonly reason: string;
}

export type ShownSteps = FollowedChannel | NotFollowed;

export interface StepCalls {
  steps: {
    readonly asked: { readonly layer: string; readonly channel: number };
    readonly answer: ShownSteps;
  };
}
