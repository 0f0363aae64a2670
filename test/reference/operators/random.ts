/** @file Random operators of the float64 interpreter: the right shapes and distributions, numbers of its own. */
import { randomStream } from "../../../src/random.ts";
import { mapElements } from "../ndarray.ts";
import { required, type OperatorTable } from "../operator.ts";

export const random: OperatorTable = {
  RandomNormalLike: (inputs, attributes) => {
    const stream = randomStream("RandomNormalLike", attributes.float("seed", 0));
    const mean = attributes.float("mean", 0);
    const scale = attributes.float("scale", 1);
    return [mapElements(required(inputs, 0), () => mean + scale * stream.normal())];
  },
  RandomUniformLike: (inputs, attributes) => {
    const stream = randomStream("RandomUniformLike", attributes.float("seed", 0));
    const low = attributes.float("low", 0);
    const high = attributes.float("high", 1);
    return [mapElements(required(inputs, 0), () => stream.between(low, high))];
  },
};
