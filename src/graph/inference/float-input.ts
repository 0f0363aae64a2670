/** @file Networks that take bytes or other numbers and cast them to floats at once, as networks of the same floats. */
import type { ElementType } from "../tensor.ts";
import { say, type Message } from "../../wording/face.ts";
import { hasTrait } from "../operators.ts";
import type { Graph, ValueInfo } from "../graph.ts";
import type { FormedGraph } from "./inference-form.ts";
import { valuesRead } from "../edit.ts";

/** Operators that leave numbers as they are, whatever their type. */
const keepsNumbers: ReadonlySet<string> = new Set(["Identity", "Reshape", "Squeeze", "Unsqueeze"]);

/** Types whose inputs may be pictures and other measurements; wider whole numbers are indices more often than not. */
const measured: ReadonlySet<ElementType | undefined> = new Set([
  "uint8",
  "int8",
  "uint16",
  "int16",
  "float64",
]);

/** With that many axes whole numbers of any width are measurements. */
const leastAxes = 3;

/**
 * The graph with inputs of float32 in the place of those of other types, where nothing is computed with their numbers
 * before they are cast: so that they have a gradient. Others are returned as they are.
 */
export function withFloatInput(graph: Graph): FormedGraph {
  const turned = graph.inputs.filter(
    (input) => isMeasured(input) && isCastAtOnce(graph, input.name),
  );
  if (turned.length === 0) return { graph, notes: [] };
  const inputs = graph.inputs.map((input): ValueInfo => {
    return turned.includes(input) ? { ...input, type: "float32" } : input;
  });
  const isOnly = graph.inputs.length === 1;
  return {
    graph: { ...graph, inputs, shapes: new Map() },
    notes: turned.map((input) => noteOf(input, isOnly)),
  };
}

function isMeasured({ type, dims }: ValueInfo): boolean {
  const isWide = type === "int32" || type === "int64" || type === "uint32" || type === "uint64";
  return measured.has(type) || (isWide && (dims?.length ?? 0) >= leastAxes);
}

function noteOf({ name, type }: ValueInfo, isOnly: boolean): Message {
  const range = type === "uint8" ? " from 0 to 255" : "";
  const taken = type === "uint8" ? "bytes" : String(type);
  const subject = isOnly ? "the network takes" : `input "${name}" takes`;
  return say`${subject} ${taken}; here it takes the same numbers as floats${range}, so that it has a gradient`;
}

function isCastAtOnce(graph: Graph, input: string): boolean {
  const bytes = new Set([input]);
  for (const node of graph.nodes) {
    if (!valuesRead(node).some((name) => bytes.has(name))) continue;
    if (node.domain !== "" || !bytes.has(node.inputs[0]!)) return false;
    if (node.operator === "Cast" || node.operator === "Shape") continue;
    const others = node.inputs.slice(1);
    const isMoved = hasTrait(node, "moves") || keepsNumbers.has(node.operator);
    if (!isMoved || others.some((name) => bytes.has(name))) return false;
    for (const name of node.outputs) bytes.add(name);
  }
  return !graph.outputs.some(({ name }) => bytes.has(name));
}
