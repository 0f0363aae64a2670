/** @file Networks that were exported in training mode, as they compute in inference. */
import { say } from "../../wording/face.ts";
import { valuesRead } from "../edit.ts";
import type { Graph, Node } from "../graph.ts";
import { toNumbers, type Tensor } from "../tensor.ts";
import type { FormedGraph } from "./inference-form.ts";
import { withSubgraphs } from "./subgraphs.ts";

/** A constant by its name. */
type Known = (name: string) => Tensor | undefined;

/**
 * The graph with `BatchNormalization` that normalises by its stored mean and variance, and `Dropout` that drops nothing.
 * Running statistics that something reads are the stored ones.
 */
export function inInference(graph: Graph): FormedGraph {
  const changed = new Set<string>();
  const formed = inferring(graph, () => undefined, changed);
  if (changed.size === 0) return { graph: formed, notes: [] };
  const operators = [...changed].sort().join(" and ");
  const note = say`the file was exported in training mode; ${operators} ${changed.size === 1 ? "computes" : "compute"} as in inference here`;
  return { graph: formed, notes: [note] };
}

function inferring(graph: Graph, outer: Known, changed: Set<string>): Graph {
  const read = new Set([
    ...graph.nodes.flatMap(valuesRead),
    ...graph.outputs.map((output) => output.name),
  ]);
  const known: Known = (name) => graph.initializers.get(name) ?? outer(name);
  const nodes = graph.nodes.flatMap((node): readonly Node[] => {
    const inner = withSubgraphs(node, (subgraph) => inferring(subgraph, known, changed));
    if (inner.domain !== "") return [inner];
    if (inner.operator === "Dropout") return [withoutDropping(inner, known, changed)];
    if (inner.operator === "BatchNormalization") return normalizing(inner, read, changed);
    return [inner];
  });
  return { ...graph, nodes };
}

/** Without its third input it computes as in inference; a mask is then true everywhere. */
function withoutDropping(node: Node, known: Known, changed: Set<string>): Node {
  const [data, , training = ""] = node.inputs as [string, string?, string?];
  const mode = known(training);
  const isTraining = training !== "" && (!mode || toNumbers(mode).some((value) => value !== 0));
  if (!isTraining) return node;
  changed.add("Dropout");
  return { ...node, inputs: [data] };
}

/** In inference, y alone is made; the running statistics of training stay what they are. */
function normalizing(node: Node, read: ReadonlySet<string>, changed: Set<string>): readonly Node[] {
  const mode = node.attributes["training_mode"];
  const isTraining = mode?.kind === "int" && mode.value !== 0;
  if (!isTraining) return [node];
  changed.add("BatchNormalization");
  const { training_mode: _, ...attributes } = node.attributes;
  const [, , , ...stored] = node.inputs;
  const kept = node.outputs.slice(1, 3).flatMap((output, i): readonly Node[] => {
    if (!read.has(output)) return [];
    const inputs = [stored[i]!];
    const name = `${node.name}/${output}`;
    return [{ ...node, name, operator: "Identity", inputs, outputs: [output], attributes: {} }];
  });
  return [{ ...node, outputs: node.outputs.slice(0, 1), attributes }, ...kept];
}
