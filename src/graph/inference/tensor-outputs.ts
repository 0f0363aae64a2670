/** @file Outputs that are no tensors: maps and sequences, as converters of classical learners add them. */
import { LimpidError } from "../../errors.ts";
import { say } from "../../wording/face.ts";
import { producers, type Graph, type Node } from "../graph.ts";
import type { FormedGraph } from "./inference-form.ts";

/** Operators whose outputs are maps, sequences or optional values. */
const boxing = new Set([
  "CastMap",
  "DictVectorizer",
  "Optional",
  "SequenceConstruct",
  "SequenceEmpty",
  "SequenceErase",
  "SequenceInsert",
  "SequenceMap",
  "SplitToSequence",
  "ZipMap",
]);

/** Pass on what they are given, of whatever kind. */
const passing = new Set(["Identity", "If", "Loop"]);

/** Labels of classical learners, as text. */
const texting = new Set(["LabelEncoder", "StringNormalizer", "StringConcat", "StringSplit"]);

/**
 * The graph without outputs that are no tensors of numbers. What the last map was made of stands in where nothing else is left. Throws `bad-file` where there is no such value.
 */
export function withTensorOutputs(graph: Graph): FormedGraph {
  const makers = producers(graph);
  const boxed = boxedValues(graph);
  const dropped = graph.outputs.filter(
    ({ name, type }) => boxed.has(name) || type === "string" || isText(makers.get(name), type),
  );
  if (dropped.length === 0) return { graph, notes: [] };
  const kept = graph.outputs.filter((output) => !dropped.includes(output));
  const names = dropped.map(({ name }) => `"${name}"`).join(", ");
  const outputs = kept.length > 0 ? kept : [unboxed(graph, dropped, names)];
  const instead =
    kept.length > 0 ? "" : `; "${outputs[0]!.name}", which it is made of, is explained`;
  const note = say`output ${names} is no tensor of numbers and is left out${instead}`;
  return { graph: { ...graph, outputs }, notes: [note] };
}

function isText(maker: Node | undefined, type: string | undefined): boolean {
  return type === undefined && maker !== undefined && texting.has(maker.operator);
}

/** Values that are boxes, also behind operators that pass them on. */
function boxedValues(graph: Graph): ReadonlySet<string> {
  const boxed = new Set<string>();
  for (const node of graph.nodes) {
    const passes = passing.has(node.operator) && node.inputs.some((input) => boxed.has(input));
    if (!boxing.has(node.operator) && !passes) continue;
    for (const output of node.outputs) boxed.add(output);
  }
  return boxed;
}

/** The tensor that the last box was made of. */
function unboxed(graph: Graph, dropped: Graph["outputs"], names: string) {
  const makers = producers(graph);
  for (const { name } of dropped.toReversed()) {
    let node = makers.get(name);
    while (node && passing.has(node.operator)) node = makers.get(node.inputs[0] ?? "");
    const source = node && boxing.has(node.operator) ? node.inputs[0] : undefined;
    if (source && makers.has(source)) return { name: source, type: undefined, dims: undefined };
  }
  throw new LimpidError(
    "bad-file",
    `model: the network must have an output that is a tensor of numbers, got ${names}. export it with its logits.`,
  );
}
