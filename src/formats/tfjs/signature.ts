/** @file What a graph model is fed with and gives, by the signature in its model.json. */
import * as v from "valibot";
import { shapeSchema, sizesOf } from "../tensorflow/graphdef-json.ts";
import type { TensorflowFacts } from "../tensorflow/tensorflow-graph.ts";
import type { JsonObject } from "./model-json.ts";

const end = v.object({ name: v.string(), tensorShape: v.optional(shapeSchema) });

const signatureSchema = v.object({
  inputs: v.optional(v.record(v.string(), end), {}),
  outputs: v.optional(v.record(v.string(), end), {}),
});

const holderSchema = v.object({ signature: signatureSchema });

/** The ends that a signature tells, as the tensors are called; nothing for older files, which have none. Throws `bad-file`. */
export function endsOf(whole: JsonObject): Pick<TensorflowFacts, "inputs" | "outputs"> {
  const own = v.safeParse(holderSchema, whole);
  const read = own.success ? own : v.safeParse(holderSchema, whole["userDefinedMetadata"]);
  if (!read.success) return {};
  const { inputs, outputs } = read.output.signature;
  const told = Object.values(inputs).map(({ name, tensorShape }) => {
    const shape = tensorShape && sizesOf(tensorShape);
    return { tensor: name, ...(shape && { shape }) };
  });
  const names = Object.values(outputs).map(({ name }) => name);
  return { inputs: told, ...(names.length > 0 ? { outputs: names } : {}) };
}
