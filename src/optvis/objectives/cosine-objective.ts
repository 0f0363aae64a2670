/** @file A direction in the space of channels that is excited alone: the product with it times their cosine. */
import { channelAxisOf, placeAxesOf } from "../../scores/channel-axis.ts";
import type { Objective } from "./objective.ts";
import { directionAt, type ChannelWeights } from "./unit-objectives.ts";

/** A cosine that is smaller counts as this, so that pictures that begin far from the direction have a gradient. */
const leastCosine = 0.1;

/**
 * The activations' product with a direction, times `max(0.1, cos)^power` of the angle between them: what else would raise the
 * product is worth less (Carter et al. 2019, "Activation Atlas", doi:10.23915/distill.00015; there for one place). Of means over
 * places, or at one place.
 */
export function cosineDirection(
  layer: string,
  description: string,
  weightsOf: ChannelWeights,
  { power, place }: { readonly power: number; readonly place?: readonly number[] | undefined },
): Objective {
  const own = directionAt(layer, description, weightsOf, place);
  return {
    ...own,
    description: `${own.description}, times cosine^${power}`,
    signature: `cosine(${own.signature},${power})`,
    parameters: (dimsOf) => {
      const dims = dimsOf(layer);
      const weights = weightsOf(dims[channelAxisOf(dims)]!);
      const norm = Math.sqrt(weights.reduce((total, weight) => total + weight * weight, 0));
      const inverse = Float32Array.of(1 / Math.max(norm, 1e-12));
      return { ...own.parameters(dimsOf), "inverse-norm": { dims: [], data: inverse } };
    },
    build: (context) => {
      const { b, layer: valueOf, parameter } = context;
      const value = valueOf(layer);
      const product = own.build(context);
      const axes = placeAxesOf(value.dims);
      let seen = value;
      for (const i of place ? axes.keys() : []) seen = b.mul(seen, parameter(`place-${i}`));
      const pooled = place ? b.reduceSum(seen, axes, false) : b.reduceMean(seen, axes, false);
      const power2 = b.reduceSum(b.mul(pooled, pooled), [1], false);
      const norm = b.op("Sqrt", [b.add(power2, b.scalar(1e-12))]);
      const cosine = b.mul(b.div(product, norm), parameter("inverse-norm"));
      const counted = b.op("Max", [cosine, b.scalar(leastCosine)]);
      return b.mul(product, b.op("Pow", [counted, b.scalar(power)]));
    },
  };
}
