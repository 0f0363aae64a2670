/** @file Outputs that are no tensors: maps and sequences, as converters of classical learners add them. */
import { LimpidError } from "../../errors.ts";
import { say } from "../../wording/face.ts";
import { valuesRead } from "../edit.ts";
import { outputTypes } from "../element-types.ts";
import { producers, type Graph, type Node } from "../graph.ts";
import type { ElementType } from "../tensor.ts";
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

/** What a value is: a box (a map, a sequence or an optional value), a tensor of a type, or not known. */
type Kind = ElementType | "box" | undefined;

/** The kind of a value, by its name. */
type Kinds = (name: string) => Kind;

/**
 * The graph without outputs that are no tensors of numbers. What the last map was made of stands in where nothing else is left. Throws `bad-file` where there is no such value.
 */
export function withTensorOutputs(graph: Graph): FormedGraph {
  const kinds = kindsOf(graph, () => undefined);
  const isDropped = ({ name, type }: Graph["outputs"][number]) =>
    kinds(name) === "box" || (type ?? kinds(name)) === "string";
  const dropped = graph.outputs.filter(isDropped);
  if (dropped.length === 0) return { graph, notes: [] };
  const kept = graph.outputs.filter((output) => !dropped.includes(output));
  const names = dropped.map(({ name }) => `"${name}"`).join(", ");
  const outputs = kept.length > 0 ? kept : [unboxed(graph, kinds, dropped, names)];
  const instead =
    kept.length > 0 ? "" : `; "${outputs[0]!.name}", which it is made of, is explained`;
  const note = say`output ${names} is no tensor of numbers and is left out${instead}`;
  return { graph: { ...graph, outputs }, notes: [note] };
}

/** What all values of a graph are, and those outside of it. */
function kindsOf(graph: Graph, outer: Kinds): Kinds {
  const own = new Map<string, Kind>();
  const kinds: Kinds = (name) => own.get(name) ?? outer(name);
  for (const { name, type } of graph.inputs) own.set(name, type ?? kinds(name));
  for (const [name, { type }] of graph.initializers) own.set(name, type);
  for (const node of graph.nodes) {
    const made = madeKinds(node, kinds);
    for (const [i, output] of node.outputs.entries()) if (output) own.set(output, made[i]);
  }
  return kinds;
}

function madeKinds(node: Node, kinds: Kinds): readonly Kind[] {
  const { operator, inputs, outputs, attributes } = node;
  const given = inputs.map(kinds);
  if (boxing.has(operator)) return outputs.map(() => "box");
  const inner = attributes["then_branch"] ?? attributes["body"];
  if (inner?.kind === "graph") return innerKinds(inner.value, given, kinds).slice(-outputs.length);
  if (operator === "Identity") return given;
  return outputTypes(node, (i) => (given[i] === "box" ? undefined : given[i]));
}

/** Of the outputs of a branch or body; a body's inputs are its loop's, but for those that come from the loop itself. */
function innerKinds(graph: Graph, given: readonly Kind[], outer: Kinds): readonly Kind[] {
  const inside = new Map(graph.inputs.map(({ name }, i) => [name, given[i]]));
  const kinds = kindsOf(graph, (name) => inside.get(name) ?? outer(name));
  return graph.outputs.map(({ name, type }) => kinds(name) ?? type);
}

/** The tensor that the last box was made of. */
function unboxed(graph: Graph, kinds: Kinds, dropped: Graph["outputs"], names: string) {
  const makers = producers(graph);
  const left = dropped.map(({ name }) => name);
  const seen = new Set<string>();
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const maker = makers.get(name);
    if (!maker || seen.has(name)) continue;
    seen.add(name);
    const kind = kinds(name);
    if (kind === "box") for (const read of valuesRead(maker).toReversed()) left.push(read);
    else if (kind === undefined || floats.has(kind))
      return { name, type: undefined, dims: undefined };
  }
  throw new LimpidError(
    "bad-file",
    `model: the network must have an output that is a tensor of numbers, got ${names}. export it with its logits.`,
  );
}

const floats: ReadonlySet<string> = new Set(["float16", "bfloat16", "float32", "float64"]);
