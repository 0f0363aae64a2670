/** @file What the training step knows of a network: its parameters, its memory, and how it joins a graph. */
import type { GraphBuilder, Value } from "../graph/builder.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { NetworkMode } from "../layers/layer.ts";

/**
 * Random bytes that a step feeds: a graph input of type uint8, newly drawn at every step, uniform in
 * 0..255. Dropout compares them with a threshold.
 */
export interface RandomInput {
  readonly name: string;
  readonly dims: readonly number[];
}

/** What `TrainableNetwork.build` added to a graph. */
export interface BuiltNetwork {
  /** [N, classes], before softmax or sigmoid; [N, 1] for a one-unit network. */
  readonly logits: Value;
  /** New value of each entry of `memory` after this step; empty for inference. */
  readonly memory: ReadonlyMap<string, Value>;
  /** The random bytes that were declared as graph inputs; none for inference. */
  readonly random: readonly RandomInput[];
}

/** A network whose parameters can be trained. */
export interface TrainableNetwork {
  /** [C, H, W] of one picture. */
  readonly inputDims: readonly [number, number, number];
  readonly classes: number;
  /** What turns logits into probabilities: sigmoid for one unit. */
  readonly activation: "softmax" | "sigmoid";
  /** Start values of what the optimiser changes, float32, by name such as `block1_conv1/kernel`. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** Start values of what steps change without a gradient (running means and variances), float32. */
  readonly memory: ReadonlyMap<string, Tensor>;
  /** Parameters that weight decay shrinks: kernels, not biases and scales. */
  readonly decayed: ReadonlySet<string>;
  /**
   * Adds the network to a graph on pictures [N, C, H, W] in the network's own range; `values` holds the
   * graph's value of every parameter and memory entry.
   */
  build(
    b: GraphBuilder,
    pictures: Value,
    values: ReadonlyMap<string, Value>,
    mode: NetworkMode,
  ): BuiltNetwork;
}
