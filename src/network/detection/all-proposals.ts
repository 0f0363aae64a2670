/** @file Networks that suppress boxes themselves, made to list all that they propose: every choice takes everything, in order. */
import { AttributeReader } from "../../graph/attributes.ts";
import { inlineBranches } from "../../graph/branches.ts";
import type { Attribute, Graph, Node } from "../../graph/graph.ts";
import { valuesRead } from "../../graph/edit.ts";
import { constant, nodeOf, type AddedNodes } from "../../graph/added-nodes.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { GraphReader } from "../graph-reader.ts";
import { chosenList } from "./chosen-list.ts";
import { isSuppression, suppressionBefore } from "./suppression-before.ts";

/** THE outputs of a graph that lists all proposals: boxes [1, n, 4], the score of each [1, n], the class of each [1, n]. */
export const proposals = {
  boxes: "proposals/boxes",
  scores: "proposals/scores",
  labels: "proposals/labels",
} as const;

/**
 * The graph with `proposals` as its outputs, where it lists what it leaves of them: the same nodes, but NonMaxSuppression,
 * thresholds (NonZero) and TopK keep all, and lists are not cut. So each box has the score, the class and the sides that it
 * has in the file's own list. Every other graph is returned as it is; so are those of two stages, whose second one
 * looks only at boxes that the first one chose.
 */
export function withAllProposals(graph: Graph): Graph {
  const open = inlineBranches(graph, suppressingBranch);
  const suppressing = open.nodes.filter((node) => isSuppression(node) && node.domain === "");
  if (suppressing.length === 0 || secondStageOf(open)) return graph;
  const all = withEverything(open, suppressing);
  const list = chosenList(new GraphReader(all), graph.outputs);
  if (!list) return graph;
  const made: AddedNodes = { nodes: [], constants: new Map() };
  const listed = (name: string, from: string, sizes: readonly number[]) =>
    made.nodes.push(nodeOf("Reshape", [from, constant(made, `${name}/shape`, sizes)], name));
  listed(proposals.boxes, list.boxes, [1, -1, 4]);
  listed(proposals.scores, list.scores, [1, -1]);
  const floats = `${proposals.labels}/floats`;
  made.nodes.push(nodeOf("Cast", [list.labels], floats, { to: { kind: "int", value: float } }));
  listed(proposals.labels, floats, [1, -1]);
  return {
    ...all,
    nodes: [...all.nodes, ...made.nodes],
    initializers: new Map([...all.initializers, ...made.constants]),
    outputs: [
      { name: proposals.scores, type: "float32", dims: [1, "proposals"] },
      { name: proposals.boxes, type: "float32", dims: [1, "proposals", 4] },
      { name: proposals.labels, type: "float32", dims: [1, "proposals"] },
    ],
    shapes: new Map(),
  };
}

/** ONNX's number of float32. */
const float = 1;

/** The branch of an `If` that suppresses: the other one is for pictures without boxes. */
function suppressingBranch({ operator, attributes }: Node): Graph | undefined {
  if (operator !== "If") return undefined;
  return Object.values(attributes)
    .flatMap((attribute) => (attribute.kind === "graph" ? [attribute.value] : []))
    .find(({ nodes }) => nodes.some(isSuppression));
}

/** The node that looks at chosen boxes again. */
function secondStageOf(graph: Graph): Node | undefined {
  return graph.nodes.find(({ operator }) => /RoiAlign|MaxRoiPool|RoiPool/.test(operator));
}

/** The graph whose choices around suppression take everything, in order. */
function withEverything(graph: Graph, suppressing: readonly Node[]): Graph {
  const [before, behind] = [ancestors(graph, suppressing), descendants(graph, suppressing)];
  const chosen = new Set<string>();
  const constants: AddedNodes["constants"] = new Map();
  const reader = new GraphReader(graph);
  const nodes = graph.nodes.flatMap((node) => {
    const isNear = before.has(node) || behind.has(node);
    const all = isNear && node.domain === "" ? everything(node, constants) : undefined;
    const isChosen = all !== undefined || valuesRead(node).some((name) => chosen.has(name));
    if (isChosen && !sizes.has(node.operator)) for (const name of node.outputs) chosen.add(name);
    if (all) return all;
    return isChosen && cutsList(node, reader)
      ? [nodeOf("Identity", [node.inputs[0]!], node.outputs[0]!)]
      : [node];
  });
  return { ...graph, nodes, initializers: new Map([...graph.initializers, ...constants]) };
}

/** What these give is no list. */
const sizes: ReadonlySet<string> = new Set(["Shape", "Size"]);

function ancestors({ nodes }: Graph, of: readonly Node[]): ReadonlySet<Node> {
  const found = new Set(of);
  const wanted = new Set(of.flatMap(valuesRead));
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => wanted.has(name))) continue;
    found.add(node);
    for (const name of valuesRead(node)) wanted.add(name);
  }
  return found;
}

function descendants({ nodes }: Graph, of: readonly Node[]): ReadonlySet<Node> {
  const found = new Set(of);
  const made = new Set(of.flatMap(({ outputs }) => outputs));
  for (const node of nodes) {
    if (!valuesRead(node).some((name) => made.has(name))) continue;
    found.add(node);
    for (const name of node.outputs) made.add(name);
  }
  return found;
}

/** Nodes that take all where a node chooses; undefined for one that does not. */
function everything(node: Node, constants: AddedNodes["constants"]): readonly Node[] | undefined {
  const { operator, inputs, outputs } = node;
  const [first, scores] = inputs as [string, string];
  const before: AddedNodes = { nodes: [], constants };
  const base = outputs.find((name) => name !== "")!;
  switch (operator) {
    case "NonZero":
      return [...ones(base, first), nodeOf("NonZero", [`${base}/ones`], base)];
    case "NonMaxSuppression": {
      const perm: Attribute = { kind: "ints", value: [1, 0] };
      return [
        ...ones(base, scores),
        nodeOf("NonZero", [`${base}/ones`], `${base}/places`),
        nodeOf("Transpose", [`${base}/places`], base, { perm }),
      ];
    }
    case "TopK": {
      const axis = constant(before, `${base}/axis`, [new AttributeReader(node).int("axis", -1)]);
      const [values, places] = outputs;
      return [
        ...(values ? [nodeOf("Identity", [first], values)] : []),
        ...ones(base, first),
        nodeOf("NonZero", [`${base}/ones`], `${base}/places`),
        nodeOf("Gather", [`${base}/places`, axis], `${base}/along`),
        ...(places ? [nodeOf("Reshape", [`${base}/along`, `${base}/sizes`], places)] : []),
      ];
    }
    default:
      return undefined;
  }
}

/** Ones of the shape of a value. */
function ones(base: string, like: string): readonly Node[] {
  const value: Attribute = { kind: "tensor", value: tensorOf("int64", [1], [1]) };
  return [
    nodeOf("Shape", [like], `${base}/sizes`),
    nodeOf("ConstantOfShape", [`${base}/sizes`], `${base}/ones`, { value }),
  ];
}

/** Whether a node keeps only the first of a list. */
function cutsList({ operator, inputs }: Node, reader: GraphReader): boolean {
  if (operator !== "Slice" || inputs.length < 4) return false;
  const [start, axis] = [inputs[1]!, inputs[3]!].map((name) => reader.scalarOf(name));
  const step = inputs[4] === undefined || inputs[4] === "" ? 1 : reader.scalarOf(inputs[4]);
  return axis === 0 && start === 0 && step === 1;
}

/** Why all proposals of a network that suppresses are not read; undefined where it does not, or they are. */
export function unreadProposals(graph: Graph, output: string): string | undefined {
  const node = suppressionBefore(graph, output);
  if (!node) return undefined;
  const second = secondStageOf(graph);
  return second
    ? `${second.operator} ("${second.name}") looks again at the boxes that were chosen before, as in networks of two stages`
    : `what "${output}" lists behind ${node.operator} ("${node.name}") is neither boxes, scores and classes nor a table of them`;
}
