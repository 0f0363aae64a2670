/** @file The gradient of an explained model's score against central differences of the score, both in float64. */
import { differentiate } from "../../src/autodiff/differentiate.ts";
import { GraphBuilder } from "../../src/graph/builder.ts";
import { tensor, toNumbers, type Tensor } from "../../src/graph/tensor.ts";
import type { Model } from "../../src/network/model.ts";
import { createReferenceRuntime } from "./reference-runtime.ts";

const exact = createReferenceRuntime({ outputs: "float64" });

/** The largest difference of the two at some numbers of a picture [1, C, H, W]; `by` is how far they are moved. */
export async function scoreGradientError(
  model: Model,
  picture: Tensor,
  places: readonly number[],
  by = 1e-5,
): Promise<number> {
  const traced = await model.at(picture.dims);
  const b = new GraphBuilder(traced);
  const score = b.reduceSum(b.value(model.explained), [0, 1], false);
  const { graph, gradients } = differentiate(b.build(), {
    of: score.name,
    wrt: [model.input.name],
  });
  const numbers = toNumbers(picture);
  const valueOf = async (name: string, data: Float64Array) => {
    const feeds = { ...model.held, [model.input.name]: tensor("float64", picture.dims, data) };
    const results = await exact.run(graph, feeds, { outputs: [name] });
    return results[name]!.data as Float64Array;
  };
  const own = await valueOf(gradients.get(model.input.name)!, Float64Array.from(numbers));
  let most = 0;
  for (const i of places) {
    const at = async (moved: number) => {
      const data = Float64Array.from(numbers, (value, k) => (k === i ? value + moved : value));
      return (await valueOf(score.name, data))[0]!;
    };
    const slope = ((await at(by)) - (await at(-by))) / (2 * by);
    most = Math.max(most, Math.abs(slope - own[i]!));
  }
  return most;
}
