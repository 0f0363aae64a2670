/** @file The graph: an immutable picture of a network with ONNX semantics, always at one opset. */
import type { ElementType, Tensor } from "./tensor.ts";

/** The opset that every graph is normalised to; rules and the interpreter know operators of this version alone. */
export const OPSET = 21;

/** An attribute of a node with the kind that ONNX stores. */
export type Attribute =
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "tensor"; readonly value: Tensor }
  | { readonly kind: "graph"; readonly value: Graph }
  | { readonly kind: "floats"; readonly value: readonly number[] }
  | { readonly kind: "ints"; readonly value: readonly number[] }
  | { readonly kind: "strings"; readonly value: readonly string[] };

/** One operation. Inputs and outputs are value names; `""` stands for an optional one left out. */
export interface Node {
  /** Unique in the graph. */
  readonly name: string;
  readonly operator: string;
  /** `""` for the standard operators of ONNX. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A dimension: a fixed size, or the name of one that is left open (`"?"` if it has no name). */
export type Dimension = number | string;

/** A graph input or output; `type` (of outputs) and `dims` are undefined where the model does not say. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType | undefined;
  readonly dims: readonly Dimension[] | undefined;
  /** Of an input, which of `dims` each axis is that the model's file has; left out where reading it turned none. */
  readonly fileOrder?: readonly number[];
}

/** The exact type and shape of a value at the traced input size. */
export interface ValueShape {
  readonly type: ElementType;
  readonly dims: readonly number[];
}

/**
 * A network. `nodes` are in topological order; every value name is produced once: by an input, an
 * initializer or a node. `shapes` holds what is known exactly (all values after `trace`).
 */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly nodes: readonly Node[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  readonly shapes: ReadonlyMap<string, ValueShape>;
  /** Free key-value pairs of the model file: preprocessing, class names, recipe. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** The node that produces each value. */
export function producers(graph: Graph): Map<string, Node> {
  const result = new Map<string, Node>();
  for (const node of graph.nodes) {
    for (const output of node.outputs) if (output) result.set(output, node);
  }
  return result;
}

/** The nodes that read each value, graph outputs not counted. */
export function consumers(graph: Graph): Map<string, Node[]> {
  const result = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    for (const input of new Set(node.inputs)) {
      if (!input) continue;
      const readers = result.get(input);
      if (readers) readers.push(node);
      else result.set(input, [node]);
    }
  }
  return result;
}
