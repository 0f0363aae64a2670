/** @file Graph models of TF.js, written by their layout, and TF.js itself as their oracle. */
import "@tensorflow/tfjs-backend-cpu";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import { elementCount } from "../../src/graph/tensor.ts";

/** Numbers with axes, in the order of TensorFlow. */
export interface Numbers {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

/** How an attribute is written; a plain number is a float. */
export type Written =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly truth: boolean }
  | { readonly type: "FLOAT" | "INT32" | "BOOL" }
  | { readonly shape: readonly number[] }
  | { readonly ints: readonly number[] }
  | { readonly texts: readonly string[] };

/** A node as it is written to a file. */
export interface WrittenNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Written>>;
}

/** The numbers of a `Const` node. */
export interface WrittenWeight extends Numbers {
  readonly type: "float32" | "int32" | "bool";
}

/** A graph as it is written to files of all formats. */
export interface WrittenGraph {
  readonly nodes: readonly WrittenNode[];
  readonly weights: ReadonlyMap<string, WrittenWeight>;
  /** Sizes of values, where a format must say them. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

/** Builds graphs node by node. */
export class GraphWriter implements WrittenGraph {
  readonly nodes: WrittenNode[] = [];
  readonly weights = new Map<string, WrittenWeight>();
  readonly shapes = new Map<string, readonly number[]>();

  placeholder(name: string, shape: readonly number[]): string {
    return this.node(name, "Placeholder", [], { dtype: { type: "FLOAT" }, shape: { shape } });
  }

  floats(name: string, { dims, data }: Numbers): string {
    this.weights.set(name, { dims, data, type: "float32" });
    return this.node(name, "Const", [], { dtype: { type: "FLOAT" } });
  }

  ints(name: string, data: readonly number[], dims: readonly number[] = [data.length]): string {
    this.weights.set(name, { dims, data, type: "int32" });
    return this.node(name, "Const", [], { dtype: { type: "INT32" } });
  }

  node(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Written>> = {},
  ): string {
    this.nodes.push({ name, op, inputs, attributes });
    return name;
  }
}

/** `modelTopology` of a graph model. */
export function topologyOf({ nodes }: WrittenGraph) {
  return {
    node: nodes.map(({ name, op, inputs, attributes }) => ({
      name,
      op,
      input: inputs,
      attr: Object.fromEntries(
        Object.entries(attributes).map(([key, value]) => [key, attributeJson(value)]),
      ),
    })),
    versions: {},
  };
}

function attributeJson(value: Written) {
  if ("int" in value) return { i: String(value.int) };
  if ("float" in value) return { f: value.float };
  if ("text" in value) return { s: btoa(value.text) };
  if ("truth" in value) return { b: value.truth };
  if ("type" in value) return { type: `DT_${value.type}` };
  if ("shape" in value)
    return { shape: { dim: value.shape.map((size) => ({ size: String(size) })) } };
  if ("ints" in value) return { list: value.ints.length > 0 ? { i: value.ints.map(String) } : {} };
  return { list: { s: value.texts.map((text) => btoa(text)) } };
}

/** The manifest's entries and the bytes that follow each other. */
function weightsOf({ weights }: WrittenGraph) {
  const specs = [...weights].map(([name, { dims, type }]) => ({
    name,
    shape: [...dims],
    dtype: type,
  }));
  const parts = [...weights.values()].map(({ data, type }) => {
    if (type === "bool") return Uint8Array.from(data);
    return new Uint8Array((type === "int32" ? Int32Array : Float32Array).from(data).buffer);
  });
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { specs, bytes };
}

/** What TF.js computes of a graph's outputs that it is asked for. */
export async function runTfjs(
  graph: WrittenGraph,
  feeds: Readonly<Record<string, Numbers>>,
  outputs: readonly string[],
): Promise<Numbers[]> {
  // Outside of it TF.js writes advice to the console.
  tf.enableProdMode();
  await tf.setBackend("cpu");
  const { specs, bytes } = weightsOf(graph);
  const model = await loadGraphModel(
    tf.io.fromMemory({
      modelTopology: topologyOf(graph),
      weightSpecs: specs,
      weightData: bytes.buffer,
    }),
  );
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, { dims, data }]) => [name, tf.tensor([...data], [...dims])]),
  );
  const results = model.execute(inputs, [...outputs]);
  const found = (Array.isArray(results) ? results : [results]).map((result) => ({
    dims: result.shape,
    data: [...result.dataSync()],
  }));
  tf.dispose([inputs, results]);
  model.dispose();
  return found;
}

/** Numbers that repeat nothing, from -1 to 1. */
export function counted(dims: readonly number[], factor = 1): Numbers {
  const data = Array.from({ length: elementCount(dims) }, (_, i) => Math.sin(1 + i * factor));
  return { dims, data };
}
