/**
 * @file The calls of a layer as configurations list them: Keras 2 and TF.js as lists `[layer, node, tensor, {named}]`,
 * Keras 3 as arguments in which tensors are objects.
 */
import { shownJson } from "../../wording/read-json.ts";
import { badModel } from "./bad-model.ts";
import { isObject, withoutTuples, type JsonObject } from "./layer-config.ts";
import type { Argument, KerasCall, TensorReference } from "./model-config.ts";

/** A reference as a file has it, whose number of the node counts as its dialect does. */
export type Resolve = (reference: TensorReference) => TensorReference;

/** What reading a call needs to know of its model. */
export interface CallContext {
  /** Names of the model's layers. */
  readonly names: ReadonlySet<string>;
  readonly resolve: Resolve;
}

/** Whether a layer's calls are written as Keras 3 does. */
export function isNewStyle(nodes: readonly unknown[]): boolean {
  return nodes.some((node) => isObject(node) && Array.isArray(node["args"]));
}

/** The calls of a layer. Throws `bad-file`. */
export function readCalls(nodes: readonly unknown[], context: CallContext): KerasCall[] {
  return nodes.map((node) => {
    if (isObject(node) && Array.isArray(node["args"])) return newCall(node, context);
    return oldCall(node, context);
  });
}

function newCall(node: JsonObject, context: CallContext): KerasCall {
  const named = isObject(node["kwargs"]) ? node["kwargs"] : {};
  const read = (value: unknown) => newArgument(value, context);
  return { positional: (node["args"] as readonly unknown[]).map(read), named: mapped(named, read) };
}

function newArgument(value: unknown, context: CallContext): Argument {
  if (Array.isArray(value))
    return listOf(
      value.map((each) => newArgument(each, context)),
      value,
    );
  if (!isObject(value)) return { kind: "plain", value };
  const config = isObject(value["config"]) ? value["config"] : {};
  switch (value["class_name"]) {
    case "__keras_tensor__":
      return { kind: "tensor", tensor: context.resolve(readReference(config["keras_history"])) };
    case "__tensor__":
    case "__numpy__":
      return { kind: "plain", value: config["value"] };
    case "__tuple__":
      return newArgument(value["items"], context);
    case undefined: {
      const inner = sortedValues(value).map((each) => newArgument(each, context));
      return listOf(inner, value);
    }
    default:
      return { kind: "plain", value };
  }
}

/** A list with a tensor somewhere is one of arguments; any other is a plain value. */
function listOf(items: readonly Argument[], value: unknown): Argument {
  const isPlain = items.every(({ kind }) => kind === "plain");
  return isPlain && items.length > 0 ? { kind: "plain", value } : { kind: "list", items };
}

function oldCall(node: unknown, context: CallContext): KerasCall {
  const first = oldFirst(node, context);
  const named = namedOf(node) ?? {};
  return { positional: [first], named: mapped(named, (value) => oldNamed(value, context)) };
}

/** The first argument: one entry, a list of them, or an object. */
function oldFirst(node: unknown, context: CallContext): Argument {
  if (isEntry(node)) {
    if (node[0] === "_CONSTANT_VALUE") return { kind: "plain", value: node[2] };
    return { kind: "tensor", tensor: context.resolve(readReference(node.slice(0, 3))) };
  }
  if (Array.isArray(node) && node.length > 0) {
    return { kind: "list", items: node.map((each) => oldFirst(each, context)) };
  }
  if (isObject(node)) {
    return { kind: "list", items: sortedValues(node).map((each) => oldFirst(each, context)) };
  }
  throw badModel(`"inbound_nodes" must list what layers are called with, got ${shownJson(node)}`);
}

/** All entries of a call repeat what it is given by name. */
function namedOf(node: unknown): JsonObject | undefined {
  if (isEntry(node)) return isObject(node[3]) ? node[3] : undefined;
  if (Array.isArray(node)) return namedOf(node[0]);
  return isObject(node) ? namedOf(sortedValues(node)[0]) : undefined;
}

/** Named tensors are `[layer, node, tensor]`, which a list of plain values could be as well: the name decides. */
function oldNamed(value: unknown, context: CallContext): Argument {
  const isTensor = isEntry(value) && context.names.has(value[0]);
  if (isTensor) {
    return { kind: "tensor", tensor: context.resolve(readReference(value.slice(0, 3))) };
  }
  if (!Array.isArray(value)) return { kind: "plain", value: withoutTuples(value) };
  return listOf(
    value.map((each) => oldNamed(each, context)),
    value,
  );
}

function isEntry(node: unknown): node is readonly [string, number, unknown, unknown?] {
  return Array.isArray(node) && typeof node[0] === "string" && typeof node[1] === "number";
}

/** `[layer, node, tensor]`. Throws `bad-file`. */
export function readReference(value: unknown): TensorReference {
  const [layer, call, tensor] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const isIndex = (index: unknown): index is number => Number.isSafeInteger(index);
  if (typeof layer === "string" && isIndex(call) && isIndex(tensor)) return { layer, call, tensor };
  throw badModel(`a tensor must be [layer, node, tensor], got ${shownJson(value)}`);
}

/** Values of an object by their keys, as Keras lists what is given as a dictionary. */
export function sortedValues(value: JsonObject): readonly unknown[] {
  return Object.keys(value)
    .sort()
    .map((key) => value[key]);
}

function mapped(values: JsonObject, read: (value: unknown) => Argument) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, read(value)]));
}
