/** @file Branches whose condition is known: the branch that is taken becomes part of the graph. */
import type { Tensor } from "./tensor.ts";
import type { Graph, Node } from "./graph.ts";
import { subgraphsOf } from "./inference/subgraphs.ts";

/** True if the graph has an `If` whose condition is a constant. */
export function hasConstantBranch(graph: Graph): boolean {
  return graph.nodes.some((node) => takenBranch(graph, node) !== undefined);
}

/** The graph with the taken branch of every `If` with a constant condition in its place. */
export function inlineConstantBranches(graph: Graph): Graph {
  return inlineBranches(graph, (node) => takenBranch(graph, node));
}

/** The graph with a branch in the place of each `If` that one is chosen of. */
export function inlineBranches(graph: Graph, chosenOf: (node: Node) => Graph | undefined): Graph {
  const initializers = new Map(graph.initializers);
  const nodes = graph.nodes.flatMap((node) => {
    const branch = chosenOf(node);
    return branch ? inlined(node, branch, initializers) : [node];
  });
  return { ...graph, nodes, initializers };
}

function takenBranch(graph: Graph, node: Node): Graph | undefined {
  if (node.operator !== "If" || node.domain !== "") return undefined;
  const condition = graph.initializers.get(node.inputs[0]!);
  if (condition?.type !== "bool" || condition.data.length !== 1) return undefined;
  const name = condition.data[0] === 0 ? "else_branch" : "then_branch";
  const branch = node.attributes[name];
  if (branch?.kind !== "graph") return undefined;
  return branch.value.outputs.length === node.outputs.length ? branch.value : undefined;
}

/** The nodes of a branch under names of their own; what they capture keeps its name. */
function inlined(node: Node, branch: Graph, initializers: Map<string, Tensor>): readonly Node[] {
  const renamed = new Map<string, string>();
  const rename = (name: string) => renamed.get(name) ?? name;
  for (const [name, value] of branch.initializers) {
    renamed.set(name, `${node.name}/${name}`);
    initializers.set(rename(name), value);
  }
  for (const inner of branch.nodes) {
    for (const output of inner.outputs) if (output) renamed.set(output, `${node.name}/${output}`);
  }
  const body = branch.nodes.map((inner) => ({
    ...inner,
    name: `${node.name}/${inner.name}`,
    inputs: inner.inputs.map(rename),
    outputs: inner.outputs.map(rename),
    attributes: renamedCaptures(inner, rename),
  }));
  const results = node.outputs.map((output, i): Node => ({
    name: `${node.name}/result-${i}`,
    operator: "Identity",
    domain: "",
    inputs: [rename(branch.outputs[i]!.name)],
    outputs: [output],
    attributes: {},
  }));
  return [...body, ...results];
}

/** Attributes of a node whose subgraphs read values from outside, with those under other names. */
export function renamedCaptures(node: Node, rename: (name: string) => string): Node["attributes"] {
  if (subgraphsOf(node).length === 0) return node.attributes;
  const entries = Object.entries(node.attributes).map(([name, attribute]) => [
    name,
    attribute.kind === "graph"
      ? { kind: "graph", value: withRenamedCaptures(attribute.value, rename) }
      : attribute,
  ]);
  return Object.fromEntries(entries) as Node["attributes"];
}

function withRenamedCaptures(graph: Graph, rename: (name: string) => string): Graph {
  const own = new Set([
    ...graph.inputs.map((input) => input.name),
    ...graph.initializers.keys(),
    ...graph.nodes.flatMap((node) => node.outputs),
  ]);
  const outer = (name: string) => (own.has(name) ? name : rename(name));
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(outer),
    attributes: renamedCaptures(node, outer),
  }));
  const outputs = graph.outputs.map((output) => ({ ...output, name: outer(output.name) }));
  return { ...graph, nodes, outputs };
}
