/** @file BatchNormalization before opset 14. */
import type { Rewrite } from "./rewrite.ts";

/** Before 9, `spatial = 0` normalised every element of [C, ...] on its own: (x - mean) / sqrt(var + epsilon) * scale + bias. */
export const perActivation: Rewrite = (to) => {
  if (to.attributes.int("spatial", 1) === 1) {
    to.change({ drop: ["spatial"] });
    return;
  }
  const isMoreRead = to.node.outputs.some((_, i) => i > 0 && to.optionalOutput(i) !== "");
  if (isMoreRead || to.attributes.has("is_test")) {
    to.refuse();
    return;
  }
  const [x, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map((i) => to.input(i)) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const epsilon = to.number(to.attributes.float("epsilon", 1e-5), x);
  const deviation = to.add("Sqrt", [to.add("Add", [variance, epsilon])]);
  const normal = to.add("Div", [to.add("Sub", [x, mean]), deviation]);
  to.add("Add", [to.add("Mul", [normal, scale]), bias], {}, to.output());
};

/** Before 14 more than one output meant training, by the statistics of the batch; before 7, that it is no test. */
export const batchNormalization: Rewrite = (to) => {
  const { outputs } = to.node;
  const isTraining =
    outputs.slice(1).some((output) => output !== "") || to.attributes.has("is_test");
  const savedStatistics = [3, 4].some((i) => to.optionalOutput(i) !== "");
  if (savedStatistics) to.refuse();
  else if (isTraining) {
    to.change({ outputs: outputs.slice(0, 3), drop: ["is_test"], add: { training_mode: 1 } });
  } else to.change({ outputs: [to.output()] });
};
