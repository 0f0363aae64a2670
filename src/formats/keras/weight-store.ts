/** @file Where the variables of Keras layers are asked for, whichever of Keras's layouts a file has. */
import type { ElementType, Tensor } from "../../graph/tensor.ts";

/**
 * The variables of a model. Legacy .h5 files and the manifests of TF.js know them by the names of layers, the parts of
 * .keras archives by classes that are counted; who asks says both.
 */
export interface WeightStore {
  /** Those of the model that was saved; nested ones are reached through the layer that they are. */
  model(layers: ModelLayers): ModelWeights;
}

/** A model's layers, as the store needs them to find each. */
export interface ModelLayers {
  /** Whether its class is `Sequential`, which does not count an InputLayer in front; `Functional` does. */
  readonly isSequential: boolean;
  /** All of its configuration, in its order, also those without variables. */
  readonly layers: readonly LayerKey[];
}

/** A layer of a configuration. */
export interface LayerKey {
  /** Unique in its model. */
  readonly name: string;
  /** `Conv2D`, without package and module. */
  readonly className: string;
  /** False for operations, such as the `Add` of `x + y`, which Keras does not count. */
  readonly isLayer: boolean;
}

/** The variables of one model, by layer. */
export interface ModelWeights {
  /** The variables of the layer of that name, which is one of the model's; of none if the file has none of it. */
  layer(name: string): Promise<LayerWeights>;
}

/** The variables of a layer, of a part of one, or of a nested model. */
export interface LayerWeights {
  /** In the maker's order, those of its parts behind its own; states of random numbers are none. */
  variables(): Promise<readonly Variable[]>;
  /**
   * The variables in the order wanted, as float32: by their names if the file has all of them, else by their order.
   * Throws `bad-file`, with the layer's name and both shapes, unless there are as many, of these shapes.
   */
  read(wanted: readonly WantedVariable[]): Promise<readonly Tensor<"float32">[]>;
  /**
   * A layer within a layer by the first of these names that the file has: `layer` or the inner layer's own name for
   * TimeDistributed, `forward_layer`, `query_dense` or `query`; undefined if it has none.
   */
  part(...names: readonly string[]): Promise<LayerWeights | undefined>;
  /** The variables of the nested model that the layer is. */
  model(layers: ModelLayers): ModelWeights;
}

/** A variable as a file has it. */
export interface Variable {
  /** From the layer on, without `:0`: `kernel`, `query/kernel`; numbers in .keras archives: `0`, `query_dense/0`. */
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** Its numbers as stored. Throws `bad-file`. */
  read(): Promise<Tensor>;
}

/** A variable that a layer must have. */
export interface WantedVariable {
  /** As Keras calls it: `kernel`, `bias`, `moving_mean`. */
  readonly name: string;
  /** Sizes that must hold; undefined for any. */
  readonly dims: readonly (number | undefined)[];
}
