/** @file The graph of a SavedModel and what it says of inputs and outputs; its first set of graphs is taken. */
import { badGraph, referenceOf } from "../description.ts";
import type { TensorflowFacts } from "../tensorflow-graph.ts";
import { sizesOf } from "./tensor-proto.ts";
import { bytesOf, eachField, entryOf } from "./wire.ts";

/** Whether bytes are a SavedModel rather than a graph alone: their first field is a version. */
export function isSavedModel(bytes: Uint8Array): boolean {
  return bytes[0] === 0x08;
}

/** What a SavedModel is opened by. */
export interface SavedModelParts extends Required<Pick<TensorflowFacts, "inputs" | "outputs">> {
  /** The bytes of its GraphDef. */
  readonly graph: Uint8Array;
}

/** The parts of a SavedModel, by the signature `serving_default` or its first one. Throws `bad-file`. */
export function savedModelParts(bytes: Uint8Array): SavedModelParts {
  let graph: Uint8Array | undefined;
  const signatures = new Map<string, Uint8Array>();
  eachField(fieldOf(bytes, 2), (field) => {
    if (field.number === 2) graph = bytesOf(field);
    else if (field.number === 5) {
      const [name, signature] = entryOf(bytesOf(field));
      if (signature) signatures.set(name, signature);
    } else return false;
    return true;
  });
  if (!graph) throw badGraph("a SavedModel must have a graph, got none");
  const chosen =
    signatures.get("serving_default") ??
    [...signatures].find(([name]) => !name.startsWith("__"))?.[1];
  if (!chosen) throw badGraph("a SavedModel must have a signature, got none");
  const tensors = (number: number) => tensorsOf(chosen, number);
  const inputs = tensors(1).filter(({ tensor }) => referenceOf(tensor));
  return { graph, inputs, outputs: tensors(2).map(({ tensor }) => tensor) };
}

/** The bytes of the first field of that number. */
function fieldOf(bytes: Uint8Array, number: number): Uint8Array {
  let found: Uint8Array | undefined;
  eachField(bytes, (field) => {
    if (field.number !== number || found) return false;
    found = bytesOf(field);
    return true;
  });
  return found ?? new Uint8Array();
}

/** Tensors of a signature by their names, `x:0`, with their shapes as far as they are known. */
function tensorsOf(signature: Uint8Array, number: number) {
  const tensors: { tensor: string; shape?: readonly number[] }[] = [];
  eachField(signature, (field) => {
    if (field.number !== number) return false;
    const [, info = new Uint8Array()] = entryOf(bytesOf(field));
    // What stands behind the name is the number of a type.
    const tensor = new TextDecoder().decode(fieldOf(info, 1));
    const shape = sizesOf(fieldOf(info, 3));
    tensors.push({ tensor, ...(shape && { shape }) });
    return true;
  });
  return tensors;
}
