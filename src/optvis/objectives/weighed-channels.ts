/** @file Which objectives read of their layer only what a parameter weighs, so that channels of weight 0 do not matter at all. */
import type { Objective } from "./objective.ts";

type Build = Objective["build"];

/**
 * By how an objective is built: one that is made of another, but built in a way of its own, may read all channels, and must not
 * be taken for what it was made of.
 */
const weights = new WeakMap<Build, readonly string[]>();

/** Notes of a `build` that these parameters are weights of its one layer's channels, of which it reads no more. */
export function weighedBuild(parameters: readonly string[], build: Build): Build {
  weights.set(build, parameters);
  return build;
}

/** Names of the parameters that weigh channels; undefined for an objective that may read all of them. */
export function channelWeightsOf({ build }: Objective): readonly string[] | undefined {
  return weights.get(build);
}
