/** @file Targets that are found on a picture, resolved to a model whose score is theirs. */
import { LimpidError, type StopSignal } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Model } from "../network/model.ts";
import { explainedModelOf, type ExplainedModel } from "./explained-model.ts";
import { targetText } from "./target-text.ts";
import type { FixedTarget, PictureTarget, Target } from "./target.ts";

/** Makes of a target and a picture [1, C, H, W] the model that explains it. */
type Resolve<T extends PictureTarget> = (
  model: Model,
  target: T,
  picture: Tensor,
  signal?: StopSignal,
) => Promise<ExplainedModel>;

/** THE table of targets that are found on a picture; what finds one is loaded when it is asked for. */
const resolvers: { readonly [T in PictureTarget as T["kind"]]: Resolve<T> } = {
  box: async (...asked) => (await import("./box-target.ts")).boxModel(...asked),
  region: async (...asked) => (await import("./region-target.ts")).regionModel(...asked),
  similarity: async (...asked) =>
    (await import("./similarity-target.ts")).similarityModel(...asked),
  "unit-region": async (...asked) =>
    (await import("./unit-region-target.ts")).unitRegionModel(...asked),
};

/** Whether a target is found on each picture. */
export function isOfPicture(target: Target): target is PictureTarget {
  return Object.hasOwn(resolvers, target.kind);
}

/** Targets that are the same for every picture. Throws `bad-option` for others, which `what` cannot take. */
export function fixedTargets(targets: readonly Target[], what: string): readonly FixedTarget[] {
  return targets.map((target) => {
    if (!isOfPicture(target)) return target;
    throw new LimpidError(
      "bad-option",
      `${what}: the target must be the same for every picture, got ${targetText(target, undefined)}. name a class or a unit of a layer.`,
    );
  });
}

/**
 * The model that explains a target of one picture [1, C, H, W], or of any pictures of its size where the target is the
 * same for all. Throws `bad-option` for a target that the network or the picture does not have.
 */
export function explainedOn(
  model: Model,
  target: Target,
  picture: Tensor,
  signal?: StopSignal,
): Promise<ExplainedModel> {
  if (!isOfPicture(target)) {
    return explainedModelOf(model, target, picture.dims);
  }
  const table: ReadonlyMap<string, unknown> = new Map(Object.entries(resolvers));
  return (table.get(target.kind) as Resolve<PictureTarget>)(model, target, picture, signal);
}
