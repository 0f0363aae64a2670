/** @file Graphs for ONNX Runtime's JavaScript, which keeps tensors in objects by the names of inputs and outputs. */
import { allNames, freeName } from "../graph/free-name.ts";
import type { Graph, Node, ValueInfo } from "../graph/graph.ts";

/** A graph and, of those inputs and outputs that are called otherwise in it, their names there. */
export interface KeyedGraph {
  readonly graph: Graph;
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
}

/** Inputs and outputs that are called as something that every object has ("__proto__", "constructor") get other names. */
export function keyedGraph(graph: Graph): KeyedGraph {
  const isOdd = ({ name }: ValueInfo) => name in Object.prototype;
  const [inputs, outputs] = [graph.inputs.filter(isOdd), graph.outputs.filter(isOdd)];
  if (inputs.length + outputs.length === 0) {
    return { graph, inputs: new Map(), outputs: new Map() };
  }
  const taken = allNames(graph);
  const renamed = (infos: readonly ValueInfo[], hint: string) =>
    new Map(infos.map(({ name }) => [name, freeName(`${hint}/${name}`, taken)]));
  const [fed, read] = [renamed(inputs, "fed"), renamed(outputs, "read")];
  const called = (names: ReadonlyMap<string, string>) => (info: ValueInfo) => ({
    ...info,
    name: names.get(info.name) ?? info.name,
  });
  const keyed = {
    ...graph,
    inputs: graph.inputs.map(called(fed)),
    outputs: graph.outputs.map(called(read)),
    nodes: [
      ...Array.from(fed, ([name, other]) => identity(other, name, other)),
      ...graph.nodes,
      ...Array.from(read, ([name, other]) => identity(name, other, other)),
    ],
  };
  return { graph: keyed, inputs: fed, outputs: read };
}

function identity(from: string, to: string, name: string): Node {
  return {
    name,
    operator: "Identity",
    domain: "",
    inputs: [from],
    outputs: [to],
    attributes: {},
  };
}
