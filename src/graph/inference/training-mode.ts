/** @file Networks that were exported in training mode, as they compute in inference. */
import { say } from "../../wording/face.ts";
import { valuesRead } from "../edit.ts";
import type { Graph, Node } from "../graph.ts";
import { toNumbers } from "../tensor.ts";
import type { FormedGraph } from "./inference-form.ts";
import { withSubgraphs } from "./subgraphs.ts";

/**
 * The graph with `BatchNormalization` that normalises by its stored mean and variance, and `Dropout` that drops nothing.
 * A normalisation whose running statistics something reads is left as it is.
 */
export function inInference(graph: Graph): FormedGraph {
  const changed = new Set<string>();
  const formed = inferring(graph, changed);
  if (changed.size === 0) return { graph: formed, notes: [] };
  const operators = [...changed].sort().join(" and ");
  const note = say`the file was exported in training mode; ${operators} ${changed.size === 1 ? "computes" : "compute"} as in inference here`;
  return { graph: formed, notes: [note] };
}

function inferring(graph: Graph, changed: Set<string>): Graph {
  const read = new Set([
    ...graph.nodes.flatMap(valuesRead),
    ...graph.outputs.map((output) => output.name),
  ]);
  const nodes = graph.nodes.map((node): Node => {
    const inner = withSubgraphs(node, (subgraph) => inferring(subgraph, changed));
    if (inner.domain !== "") return inner;
    if (inner.operator === "Dropout") return withoutDropping(graph, inner, changed);
    if (inner.operator === "BatchNormalization") return normalizing(inner, read, changed);
    return inner;
  });
  return { ...graph, nodes };
}

/** Without its third input it computes as in inference; a mask is then true everywhere. */
function withoutDropping(graph: Graph, node: Node, changed: Set<string>): Node {
  const [data, , training = ""] = node.inputs as [string, string?, string?];
  const known = graph.initializers.get(training);
  const isTraining = training !== "" && (!known || toNumbers(known).some((value) => value !== 0));
  if (!isTraining) return node;
  changed.add("Dropout");
  return { ...node, inputs: [data] };
}

/** In inference, y alone is given; the running statistics of training stay what they are. */
function normalizing(node: Node, read: ReadonlySet<string>, changed: Set<string>): Node {
  const mode = node.attributes["training_mode"];
  const isTraining = mode?.kind === "int" && mode.value !== 0;
  if (!isTraining) return node;
  if (node.outputs.slice(1).some((output) => output !== "" && read.has(output))) return node;
  changed.add("BatchNormalization");
  const { training_mode: _, ...attributes } = node.attributes;
  return { ...node, outputs: node.outputs.slice(0, 1), attributes };
}
