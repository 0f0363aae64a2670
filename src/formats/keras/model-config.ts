/** @file What a Keras model is, whichever generation wrote its configuration. */
import type { JsonObject } from "./layer-config.ts";

/** Layers and how they are called. */
export interface KerasModel {
  readonly name: string;
  /** `Sequential`, `Functional` or `Model`. */
  readonly className: string;
  readonly isSequential: boolean;
  /** In the order of the configuration. */
  readonly layers: readonly KerasLayer[];
  /** Its layers that stand for what it is given. */
  readonly inputs: readonly TensorReference[];
  readonly outputs: readonly TensorReference[];
}

/** A layer, an operation or a nested model. */
export interface KerasLayer {
  /** Unique in its model. */
  readonly name: string;
  /** Without package and module. */
  readonly className: string;
  /** `package>Name` of a class of somebody's own. */
  readonly registeredName?: string;
  /** Whether its class is an operation, such as the `Add` of `x + y`; those have no weights and are not counted. */
  readonly isOperation: boolean;
  /** Whether it stands for the input of a Sequential whose file has none; no file knows it. */
  readonly isImplicit: boolean;
  readonly config: JsonObject;
  /** What it was built for, where the file says, with null for open axes. */
  readonly builtFor?: readonly (number | null)[];
  /** Set if it is a model itself. */
  readonly model?: KerasModel;
  /** One entry each time that it is called; those of inputs have no arguments. */
  readonly calls: readonly KerasCall[];
}

/** What a layer is called with. */
export interface KerasCall {
  readonly positional: readonly Argument[];
  readonly named: Readonly<Record<string, Argument>>;
}

/** The result of a call, by the layer's name, the number of the call and the place among its results, all from 0. */
export interface TensorReference {
  readonly layer: string;
  readonly call: number;
  readonly tensor: number;
}

/** A tensor, tensors, or anything else of JSON. */
export type Argument =
  | { readonly kind: "tensor"; readonly tensor: TensorReference }
  | { readonly kind: "list"; readonly items: readonly Argument[] }
  | { readonly kind: "plain"; readonly value: unknown };

/** The tensors of an argument, in order. */
function tensorsOf(argument: Argument): readonly TensorReference[] {
  if (argument.kind === "tensor") return [argument.tensor];
  return argument.kind === "list" ? argument.items.flatMap(tensorsOf) : [];
}

/** The tensors of all arguments of a call. */
export function tensorsOfCall({ positional, named }: KerasCall): readonly TensorReference[] {
  return [...positional, ...Object.values(named)].flatMap(tensorsOf);
}

/** The layers that are given results of each layer, by its name. */
export function readersOf({ layers }: KerasModel): ReadonlyMap<string, ReadonlySet<KerasLayer>> {
  const readers = new Map<string, Set<KerasLayer>>();
  for (const reader of layers) {
    for (const { layer } of reader.calls.flatMap(tensorsOfCall)) {
      readers.set(layer, (readers.get(layer) ?? new Set()).add(reader));
    }
  }
  return readers;
}
