/** @file Whether a graph that was read from a file is one: every value made once, before it is read. */
import { LimpidError } from "../errors.ts";
import { valuesRead } from "./edit.ts";
import type { Graph, Node } from "./graph.ts";

function bad(what: string): LimpidError {
  return new LimpidError("bad-file", `model: ${what}. export the model again.`);
}

/**
 * The graph with its nodes in topological order and a unique name for each. `outer` are values that an
 * enclosing graph lends. Throws `bad-file` for a value that is made twice or never, and for cycles.
 */
export function checkedGraph(graph: Graph, outer: ReadonlySet<string> = new Set()): Graph {
  const made = new Set([
    ...outer,
    ...graph.inputs.map((input) => input.name),
    ...graph.initializers.keys(),
  ]);
  for (const node of graph.nodes) {
    for (const output of node.outputs) {
      if (output === "") continue;
      if (made.has(output)) throw bad(`every value must be made once, got "${output}" twice`);
      made.add(output);
    }
  }
  for (const node of graph.nodes) {
    const lost = valuesRead(node).find((input) => !made.has(input));
    if (lost !== undefined) {
      throw bad(`every input must exist, got "${lost}" in ${node.operator} "${node.name}"`);
    }
  }
  const missing = graph.outputs.find((output) => !made.has(output.name));
  if (missing) throw bad(`every output must be made, got none called "${missing.name}"`);
  if (graph.outputs.length === 0) throw bad("the graph must have an output, got none");
  return { ...graph, nodes: uniquelyNamed(inOrder(graph, outer)) };
}

/** Nodes such that each stands behind those it reads from; the given order where that already holds. */
function inOrder(graph: Graph, outer: ReadonlySet<string>): readonly Node[] {
  const ready = new Set([
    ...outer,
    ...graph.inputs.map((input) => input.name),
    ...graph.initializers.keys(),
  ]);
  const ordered: Node[] = [];
  let waiting: readonly Node[] = graph.nodes;
  while (waiting.length > 0) {
    const later: Node[] = [];
    for (const node of waiting) {
      if (valuesRead(node).every((input) => ready.has(input))) {
        ordered.push(node);
        for (const output of node.outputs) ready.add(output);
      } else {
        later.push(node);
      }
    }
    if (later.length === waiting.length) {
      throw bad(`nodes must not wait for each other, got a cycle through "${later[0]!.name}"`);
    }
    waiting = later;
  }
  return ordered;
}

function uniquelyNamed(nodes: readonly Node[]): readonly Node[] {
  const taken = new Set<string>();
  return nodes.map((node) => {
    let name = node.name;
    for (let i = 1; taken.has(name); i++) name = `${node.name}_${i}`;
    taken.add(name);
    return name === node.name ? node : { ...node, name };
  });
}
