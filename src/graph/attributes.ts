/** @file Attributes of nodes: from plain JavaScript values, and read back with the kind that is expected. */
import { LimpidError } from "../errors.ts";
import type { Attribute, Graph, Node } from "./graph.ts";
import type { Tensor } from "./tensor.ts";

/** A plain value that stands for an attribute. */
export type AttributeInput =
  number | string | readonly number[] | readonly string[] | Tensor | Graph | undefined;

/** Attributes of standard operators that ONNX stores as floats even where the number is whole. */
const floatAttributes = new Set([
  "alpha",
  "beta",
  "bias",
  "cubic_coeff_a",
  "epsilon",
  "extrapolation_value",
  "gamma",
  "high",
  "lambd",
  "low",
  "mean",
  "momentum",
  "norm_coefficient",
  "ratio",
  "sample_size",
  "scale",
  "scales",
  "seed",
  "spatial_scale",
  "stash_scale",
  "value_float",
  "value_floats",
]);

/** The tagged attributes of plain values; entries that are `undefined` are left out. */
export function toAttributes(
  values: Readonly<Record<string, AttributeInput>>,
): Readonly<Record<string, Attribute>> {
  const result: Record<string, Attribute> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) result[name] = toAttribute(name, value);
  }
  return result;
}

function toAttribute(name: string, value: Exclude<AttributeInput, undefined>): Attribute {
  if (typeof value === "number") {
    return { kind: floatAttributes.has(name) ? "float" : "int", value };
  }
  if (typeof value === "string") return { kind: "string", value };
  if (isList(value)) {
    if (value.length > 0 && typeof value[0] === "string") {
      return { kind: "strings", value: value as readonly string[] };
    }
    const kind = floatAttributes.has(name) ? "floats" : "ints";
    return { kind, value: value as readonly number[] };
  }
  return "nodes" in value ? { kind: "graph", value } : { kind: "tensor", value };
}

function isList(value: object): value is readonly (number | string)[] {
  return Array.isArray(value);
}

/** Reads the attributes of one node; every method throws `bad-file` if the model stores another kind. */
export class AttributeReader {
  readonly #node: Node;

  constructor(node: Node) {
    this.#node = node;
  }

  has(name: string): boolean {
    return this.#node.attributes[name] !== undefined;
  }

  int(name: string, fallback?: number): number {
    return this.#read(name, ["int"], fallback) as number;
  }

  /** A float; whole numbers that were stored as integers are taken too. */
  float(name: string, fallback?: number): number {
    return this.#read(name, ["float", "int"], fallback) as number;
  }

  string(name: string, fallback?: string): string {
    return this.#read(name, ["string"], fallback) as string;
  }

  ints(name: string, fallback?: readonly number[]): readonly number[] {
    return this.#read(name, ["ints"], fallback) as readonly number[];
  }

  floats(name: string, fallback?: readonly number[]): readonly number[] {
    return this.#read(name, ["floats", "ints"], fallback) as readonly number[];
  }

  strings(name: string, fallback?: readonly string[]): readonly string[] {
    return this.#read(name, ["strings"], fallback) as readonly string[];
  }

  tensor(name: string): Tensor {
    return this.#read(name, ["tensor"], undefined) as Tensor;
  }

  graph(name: string): Graph {
    return this.#read(name, ["graph"], undefined) as Graph;
  }

  #read(name: string, kinds: readonly Attribute["kind"][], fallback: unknown): unknown {
    const attribute = this.#node.attributes[name];
    if (attribute === undefined) {
      if (fallback !== undefined) return fallback;
      throw this.#error(name, kinds, "none");
    }
    if (kinds.includes(attribute.kind)) return attribute.value;
    if (isEmptyList(attribute) && kinds.some((kind) => kind.endsWith("s"))) return [];
    throw this.#error(name, kinds, attribute.kind);
  }

  #error(name: string, kinds: readonly string[], got: string): LimpidError {
    return new LimpidError(
      "bad-file",
      `${this.#node.operator} "${this.#node.name}": attribute ${name} must be of kind ${kinds.join(" or ")}, got ${got}. export the model again.`,
    );
  }
}

function isEmptyList(attribute: Attribute): boolean {
  return Array.isArray(attribute.value) && attribute.value.length === 0;
}
