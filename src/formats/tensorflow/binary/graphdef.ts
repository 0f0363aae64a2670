/** @file The nodes of a GraphDef: a frozen graph of TensorFlow, as its protocol buffers have it. */
import { badGraph, dataTypeOf, referenceOf } from "../description.ts";
import type {
  AttributeValue,
  FunctionDescription,
  InputReference,
  NodeDescription,
  TensorflowDescription,
} from "../description.ts";
import { FillBudget, sizesOf, tensorProto } from "./tensor-proto.ts";
import { bytesOf, eachField, entryOf, floatsOf, textOf, wholeOf, wholesOf } from "./wire.ts";

/** Nodes of a file, those of functions among them. */
const mostNodes = 200_000;

/** What a GraphDef says. Throws `bad-file` for bytes that are none. */
export function describeGraphDef(bytes: Uint8Array): TensorflowDescription {
  const reader = new NodeReader();
  const nodes: NodeDescription[] = [];
  const functions = new Map<string, FunctionDescription>();
  eachField(bytes, (field) => {
    if (field.number === 1) nodes.push(reader.node(bytesOf(field)));
    else if (field.number === 2) {
      for (const [name, found] of reader.library(bytesOf(field))) functions.set(name, found);
    } else return false;
    return true;
  });
  return { nodes, functions };
}

/** Reads nodes, and keeps count of them. */
class NodeReader {
  readonly #budget = new FillBudget();
  #count = 0;

  node(bytes: Uint8Array): NodeDescription {
    this.#count += 1;
    if (this.#count > mostNodes) throw badGraph(`a graph must have at most ${mostNodes} nodes`);
    let [name, op] = ["", ""];
    const inputs: InputReference[] = [];
    const attributes = new Map<string, AttributeValue>();
    eachField(bytes, (field) => {
      if (field.number === 1) name = textOf(field);
      else if (field.number === 2) op = textOf(field);
      else if (field.number === 3) {
        const reference = referenceOf(textOf(field));
        if (reference) inputs.push(reference);
      } else if (field.number === 5) {
        const [key, value] = entryOf(bytesOf(field));
        const attribute = value && this.#attribute(value);
        if (attribute) attributes.set(key, attribute);
      } else return false;
      return true;
    });
    return { name, op, inputs, attributes };
  }

  library(bytes: Uint8Array): readonly (readonly [string, FunctionDescription])[] {
    const found: (readonly [string, FunctionDescription])[] = [];
    eachField(bytes, (field) => {
      if (field.number !== 1) return false;
      found.push(this.#function(bytesOf(field)));
      return true;
    });
    return found;
  }

  #function(bytes: Uint8Array): readonly [string, FunctionDescription] {
    let signature = { name: "", inputs: [] as string[], outputs: [] as string[] };
    const nodes: NodeDescription[] = [];
    const returned = new Map<string, string>();
    eachField(bytes, (field) => {
      if (field.number === 1) signature = signatureOf(bytesOf(field));
      else if (field.number === 3) nodes.push(this.node(bytesOf(field)));
      else if (field.number === 4) {
        const [key, value] = entryOf(bytesOf(field));
        if (value) returned.set(key, new TextDecoder().decode(value));
      } else return false;
      return true;
    });
    const { name, inputs } = signature;
    const outputs = signature.outputs.map((output) => {
      const reference = referenceOf(returned.get(output) ?? "^");
      if (reference) return reference;
      throw badGraph(`function "${name}" must return "${output}", got nothing`);
    });
    return [name, { inputs, outputs, nodes }];
  }

  #attribute(bytes: Uint8Array): AttributeValue | undefined {
    let found: AttributeValue | undefined;
    eachField(bytes, (field) => {
      if (field.number === 1) found = listOf(bytesOf(field));
      else if (field.number === 2) found = { kind: "text", value: textOf(field) };
      else if (field.number === 3) found = { kind: "number", value: wholeOf(field) };
      else if (field.number === 4) found = { kind: "number", value: floatsOf(field)[0] ?? 0 };
      else if (field.number === 5) found = { kind: "truth", value: wholeOf(field) !== 0 };
      else if (field.number === 6) found = { kind: "type", value: dataTypeOf(wholeOf(field)) };
      else if (field.number === 7) found = { kind: "shape", value: sizesOf(bytesOf(field)) };
      else if (field.number === 8) {
        found = { kind: "tensor", value: tensorProto(bytesOf(field), this.#budget) };
      } else if (field.number === 10) {
        found = { kind: "function", value: nameIn(bytesOf(field)) };
      } else return false;
      return true;
    });
    return found;
  }
}

/** A list; one without entries is taken for one of numbers, as are those of types and shapes. */
function listOf(bytes: Uint8Array): AttributeValue {
  const texts: string[] = [];
  const numbers: number[] = [];
  eachField(bytes, (field) => {
    if (field.number === 2) texts.push(textOf(field));
    else if (field.number === 3) for (const number of wholesOf(field)) numbers.push(number);
    else if (field.number === 4) for (const number of floatsOf(field)) numbers.push(number);
    else return false;
    return true;
  });
  return texts.length > 0 ? { kind: "texts", value: texts } : { kind: "numbers", value: numbers };
}

function signatureOf(bytes: Uint8Array) {
  let name = "";
  const inputs: string[] = [];
  const outputs: string[] = [];
  eachField(bytes, (field) => {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) inputs.push(nameIn(bytesOf(field)));
    else if (field.number === 3) outputs.push(nameIn(bytesOf(field)));
    else return false;
    return true;
  });
  return { name, inputs, outputs };
}

/** The text of a message's first field. */
function nameIn(bytes: Uint8Array): string {
  return entryOf(bytes)[0];
}
