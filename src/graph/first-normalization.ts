/** @file The first batch normalisation of a network: its running statistics tell what went in when it was trained. */
import type { Graph, Node } from "./graph.ts";
import { preparing } from "./input-preparation.ts";
import { toNumbers } from "./tensor.ts";

/** What a batch normalisation expects of the value that it reads, one number a channel. */
export interface ExpectedStatistics {
  /** The value that it reads, [N, C, ...], linear in the network's input. */
  readonly value: string;
  readonly means: readonly number[];
  readonly variances: readonly number[];
}

const linear: ReadonlySet<string> = new Set([...preparing, "AveragePool", "Conv", "Pad"]);

/**
 * The running statistics of the first batch normalisation that reads something linear in the network's input;
 * undefined where there is none, and where it was never trained.
 */
export function firstNormalization(graph: Graph): ExpectedStatistics | undefined {
  const [input] = graph.inputs;
  const reached = new Set([input!.name]);
  for (const node of graph.nodes) {
    const [first] = node.inputs;
    if (!node.inputs.some((name) => reached.has(name)) || node.domain !== "") continue;
    if (node.operator === "BatchNormalization" && reached.has(first!)) {
      const expected = expectedBy(graph, node);
      if (expected) return expected;
    }
    if (!isLinear(node, reached)) continue;
    for (const name of node.outputs) reached.add(name);
  }
  return undefined;
}

function isLinear(node: Node, reached: ReadonlySet<string>): boolean {
  const pictures = node.inputs.filter((name) => reached.has(name));
  const isAlone = pictures.length === 1 || node.operator === "Concat";
  const isWeighted = node.operator === "Conv" || node.operator === "Div";
  return linear.has(node.operator) && isAlone && (!isWeighted || reached.has(node.inputs[0]!));
}

function expectedBy(graph: Graph, node: Node): ExpectedStatistics | undefined {
  const [mean, variance] = [3, 4].map((i) => graph.initializers.get(node.inputs[i] ?? ""));
  if (!mean || !variance) return undefined;
  const [means, variances] = [toNumbers(mean), toNumbers(variance)];
  const isUntrained = means.every((x) => x === 0) && variances.every((x) => x === 1);
  if (isUntrained || variances.some((x) => !(x > 0))) return undefined;
  return { value: node.inputs[0]!, means, variances };
}
