/** @file What a value would hold if its final sigmoid or softmax were taken off: the same numbers on the same ways, before it. */
import { AttributeReader } from "../../graph/attributes.ts";
import type { Graph, Node } from "../../graph/graph.ts";
import { Ending, mostKept, type FinalActivation } from "../final-activation.ts";
import { GraphReader } from "../graph-reader.ts";

/** A value's twin, whose numbers are logits where those of the value are probabilities. */
export interface BeforeSigmoid {
  /** The graph with the twin. */
  readonly graph: Graph;
  readonly value: string;
  readonly activation: FinalActivation["kind"];
  /** Whether probabilities are multiplied on the way: then the twin holds the sum of their logits. */
  readonly isSum: boolean;
}

/** What is known of a twin. */
type Twin = Omit<BeforeSigmoid, "graph">;

/**
 * Follows what only moves or chooses numbers (Concat, Split, Slice, Reshape, Transpose, Gather, TopK ...) back to the
 * sigmoid or softmax, and builds the same way around it. What is chosen is chosen by the network's own indices. Numbers
 * that come from elsewhere, as those of boxes, are the value's own. Undefined where there is no such activation.
 */
export function beforeSigmoid(graph: Graph, value: string): BeforeSigmoid | undefined {
  const reader = new GraphReader(graph);
  const ending = new Ending(reader);
  const twins = new Map<string, Twin>();
  const added: Node[] = [];
  for (const node of graph.nodes) {
    if (node.domain !== "") continue;
    const [output] = node.outputs as [string];
    const activation = ending.activatedBy(output);
    if (activation && !activation.isLog) {
      twins.set(output, { value: activation.logits, activation: activation.kind, isSum: false });
      continue;
    }
    const built = twinNode(node, twins, reader);
    if (!built) continue;
    if (built.node) added.push(built.node);
    for (const [name, twin] of built.twins) twins.set(name, twin);
  }
  const twin = twins.get(value);
  if (!twin) return undefined;
  return { graph: { ...graph, nodes: [...graph.nodes, ...added] }, ...twin };
}

interface Built {
  readonly node?: Node;
  readonly twins: readonly (readonly [string, Twin])[];
}

/** The node that does to logits what a node does to probabilities. */
function twinNode(
  node: Node,
  twins: ReadonlyMap<string, Twin>,
  reader: GraphReader,
): Built | undefined {
  const [first] = node.inputs as [string];
  const { operator } = node;
  const known = twins.get(first);
  if (operator === "Concat") return ofAll(node, twins, operator);
  if (operator === "Mul") return ofProduct(node, twins);
  if (!known) return undefined;
  const same = (twin: Twin): Built => ({ twins: [[node.outputs[0]!, twin]] });
  if (keeping.has(operator)) return same(known);
  if (operator === "Sqrt") return same({ ...known, isSum: true });
  if (operator === "Clip") return isHarmlessClip(node, reader) ? same(known) : undefined;
  if (operator === "TopK") {
    const axis = new AttributeReader(node).int("axis", -1);
    const attributes = { axis: { kind: "int", value: axis } } as const;
    return renamed(node, known, {
      operator: "GatherElements",
      inputs: [known.value, node.outputs[1]!],
      outputs: [twinName(node.outputs[0]!)],
      attributes,
    });
  }
  if (!moving.has(operator)) return undefined;
  return renamed(node, known, { inputs: [known.value, ...node.inputs.slice(1)] });
}

/** Operators that leave numbers what they are, or nearly. */
const keeping: ReadonlySet<string> = new Set(["QuantizeLinear", "DequantizeLinear", "Round"]);

/** Operators whose outputs are numbers of their first input, at places that the others say. */
const moving: ReadonlySet<string> = new Set([
  "Cast",
  "Expand",
  "Flatten",
  "Gather",
  "GatherElements",
  "GatherND",
  "Identity",
  "ReduceMax",
  "Reshape",
  "ScatterElements",
  "ScatterND",
  "Slice",
  "Split",
  "Squeeze",
  "Tile",
  "Transpose",
  "Unsqueeze",
]);

function twinName(value: string): string {
  return `before sigmoid/${value}`;
}

function renamed(node: Node, twin: Twin, change: Partial<Node>): Built {
  const outputs = change.outputs ?? node.outputs.map((name) => (name === "" ? "" : twinName(name)));
  const made: Node = { ...node, name: twinName(node.name), ...change, outputs };
  const pairs = outputs.flatMap((name, i) =>
    name === "" ? [] : [[node.outputs[i]!, { ...twin, value: name }] as const],
  );
  return { node: made, twins: pairs };
}

function ofAll(node: Node, twins: ReadonlyMap<string, Twin>, operator: string): Built | undefined {
  const found = node.inputs.flatMap((name) => twins.get(name) ?? []);
  const [first] = found;
  if (!first) return undefined;
  const inputs = node.inputs.map((name) => twins.get(name)?.value ?? name);
  const isSum = found.some((twin) => twin.isSum);
  return renamed(node, { ...first, isSum }, { operator, inputs });
}

/** Of a product of probabilities, as of an objectness and a class, the sum of their logits. */
function ofProduct(node: Node, twins: ReadonlyMap<string, Twin>): Built | undefined {
  const [a, b] = node.inputs.map((name) => twins.get(name));
  if (!a || !b) return undefined;
  return renamed(node, { ...a, isSum: true }, { operator: "Add", inputs: [a.value, b.value] });
}

function isHarmlessClip({ inputs }: Node, reader: GraphReader): boolean {
  const [least, most] = [inputs[1], inputs[2]].map((name) =>
    name === undefined || name === "" ? undefined : reader.scalarOf(name),
  );
  return (least ?? 0) <= mostKept && (most ?? 1) >= 1 - mostKept;
}
