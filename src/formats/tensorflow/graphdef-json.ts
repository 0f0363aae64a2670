/** @file The nodes of a TF.js graph model: a GraphDef as JSON, in the spellings of all versions of its converter. */
import * as v from "valibot";
import { badGraph, dataTypeOf, referenceOf } from "./description.ts";
import type {
  AttributeValue,
  FunctionDescription,
  NodeDescription,
  TensorflowDescription,
} from "./description.ts";

const number = v.union([v.number(), v.string()]);
/** Text is base64; in files of the first converter it is a list of bytes. */
const text = v.union([v.string(), v.array(v.number())]);
/** Sizes as protocol buffers have them in JSON. */
export const shapeSchema = v.object({
  dim: v.optional(v.nullable(v.array(v.object({ size: v.optional(number, 0) })))),
  unknownRank: v.optional(v.boolean()),
});
const type = v.union([v.string(), v.number()]);
const list = v.object({
  s: v.optional(v.array(text)),
  i: v.optional(v.array(number)),
  f: v.optional(v.array(number)),
  b: v.optional(v.array(v.boolean())),
  type: v.optional(v.array(type)),
  shape: v.optional(v.array(shapeSchema)),
});
const attribute = v.object({
  s: v.optional(text),
  i: v.optional(number),
  f: v.optional(number),
  b: v.optional(v.boolean()),
  type: v.optional(type),
  shape: v.optional(shapeSchema),
  list: v.optional(v.nullable(list)),
  func: v.optional(v.object({ name: v.optional(v.string(), "") })),
});
const node = v.object({
  name: v.string(),
  op: v.string(),
  input: v.optional(v.nullable(v.array(v.string()))),
  attr: v.optional(v.nullable(v.record(v.string(), v.nullable(attribute)))),
});
const argument = v.object({ name: v.string() });
const callee = v.object({
  signature: v.object({
    name: v.string(),
    inputArg: v.optional(v.array(argument), []),
    outputArg: v.optional(v.array(argument), []),
  }),
  nodeDef: v.optional(v.array(node), []),
  ret: v.optional(v.record(v.string(), v.string()), {}),
});
const topology = v.object({
  node: v.array(node),
  library: v.optional(v.nullable(v.object({ function: v.optional(v.array(callee), []) }))),
});

/** A description of the `modelTopology` of a graph model. Throws `bad-file` for one that is none. */
export function describeTopology(json: unknown): TensorflowDescription {
  const parsed = v.safeParse(topology, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const where = v.getDotPath(issue) ?? "the file";
    throw badGraph(`modelTopology must be a graph of nodes, got another "${where}"`);
  }
  const functions = (parsed.output.library?.function ?? []).map(
    (told) => [told.signature.name, functionOf(told)] as const,
  );
  return { nodes: parsed.output.node.map(nodeOf), functions: new Map(functions) };
}

/** A node as JSON has it; undefined for what is none. Throws `bad-file` for attributes that cannot be read. */
export function describeNode(json: unknown): NodeDescription | undefined {
  const parsed = v.safeParse(node, json);
  return parsed.success ? nodeOf(parsed.output) : undefined;
}

function functionOf(told: v.InferOutput<typeof callee>): FunctionDescription {
  const { inputArg, outputArg } = told.signature;
  return {
    inputs: inputArg.map(({ name }) => name),
    outputs: outputArg.map(({ name }) => {
      const reference = referenceOf(told.ret[name] ?? "^");
      if (reference) return reference;
      throw badGraph(`function "${told.signature.name}" must return "${name}", got nothing`);
    }),
    nodes: told.nodeDef.map(nodeOf),
  };
}

function nodeOf({ name, op, input, attr }: v.InferOutput<typeof node>): NodeDescription {
  const attributes = new Map<string, AttributeValue>();
  for (const [key, told] of Object.entries(attr ?? {})) {
    const value = told && attributeOf(told);
    if (value) attributes.set(key, value);
  }
  const inputs = (input ?? []).flatMap((told) => referenceOf(told) ?? []);
  return { name, op, inputs, attributes };
}

function attributeOf(told: v.InferOutput<typeof attribute>): AttributeValue | undefined {
  if (told.s !== undefined) return { kind: "text", value: textOf(told.s) };
  if (told.i !== undefined) return { kind: "number", value: numberOf(told.i) };
  if (told.f !== undefined) return { kind: "number", value: numberOf(told.f) };
  if (told.b !== undefined) return { kind: "truth", value: told.b };
  if (told.type !== undefined) return { kind: "type", value: dataTypeOf(told.type) };
  if (told.shape) return { kind: "shape", value: sizesOf(told.shape) };
  if (told.func) return { kind: "function", value: told.func.name };
  return told.list === undefined ? undefined : listOf(told.list ?? {});
}

/** A list; one without entries does not say of what, and is taken for one of numbers. */
function listOf(told: v.InferOutput<typeof list>): AttributeValue | undefined {
  if (told.s?.length) return { kind: "texts", value: told.s.map(textOf) };
  const numbers = told.f?.length ? told.f : told.i;
  if (numbers?.length) return { kind: "numbers", value: numbers.map(numberOf) };
  return told.type?.length || told.shape?.length || told.b?.length
    ? undefined
    : { kind: "numbers", value: [] };
}

/** -1 for open sizes; undefined for an unknown rank. Throws `bad-file`. */
export function sizesOf(told: v.InferOutput<typeof shapeSchema>): readonly number[] | undefined {
  return told.unknownRank ? undefined : (told.dim ?? []).map(({ size }) => numberOf(size));
}

function numberOf(told: string | number): number {
  const found = typeof told === "number" ? told : Number(told);
  if (Number.isNaN(found)) throw badGraph(`numbers of attributes must be numbers, got "${told}"`);
  return found;
}

function textOf(told: string | readonly number[]): string {
  if (typeof told !== "string") return new TextDecoder().decode(Uint8Array.from(told));
  try {
    return atob(told);
  } catch {
    throw badGraph(`texts of attributes must be in base64, got "${told.slice(0, 40)}"`);
  }
}
