/** @file What the training step knows of a network: its parameters, its memory, and how it joins a graph. */
import type { GraphBuilder, Value } from "../graph/builder.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { LabelForm } from "../image/dataset.ts";
import type { NetworkMode } from "../layers/layer.ts";

export type NetworkAnswers = "class" | LabelForm["kind"];

/**
 * Random bytes that a step feeds: a graph input of type uint8, newly drawn at every step, uniform in
 * 0..255. Dropout compares them with a threshold.
 */
export interface RandomInput {
  readonly name: string;
  readonly dims: readonly number[];
}

/** A place that a detector looks at for an object. */
export interface Cell {
  /** Its middle, in pixels of the input. */
  readonly x: number;
  readonly y: number;
  /** Its side in pixels. */
  readonly stride: number;
}

/** A box for every cell of a detector. */
export interface CellBoxes {
  /** [N, 4, cells]: centre x and y, width and height in pixels of the input. */
  readonly values: Value;
  readonly cells: readonly Cell[];
}

/** What `TrainableNetwork.build` added to a graph. */
export interface BuiltNetwork {
  /**
   * [N, classes], before softmax or sigmoid; [N, 1] for a one-unit network. [N, classes, H, W] of a segmenter,
   * [N, classes, cells] of a detector.
   */
  readonly logits: Value;
  /** Of a detector. */
  readonly boxes?: CellBoxes;
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
  /** What it tells of a picture: its class (by default), the class of each place, or objects with their boxes. */
  readonly answers?: NetworkAnswers;
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
