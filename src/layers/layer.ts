/** @file What a layer of a described network is: its fields, and how it joins a graph. */
import type { GraphBuilder, Value } from "../graph/builder.ts";
import type { Tensor } from "../graph/tensor.ts";

/** How a network behaves: dropout and batch normalisation differ between the two. */
export type NetworkMode = "training" | "inference";

/** A layer in words, as a list or a JSON file holds it. */
export interface LayerDescription {
  readonly type: string;
  /** The layer's name in graphs; a number follows its type by default. */
  readonly name?: string;
  readonly [field: string]: unknown;
}

/** What a field of a description holds. */
export type FieldKind =
  | "count"
  | "size"
  | "padding"
  | "share"
  | "number"
  | "flag"
  | "activation"
  | "initialization"
  | "layers"
  | "branches";

/** A field in words. */
interface FieldInfo {
  readonly kind: FieldKind;
  /** Must be given. */
  readonly isNeeded?: boolean;
}

/** What layers ask of the network while it is built. */
export interface LayerContext {
  readonly b: GraphBuilder;
  readonly mode: NetworkMode;
  /** The value of a parameter, which begins as `start` says; weight decay shrinks it if it `decays`. */
  parameter(name: string, start: () => Tensor, decays?: boolean): Value;
  /** A number that training changes without a gradient. */
  memory(name: string, start: () => Tensor): Value;
  /** What a memory entry becomes after the step. */
  remember(name: string, value: Value): void;
  /** Uniform bytes of a shape, new at each step. */
  readonly random: (name: string, dims: readonly number[]) => Value;
  /** The name of a value in the graph. */
  readonly valueName: (name: string) => string;
  /** Layers one after the other. */
  apply(layers: readonly LayerDescription[], input: Value): Value;
  /** What random numbers of parameters are drawn from. */
  readonly seed: number;
}

/** A kind of layer. */
export interface LayerKind {
  /** What it does, for documents. */
  readonly description: string;
  readonly fields: Readonly<Record<string, FieldInfo>>;
  /**
   * Adds the layer; `input` is [N, C, H, W] or [N, features]. Its last value is called `name`. Throws
   * `bad-option` where the input does not suit it.
   */
  build(context: LayerContext, input: Value, name: string, layer: LayerDescription): Value;
}
