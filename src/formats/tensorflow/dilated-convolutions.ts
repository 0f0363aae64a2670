/**
 * @file Dilated convolutions as early TensorFlow spells them: the places are dealt out to as many smaller maps, these are
 * convolved as they are, and their places are put together again. They become one convolution each.
 */
import type { InputReference, NodeDescription } from "./description.ts";

/** The attribute that says from which input on a convolution reads block sizes, borders and crops. */
export const dealtInputs = "_dealt_inputs";

const convolutions = new Set([
  "Conv2D",
  "_FusedConv2D",
  "DepthwiseConv2dNative",
  "FusedDepthwiseConv2dNative",
  "_FusedDepthwiseConv2dNative",
]);

/** What does the same to every place by itself, and may stand between a convolution and the end of it. */
const placewise = new Set([
  "BiasAdd",
  "Relu",
  "Relu6",
  "Elu",
  "Selu",
  "Sigmoid",
  "Tanh",
  "LeakyRelu",
  "Identity",
  "FusedBatchNorm",
  "FusedBatchNormV2",
  "FusedBatchNormV3",
]);

/** The nodes, with the parts of dilated convolutions as one each; all else stays as it is. */
export function withDilatedConvolutions(
  nodes: readonly NodeDescription[],
): readonly NodeDescription[] {
  const named = new Map(nodes.map((node) => [node.name, node]));
  const readers = readersOf(nodes);
  const replaced = new Map<string, NodeDescription>();
  for (const end of nodes) {
    if (end.op !== "BatchToSpaceND") continue;
    const found = convolutionBefore(end, named, readers);
    if (!found) continue;
    const { convolution, start } = found;
    const [, block, borders] = start.inputs;
    const [, , crops] = end.inputs;
    if (!block || !borders || !crops || !start.inputs[0] || !end.inputs[0]) continue;
    const inputs = [start.inputs[0], ...convolution.inputs.slice(1), block, borders, crops];
    const from = { kind: "number", value: convolution.inputs.length } as const;
    const attributes = new Map([...convolution.attributes, [dealtInputs, from] as const]);
    replaced.set(convolution.name, { ...convolution, inputs, attributes });
    replaced.set(end.name, { ...end, op: "Identity", inputs: [end.inputs[0]] });
  }
  if (replaced.size === 0) return nodes;
  const joined = nodes.map((node) => replaced.get(node.name) ?? node);
  // What is read no more would be taken for an output.
  const read = readersOf(joined);
  return joined.filter(({ name, op }) => op !== "SpaceToBatchND" || read.has(name));
}

/** The convolution of dealt out places that a node puts together, if nothing else reads what is in between. */
function convolutionBefore(
  end: NodeDescription,
  named: ReadonlyMap<string, NodeDescription>,
  readers: ReadonlyMap<string, number>,
) {
  const seen = new Set<string>();
  let node = producer(end.inputs[0], named);
  while (node && readers.get(node.name) === 1 && !seen.has(node.name)) {
    seen.add(node.name);
    if (convolutions.has(node.op)) {
      const start = producer(node.inputs[0], named);
      return start?.op === "SpaceToBatchND" ? { convolution: node, start } : undefined;
    }
    if (!placewise.has(node.op)) return undefined;
    node = producer(node.inputs[0], named);
  }
  return undefined;
}

function producer(
  reference: InputReference | undefined,
  named: ReadonlyMap<string, NodeDescription>,
): NodeDescription | undefined {
  return reference?.output === 0 ? named.get(reference.node) : undefined;
}

function readersOf(nodes: readonly NodeDescription[]): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  for (const { inputs } of nodes) {
    for (const { node } of inputs) readers.set(node, (readers.get(node) ?? 0) + 1);
  }
  return readers;
}
