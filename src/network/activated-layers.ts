/** @file Convolutions and pools as people speak of them: their output after normalisation and activation function. */
import { hasAnyWeights, hasTrait } from "../graph/operators.ts";
import { nodesBefore, valuesRead } from "../graph/edit.ts";
import { producers, type Graph, type Node } from "../graph/graph.ts";

/** The names of what the wanted nodes give, each after the functions that follow it, in the order of computation. */
export function activatedOutputs(
  graph: Graph,
  isWanted: (node: Node) => boolean,
): readonly string[] {
  const readers = readersOf(graph);
  const found = graph.nodes
    .filter(isWanted)
    .map((node) => afterActivation(node.outputs[0]!, readers));
  return [...new Set(found)];
}

/** Operators of one input that belong to the convolution before them. */
function isFollowing(node: Node): boolean {
  return hasTrait(node, "activation") || node.operator === "BatchNormalization";
}

function readersOf(graph: Graph): ReadonlyMap<string, readonly Node[]> {
  const readers = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    for (const name of new Set(valuesRead(node))) {
      const known = readers.get(name);
      if (known) known.push(node);
      else readers.set(name, [node]);
    }
  }
  return readers;
}

function afterActivation(name: string, readers: ReadonlyMap<string, readonly Node[]>): string {
  const [reader, gate, ...others] = readers.get(name) ?? [];
  if (!reader || others.length > 0) return name;
  if (!gate) {
    const belongs = isFollowing(reader) && reader.inputs[0] === name;
    return belongs ? afterActivation(reader.outputs[0]!, readers) : name;
  }
  // SiLU is written as x * sigmoid(x).
  const [sigmoid, product] = reader.operator === "Mul" ? [gate, reader] : [reader, gate];
  const isSilu =
    sigmoid.operator === "Sigmoid" &&
    product.operator === "Mul" &&
    product.inputs.includes(sigmoid.outputs[0]!);
  return isSilu ? product.outputs[0]! : name;
}

/**
 * The values that make up a layer as people speak of it: the layer itself and, if it is what an activation function or a
 * normalisation makes of a layer with weights, all from that layer's output on.
 */
export function valuesOfLayer(graph: Graph, layer: string): ReadonlySet<string> {
  const readers = readersOf(graph);
  const starts = graph.nodes.filter(
    (node) => hasTrait(node, "weights") && afterActivation(node.outputs[0]!, readers) === layer,
  );
  const before = new Set([...nodesBefore(graph, layer)].flatMap(({ outputs }) => outputs));
  const own = starts.flatMap(({ outputs: [start] }) => {
    const earlier = new Set([...nodesBefore(graph, start!)].flatMap(({ outputs }) => outputs));
    return [start!, ...[...before].filter((value) => !earlier.has(value))];
  });
  return new Set([layer, ...own]);
}

/**
 * The values in which classes at every place are made and enlarged: from the last layers with weights, transposed
 * convolutions that only enlarge them aside, up to `logits`.
 */
export function valuesOfMap(graph: Graph, logits: string): ReadonlySet<string> {
  const makers = producers(graph);
  const isMade = new Map<string, boolean>();
  const onlyEnlarges = ({ inputs: [from], outputs: [to] }: Node) => {
    const [before, after] = [from!, to!].map((name) => graph.shapes.get(name)?.dims[1]);
    return before === after && !isActivated(from!, makers, isMade);
  };
  const [found, left] = [new Set<string>(), [logits]];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    const node = makers.get(value);
    if (!node || found.has(value)) continue;
    found.add(value);
    const isEnlarging = node.operator === "ConvTranspose" && onlyEnlarges(node);
    const isFirst = hasAnyWeights(node) && !isEnlarging;
    if (!isFirst) for (const each of node.inputs) left.push(each);
  }
  return found;
}

/** Whether numbers are features already: an activation function or a normalisation stands behind the last weights on a way to them. */
function isActivated(
  value: string,
  makers: ReadonlyMap<string, Node>,
  known: Map<string, boolean>,
): boolean {
  const found = known.get(value);
  if (found !== undefined) return found;
  known.set(value, false);
  const node = makers.get(value);
  const isEnd = !node || hasAnyWeights(node);
  const is =
    !isEnd && (isFollowing(node) || node.inputs.some((each) => isActivated(each, makers, known)));
  known.set(value, is);
  return is;
}

/** Each convolution's output after its activation function. */
export function convolutionLayers(graph: Graph): readonly string[] {
  return activatedOutputs(graph, ({ operator }) => operator === "Conv");
}
