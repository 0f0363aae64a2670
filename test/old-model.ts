/** @file Small models of any opset, run by ONNX Runtime as they are and after they were read and normalised. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import * as ort from "onnxruntime-node";
import { expect } from "vitest";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import { ModelProtoSchema, OperatorSetIdProtoSchema } from "./onnx/onnx_pb.ts";
import { toAttributes, type AttributeInput } from "../src/graph/attributes.ts";
import type { Attribute, Graph, Node } from "../src/graph/graph.ts";
import { tensor, tensorOf, type Tensor } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";
import type { Tolerance } from "./matchers.ts";

/** Operator, inputs, outputs, attributes; `"domain:Operator"` for one that is not standard. */
export type NodeRow = readonly [
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes?: Readonly<Record<string, AttributeInput | Attribute>>,
];

export interface OldModel {
  readonly opset: number;
  readonly nodes: readonly NodeRow[];
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly constants?: Readonly<Record<string, Tensor>>;
  /** `["y"]` by default. */
  readonly outputs?: readonly string[];
}

/** An attribute stored as a float, where the name does not say so. */
export function float(value: number): Attribute {
  return { kind: "float", value };
}

/** Seeded numbers of about -2 to 2. */
export function noise(dims: readonly number[], seed = 1): Tensor {
  const random = randomStream("noise", seed);
  const count = dims.reduce((product, dim) => product * dim, 1);
  return tensor(
    "float32",
    dims,
    Float32Array.from({ length: count }, () => random.between(-2, 2)),
  );
}

/** Whole numbers in order of the type wanted. */
export function integers(type: "int64" | "int32" | "uint8", values: readonly number[]): Tensor {
  return tensorOf(type, [values.length], values);
}

function toNode([name, inputs, outputs, attributes = {}]: NodeRow, i: number): Node {
  const [operator = "", domain = ""] = name.split(":").reverse();
  const plain = Object.entries(attributes).filter(([, value]) => !isAttribute(value));
  const tagged = Object.entries(attributes).filter(([, value]) => isAttribute(value));
  return {
    name: `node${i}`,
    operator,
    domain,
    inputs,
    outputs,
    attributes: {
      ...toAttributes(Object.fromEntries(plain) as Record<string, AttributeInput>),
      ...(Object.fromEntries(tagged) as Record<string, Attribute>),
    },
  };
}

function isAttribute(value: AttributeInput | Attribute): value is Attribute {
  return typeof value === "object" && "kind" in value;
}

/** The file of a model, its nodes as they are said to be at its opset. */
export function oldModelBytes(model: OldModel): Uint8Array {
  const graph: Graph = {
    name: "old",
    inputs: Object.entries(model.feeds).map(([name, { type, dims }]) => ({ name, type, dims })),
    outputs: (model.outputs ?? ["y"]).map((name) => ({ name, type: undefined, dims: undefined })),
    nodes: model.nodes.map(toNode),
    initializers: new Map(Object.entries(model.constants ?? {})),
    shapes: new Map(),
    metadata: new Map(),
  };
  const proto = fromBinary(ModelProtoSchema, encodeOnnx(graph).bytes);
  const others = proto.opsetImport.filter(({ domain }) => domain !== "");
  const own = create(OperatorSetIdProtoSchema, { domain: "", version: BigInt(model.opset) });
  return toBinary(ModelProtoSchema, { ...proto, opsetImport: [own, ...others] });
}

/** What ONNX Runtime computes for a file as it is. */
async function runFile(
  bytes: Uint8Array,
  feeds: OldModel["feeds"],
): Promise<Record<string, Tensor>> {
  const session = await ort.InferenceSession.create(bytes, {
    graphOptimizationLevel: "disabled",
    logSeverityLevel: 4,
  });
  const given = Object.entries(feeds).map(
    ([name, { type, data, dims }]) =>
      [name, new ort.Tensor(type as "float32", data as Float32Array, dims)] as const,
  );
  const results = await session.run(Object.fromEntries(given));
  await session.release();
  return results as unknown as Record<string, Tensor>;
}

/**
 * Reads a model, and expects that ONNX Runtime finds the same numbers for the graph as for the file.
 * Returns the operators of the graph.
 */
export async function expectSameResults(
  model: OldModel,
  tolerance: Tolerance = { rtol: 1e-6, atol: 1e-6 },
): Promise<readonly string[]> {
  const bytes = oldModelBytes(model);
  const graph = decodeOnnx(bytes);
  const expected = await runFile(bytes, model.feeds);
  const actual = await runFile(encodeOnnx(graph).bytes, model.feeds);
  for (const name of model.outputs ?? ["y"]) {
    expect(actual[name]!.type).toBe(expected[name]!.type);
    expect(actual[name]!).toBeAllclose(expected[name]!, tolerance);
  }
  return graph.nodes.map((node) => node.operator);
}

/**
 * Reads a model, and expects the numbers of another one, which says the same in words of a newer opset; and those of
 * the file itself if ONNX Runtime takes it. Returns whether it does.
 */
export async function expectSameAs(
  model: OldModel,
  newer: OldModel,
  tolerance: Tolerance = { rtol: 1e-5, atol: 1e-5 },
): Promise<boolean> {
  const bytes = oldModelBytes(model);
  const [actual, expected, asItIs] = await Promise.all([
    runFile(encodeOnnx(decodeOnnx(bytes)).bytes, model.feeds),
    runFile(oldModelBytes(newer), newer.feeds),
    runFile(bytes, model.feeds).catch((reason: unknown) => String(reason)),
  ]);
  for (const name of model.outputs ?? ["y"]) {
    expect(actual[name]!.type).toBe(expected[name]!.type);
    expect(actual[name]!).toBeAllclose(expected[name]!, tolerance);
    if (typeof asItIs !== "string") expect(actual[name]!).toBeAllclose(asItIs[name]!, tolerance);
  }
  return typeof asItIs !== "string";
}
