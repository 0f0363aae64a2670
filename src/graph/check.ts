/** @file Whether a graph that was read from a file is one: every value made once, before it is read. */
import { LimpidError } from "../errors.ts";
import { valuesRead } from "./edit.ts";
import type { Attribute, Graph, Node } from "./graph.ts";

function bad(what: string): LimpidError {
  return new LimpidError("bad-file", `model: ${what}. export the model again.`);
}

/**
 * The graph with its nodes in topological order and a unique name for each, and so its subgraphs.
 * `outer` are values that an enclosing graph lends. Throws `bad-file` for a value that is made twice or
 * never, and for cycles.
 */
export function checkedGraph(graph: Graph, outer: ReadonlySet<string> = new Set()): Graph {
  const own = valuesMade(graph);
  const made = new Set([...outer, ...own]);
  for (const node of graph.nodes) {
    const lost = valuesRead(node).find((input) => !made.has(input));
    if (lost !== undefined) {
      throw bad(`every input must exist, got "${lost}" in ${node.operator} "${node.name}"`);
    }
  }
  const missing = graph.outputs.find((output) => !made.has(output.name));
  if (missing) throw bad(`every output must be made, got none called "${missing.name}"`);
  if (graph.outputs.length === 0) throw bad("the graph must have an output, got none");
  const nodes = uniquelyNamed(inOrder(graph.nodes));
  return { ...graph, nodes: nodes.map((node) => withCheckedSubgraphs(node, made)) };
}

/** The names of all values that a graph makes itself. */
function valuesMade(graph: Graph): ReadonlySet<string> {
  const made = new Set(graph.initializers.keys());
  const make = (name: string) => {
    if (name === "") return;
    if (made.has(name)) throw bad(`every value must be made once, got "${name}" twice`);
    made.add(name);
  };
  for (const input of graph.inputs) make(input.name);
  for (const node of graph.nodes) for (const output of node.outputs) make(output);
  return made;
}

function withCheckedSubgraphs(node: Node, made: ReadonlySet<string>): Node {
  const entries = Object.entries(node.attributes);
  if (!entries.some(([, { kind }]) => kind === "graph")) return node;
  const attributes = entries.map(([name, attribute]): [string, Attribute] => [
    name,
    attribute.kind === "graph"
      ? { kind: "graph", value: checkedGraph(attribute.value, made) }
      : attribute,
  ]);
  return { ...node, attributes: Object.fromEntries(attributes) };
}

/**
 * Nodes such that each stands behind those it reads from; the given order where that already holds.
 * Goes from each node to those it waits for, and keeps the way there, as a chain may be long.
 */
function inOrder(nodes: readonly Node[]): readonly Node[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node])));
  const ordered = new Set<Node>();
  const waitingFor = new Map<Node, Node[]>();
  for (const start of nodes) {
    const way = ordered.has(start) ? [] : [start];
    while (way.length > 0) {
      const node = way.at(-1)!;
      const pending =
        waitingFor.get(node) ?? valuesRead(node).flatMap((input) => makers.get(input) ?? []);
      waitingFor.set(node, pending);
      let next = pending.pop();
      while (next && ordered.has(next)) next = pending.pop();
      if (!next) {
        ordered.add(node);
        way.pop();
      } else if (waitingFor.has(next)) {
        throw bad(`nodes must not wait for each other, got a cycle through "${next.name}"`);
      } else {
        way.push(next);
      }
    }
  }
  return [...ordered];
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
