/** @file Networks that take pictures as bytes and cast them to floats at once, as networks of the same floats. */
import { say } from "../../wording/face.ts";
import { hasTrait } from "../operators.ts";
import type { Graph } from "../graph.ts";
import type { FormedGraph } from "./inference-form.ts";
import { valuesRead } from "../edit.ts";

/** Operators that leave numbers as they are, whatever their type. */
const keepsNumbers: ReadonlySet<string> = new Set(["Identity", "Reshape", "Squeeze", "Unsqueeze"]);

/**
 * The graph with an input of float32 in the place of its only one of uint8, where nothing is computed with the bytes
 * before they are cast: so that it has a gradient. Others are returned as they are.
 */
export function withFloatInput(graph: Graph): FormedGraph {
  const [input, ...others] = graph.inputs;
  if (input?.type !== "uint8" || others.length > 0 || !isCastAtOnce(graph, input.name))
    return { graph, notes: [] };
  const note = say`the network takes bytes; here it takes the same numbers as floats from 0 to 255, so that it has a gradient`;
  return {
    graph: { ...graph, inputs: [{ ...input, type: "float32" }], shapes: new Map() },
    notes: [note],
  };
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
