/** @file What a row of the table of Keras layers is, and what it is given at a call. */
import type { LimpidError } from "../../../errors.ts";
import type { GraphBuilder } from "../../../graph/builder.ts";
import type { Tensor } from "../../../graph/tensor.ts";
import type { NhwcValue } from "../../channels-last/nhwc-value.ts";
import { badLayer } from "../bad-model.ts";
import type { LayerConfig } from "../layer-config.ts";
import type { KerasLayer } from "../model-config.ts";
import type { LayerWeights } from "../weight-store.ts";

/** A layer of Keras. */
export interface LayerKind {
  /**
   * Adds one call of the layer to the graph; its first result bears `call.name`. Throws `bad-file` for a configuration
   * that it does not know.
   */
  build(call: LayerCall): LayerResult | Promise<LayerResult>;
}

type LayerResult = NhwcValue | readonly NhwcValue[];

/** An argument with its tensors. */
export type Operand =
  | { readonly kind: "tensor"; readonly value: NhwcValue }
  | { readonly kind: "list"; readonly items: readonly Operand[] }
  | { readonly kind: "plain"; readonly value: unknown };

/** One call of a layer. */
export interface LayerCall {
  readonly b: GraphBuilder;
  readonly layer: KerasLayer;
  /** What its result is called in the graph, which names what else it adds behind it. */
  readonly name: string;
  readonly config: LayerConfig;
  /** All tensors of the first argument. */
  readonly inputs: readonly NhwcValue[];
  readonly positional: readonly Operand[];
  readonly named: Readonly<Record<string, Operand>>;
  readonly weights: LayerWeights;
  /** Whether the file is of Keras 3, where some functions are others. */
  readonly isKeras3: boolean;
  /** Whether TensorFlow.js made the file, which computes some layers in another way than Keras. */
  readonly isTfjs: boolean;
  /** Adds a layer that is a part of this one. */
  buildInner(layer: KerasLayer, inputs: readonly NhwcValue[], parts: InnerPart): Promise<NhwcValue>;
  /** Throws `bad-file` if the file leaves the size of an axis behind the batch open. */
  requireKnown(x: NhwcValue): void;
  /** Says in a sentence what is assumed or computed otherwise. */
  note(sentence: string): void;
}

/** Where an inner layer's weights are, and what its result is called. */
interface InnerPart {
  readonly name: string;
  readonly weights: LayerWeights;
}

/** The only tensor of a call. Throws `bad-file`. */
export function only({ layer, inputs }: LayerCall): NhwcValue {
  const [x, more] = inputs;
  if (x && !more) return x;
  throw badLayer(layer, `it must be called with one tensor, got ${inputs.length}`);
}

/** The error of a layer that is not known with such a configuration. */
export function refused({ layer }: LayerCall, what: string, advice?: string): LimpidError {
  return badLayer(layer, what, advice);
}

/** Throws `bad-file` unless a value has that many axes. */
export function requireRank(call: LayerCall, x: NhwcValue, rank: number): void {
  if (x.dims.length === rank) return;
  throw refused(call, `its input must have ${rank} axes, got [${x.dims.join(", ")}]`);
}

/** Weights by their names; those whose sizes are undefined are not in the file. Throws `bad-file`. */
export async function readWeights<T extends string>(
  { weights }: LayerCall,
  wanted: { readonly [K in T]?: readonly (number | undefined)[] | undefined },
): Promise<Readonly<Partial<Record<T, Tensor<"float32">>>>> {
  const there = Object.entries<readonly (number | undefined)[] | undefined>(wanted).flatMap(
    ([name, dims]) => (dims ? [{ name, dims }] : []),
  );
  const tensors = await weights.read(there);
  return Object.fromEntries(there.map(({ name }, i) => [name, tensors[i]!])) as Readonly<
    Partial<Record<T, Tensor<"float32">>>
  >;
}
