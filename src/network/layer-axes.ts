/** @file Which axis of a layer holds its channels: networks for TensorFlow, and Swin, have it behind the places. */
import { cut } from "../graph/edit.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { operatorsWith } from "../graph/operators.ts";
import { toNumbers } from "../graph/tensor.ts";
import { mapRanks } from "./part-nodes.ts";
import { sidesOfAxes } from "./place-centres.ts";

/**
 * Whether a layer of a traced graph is [N, H, W, C], or [N, T, C] or [N, D, H, W, C]: the axis of channels is the one that
 * goes along no side of the picture; where places are mixed on the way, the nearest operator that treats one axis apart
 * tells. False for other ranks.
 */
export function isChannelsLast(graph: Graph, name: string): boolean {
  const rank = graph.shapes.get(name)?.dims.length ?? 0;
  if (!mapRanks(graph).includes(rank)) return false;
  const sides = sidesOfAxes(graph, name);
  const [one, last] = [sides[1], sides[rank - 1]];
  if (one !== undefined && last === undefined) return true;
  if (last !== undefined) return false;
  return toldNearby(graph, name) === "last";
}

/**
 * A traced graph whose outputs that are [N, H, W, C] are [N, C, H, W] instead, under the same names; what else reads them
 * reads them as they were.
 */
export function withChannelsSecond(graph: Graph): Graph {
  return graph.outputs
    .filter(({ name }) => graph.shapes.get(name)?.dims.length === 4 && isChannelsLast(graph, name))
    .reduce((all, { name }) => withTransposed(all, name), graph);
}

function withTransposed(graph: Graph, name: string): Graph {
  const old = `${name}/channels-last`;
  const renamed = (values: readonly string[]) =>
    values.map((value) => (value === name ? old : value));
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inputs: renamed(node.inputs),
    outputs: renamed(node.outputs),
  }));
  const transpose: Node = {
    name: `${name}/channels-second`,
    operator: "Transpose",
    domain: "",
    inputs: [old],
    outputs: [name],
    attributes: { perm: { kind: "ints", value: [0, 3, 1, 2] } },
  };
  const { type, dims } = graph.shapes.get(name)!;
  const shapes = new Map(graph.shapes)
    .set(old, { type, dims })
    .set(name, { type, dims: [0, 3, 1, 2].map((axis) => dims[axis]!) });
  const ordered = { ...graph, nodes: [...nodes, transpose], shapes };
  return cut(ordered, { outputs: graph.outputs.map((output) => output.name) });
}

/** The axis that the nearest telling operator takes for channels; the first where none tells. */
function toldNearby(graph: Graph, name: string): "first" | "last" {
  const dims = graph.shapes.get(name)!.dims;
  const seen = new Set([name]);
  for (const value of seen) {
    const neighbours = graph.nodes.filter(
      (node) => node.inputs.includes(value) || node.outputs.includes(value),
    );
    for (const node of neighbours) {
      const told = axisToldBy(graph, node, value);
      if (told) return told;
    }
    for (const node of neighbours.filter(({ operator }) =>
      operatorsWith("inPlace").has(operator),
    )) {
      for (const other of [...node.inputs, ...node.outputs]) {
        const otherDims = graph.initializers.has(other) ? undefined : graph.shapes.get(other)?.dims;
        if (otherDims?.length === dims.length && otherDims.every((dim, i) => dim === dims[i]))
          seen.add(other);
      }
    }
  }
  return "first";
}

function axisToldBy(graph: Graph, node: Node, value: string): "first" | "last" | undefined {
  if (operatorsWith("channelsFirst").has(node.operator)) return "first";
  if (node.operator === "LayerNormalization") return "last";
  if (node.operator === "ReduceMean" && node.inputs[0] === value) {
    // Half of a layer normalisation that the file writes out, or the mean over all places.
    const axes = graph.initializers.get(node.inputs[1] ?? "");
    const only = axes?.data.length === 1 ? toNumbers(axes)[0]! : undefined;
    if (only === -1 || only === (graph.shapes.get(value)?.dims.length ?? 4) - 1) return "last";
    if (only === 1) return "first";
  }
  if (node.operator !== "MatMul") return undefined;
  const weight = graph.initializers.get(node.inputs[1]!);
  return weight?.dims.length === 2 && node.inputs[1] !== value ? "last" : undefined;
}
