/** @file Exact shapes by execution: one run at the wanted input size measures every value and folds constants. */
import { internalError, LimpidError } from "../errors.ts";
import { hasConstantBranch, inlineConstantBranches } from "./branches.ts";
import { cut, valuesRead } from "./edit.ts";
import { outputTypes } from "./element-types.ts";
import type { Graph, Node, ValueInfo, ValueShape } from "./graph.ts";
import { requireWithinLimits } from "./limits/within-limits.ts";
import { randomOperators, shapeOperators } from "./limits/node-sizes.ts";
import { withPlainPools } from "./plain-pools.ts";
import { requireNoSequences } from "./sequences.ts";
import { probeName, withShapeProbes, type Execute } from "./shape-probes.ts";
import { toNumbers, type ElementType, type Tensor } from "./tensor.ts";
import { usualLimits, type Limits } from "../wording/limits.ts";

/**
 * The graph at the input size of `feeds`: its inputs have these exact shapes, every value has a known
 * shape, and every value that does not depend on the numbers fed (weights, and all that is computed
 * from shapes) is an initializer. Nodes that became constant are gone, and of an `If` whose condition
 * became constant the branch that is taken is left. Pools say their windows by pads. Nothing runs before it is within the limits. Throws
 * `unsupported-operator` for sequences of unknown members, `over-limit` for what would take too much, and `bad-file` for
 * nodes that ONNX Runtime would not survive.
 */
export async function trace(
  graph: Graph,
  feeds: Readonly<Record<string, Tensor>>,
  execute: Execute,
  limits: Limits = usualLimits,
): Promise<Graph> {
  requireNoSequences(graph);
  await requireWithinLimits(graph, feeds, execute, limits);
  const fed = new Map(Object.entries(feeds));
  const varying = varyingValues(graph);
  const live = graph.nodes.filter((node) => node.outputs.some((output) => varying.has(output)));
  const folded = foldedValues(graph, live, varying);
  const measured = live.flatMap((node) => node.outputs.filter(Boolean));
  const probe = withShapeProbes(graph, measured, folded);
  const results = await execute(probe, feeds);
  const initializers = new Map(graph.initializers);
  for (const name of folded) initializers.set(name, results[name]!);
  const types = elementTypes(graph, live, initializers);
  const shapes = new Map<string, ValueShape>();
  for (const [name, value] of fed) shapes.set(name, { type: value.type, dims: value.dims });
  for (const name of measured) {
    shapes.set(name, { type: types.get(name)!, dims: toNumbers(results[probeName(name)]!) });
  }
  const inputs = graph.inputs.map((input): ValueInfo => ({ ...input, ...shapes.get(input.name)! }));
  const outputs = graph.outputs.map((output): ValueInfo => {
    const shape = shapes.get(output.name) ?? initializers.get(output.name)!;
    return { name: output.name, type: shape.type, dims: shape.dims };
  });
  const traced = { ...graph, inputs, outputs, nodes: live, initializers, shapes };
  const names = outputs.map((output) => output.name);
  const smallest = cut({ ...traced }, { outputs: names });
  const fedShapes = inputs.map(({ name }) => [name, shapes.get(name)!] as const);
  const result = { ...smallest, inputs, shapes: new Map([...fedShapes, ...smallest.shapes]) };
  return hasConstantBranch(result)
    ? trace(inlineConstantBranches(result), feeds, execute, limits)
    : withPlainPools(result);
}

function varyingValues(graph: Graph): Set<string> {
  const varying = new Set(graph.inputs.map((input) => input.name));
  for (const node of graph.nodes) {
    if (shapeOperators.has(node.operator)) continue;
    if (randomOperators.has(node.operator) || valuesRead(node).some((name) => varying.has(name))) {
      for (const output of node.outputs) if (output) varying.add(output);
    }
  }
  return varying;
}

/** Computed constants that a live node or the caller still reads. */
function foldedValues(graph: Graph, live: readonly Node[], varying: ReadonlySet<string>): string[] {
  const read = new Set([
    ...live.flatMap(valuesRead),
    ...graph.outputs.map((output) => output.name),
  ]);
  return [...read].filter((name) => !varying.has(name) && !graph.initializers.has(name));
}

function elementTypes(
  graph: Graph,
  live: readonly Node[],
  initializers: ReadonlyMap<string, Tensor>,
): Map<string, ElementType> {
  const types = new Map<string, ElementType>();
  for (const input of graph.inputs) if (input.type) types.set(input.name, input.type);
  for (const node of live) {
    const typeAt = (i: number): ElementType => {
      const name = node.inputs[i] ?? "";
      const type = types.get(name) ?? initializers.get(name)?.type;
      if (!type)
        throw internalError("trace", `type of input ${i} of ${node.operator} is not known`);
      return type;
    };
    const found = outputTypes(node, typeAt);
    for (const [i, output] of node.outputs.entries()) {
      const type = found[i] ?? found[0];
      if (!type) throw untyped(node);
      types.set(output, type);
    }
  }
  return types;
}

function untyped({ operator, name }: Node): LimpidError {
  return new LimpidError(
    "bad-file",
    `${operator} "${name}": what it makes must have a type that ONNX knows, got another. export the model again.`,
  );
}
