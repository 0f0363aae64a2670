/** @file Functions of a graph's library, put in where they are called. */
import {
  badGraph,
  type FunctionDescription,
  type InputReference,
  type NodeDescription,
  type TensorflowDescription,
} from "./description.ts";

const calls = new Set(["PartitionedCall", "StatefulPartitionedCall"]);

/** Nodes that a graph may have with all its functions put in. */
const mostNodes = 200_000;

/** Letters of their names, which begin with those of all calls around them. */
const mostLetters = 2 ** 26;

/** Functions within functions. */
const deepest = 50;

/** Outputs behind the first group of an operator's, by the names of their groups. */
const laterGroups: Readonly<Record<string, number>> = {
  batch_mean: 1,
  batch_variance: 2,
  output_true: 1,
  value_index: 1,
  indices: 1,
};

/** The nodes of a description without calls: those of each function are called `CALL/NODE`. Throws `bad-file`. */
export function inlined({ nodes, functions }: TensorflowDescription): readonly NodeDescription[] {
  if (functions.size === 0) return nodes;
  const result: NodeDescription[] = [];
  let letters = 0;
  const put = (node: NodeDescription, depth: number): void => {
    const called = calleeOf(node, functions);
    if (!called) {
      if (result.length >= mostNodes)
        throw badGraph(`a graph must have at most ${mostNodes} nodes`);
      letters += node.inputs.reduce((sum, input) => sum + input.node.length, node.name.length);
      if (letters > mostLetters) throw badGraph("names of nodes must be short, got very long ones");
      result.push(node);
      return;
    }
    if (depth >= deepest) throw badGraph(`functions must not call themselves, got "${node.op}"`);
    for (const inner of bodyOf(node, called)) put(inner, depth + 1);
  };
  for (const node of nodes) put(node, 0);
  return result;
}

function calleeOf(
  node: NodeDescription,
  functions: ReadonlyMap<string, FunctionDescription>,
): FunctionDescription | undefined {
  const called = node.attributes.get("f");
  const name = calls.has(node.op) && called?.kind === "function" ? called.value : node.op;
  return functions.get(name);
}

/** The nodes of a function for one call, and one by the name of the call that has its outputs. */
function bodyOf(call: NodeDescription, called: FunctionDescription): readonly NodeDescription[] {
  const given = new Map(called.inputs.map((name, i) => [name, call.inputs[i]]));
  const resolved = (reference: InputReference): InputReference => {
    if (given.has(reference.node)) {
      const found = given.get(reference.node);
      if (found) return found;
      throw badGraph(`call "${call.name}" must give "${reference.node}", got nothing`);
    }
    const group = reference.group === undefined ? 0 : (laterGroups[reference.group] ?? 0);
    return { node: `${call.name}/${reference.node}`, output: group + reference.output };
  };
  const body = called.nodes.map((node) => ({
    ...node,
    name: `${call.name}/${node.name}`,
    inputs: node.inputs.map(resolved),
  }));
  const inputs = called.outputs.map(resolved);
  return [...body, { name: call.name, op: "IdentityN", inputs, attributes: new Map() }];
}
