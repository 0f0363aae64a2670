/** @file Which axis of a network's input holds the channels: as the graph uses it. */
import { AttributeReader } from "./attributes.ts";
import type { Dimension, Graph, ValueInfo } from "./graph.ts";
import { hasTrait } from "./operators.ts";
import { constantOf, followed, isElementwise, type Origin, type Step } from "./followed-axes.ts";

/** The axis of the channels in [N, C, H, W] or [N, H, W, C], and what tells it. */
export interface InputLayout {
  readonly channels: "first" | "last";
  /** True if an operator tells it; false if it is taken from the sizes. */
  readonly isTold: boolean;
}

/**
 * The layout of the only input of rank 4, undefined without such an input. The input is followed through whatever
 * leaves its axes whole to the operators that treat one axis as channels: convolutions, pools and normalisations
 * first, then constants and products along one axis. Where none tells, a size of 1 or 3 on the last axis alone means
 * channels last.
 */
export function inputLayout(graph: Graph): InputLayout | undefined {
  const [input, ...others] = graph.inputs;
  return input && others.length === 0 ? layoutOf(graph, input) : undefined;
}

/** The layout of any input of rank 4 or of none told; undefined for others. */
export function layoutOf(graph: Graph, input: ValueInfo): InputLayout | undefined {
  if (input.dims && input.dims.length !== 4) return undefined;
  const dims = input.dims ?? ["N", "?", "?", "?"];
  const told = axisTold(graph, input.name, dims);
  if (told === 1 || told === 3) return { channels: told === 1 ? "first" : "last", isTold: true };
  return { channels: isColour(dims[3]) && !isColour(dims[1]) ? "last" : "first", isTold: false };
}

function isColour(dim: Dimension | undefined): boolean {
  return dim === 1 || dim === 3;
}

function axisTold(graph: Graph, input: string, dims: readonly Dimension[]): number | undefined {
  const origins = new Map<string, Origin>([[input, [0, 1, 2, 3]]]);
  let hint: number | undefined;
  for (const node of graph.nodes) {
    const known = node.inputs.find((name) => origins.has(name));
    if (known === undefined) continue;
    const origin = origins.get(known)!;
    const step: Step = { graph, node, reader: new AttributeReader(node), origin, dims };
    const axis = takesChannels(step) ? origin[1] : undefined;
    if (axis !== undefined) return axis;
    const hinted = hintOf(step);
    // Spectra and lines, too, are normalised along their last axis: a picture with channels first stays one.
    const isLikely = hinted === 1 || (hinted === 3 && !(isColour(dims[1]) && !isColour(dims[3])));
    if (isLikely) hint ??= hinted;
    const next = followed(step, origins);
    if (next) for (const name of node.outputs) if (name) origins.set(name, next);
  }
  return hint;
}

/** Whether the operator has channels on axis 1 of its first input, whatever the rank. */
function takesChannels({ graph, node, origin }: Step): boolean {
  const isPlaced = origin.length > 2 && origin[0] === 0;
  const readsFirst = !graph.initializers.has(node.inputs[0] ?? "");
  return isPlaced && readsFirst && hasTrait(node, "channelsFirst");
}

/** What an operator that could do without channels still says of them. */
function hintOf(step: Step): number | undefined {
  const { node } = step;
  switch (node.operator) {
    case "LayerNormalization":
    case "MatMul":
      return lastAxis(step);
    case "ReduceMean":
    case "ReduceMax":
      return axisBeside(step);
    case "Reshape":
      return axisBesidePatches(step);
    default:
      return isElementwise(node) ? axisOfConstants(step) : undefined;
  }
}

/** Products with a constant and normalisations along the last axis. */
function lastAxis({ graph, node, reader, origin }: Step): number | undefined {
  const isTaken =
    node.operator === "MatMul"
      ? graph.initializers.get(node.inputs[1]!)?.dims.length === 2
      : reader.int("axis", -1) === -1;
  return isTaken ? origin.at(-1) : undefined;
}

/** The only axis along which a constant differs, if it is the same along others: of means, deviations and slopes. */
function axisOfConstants({ graph, node, origin, dims }: Step): number | undefined {
  for (const name of node.inputs) {
    const sizes = graph.initializers.get(name)?.dims;
    const wide = sizes?.flatMap((size, i) => (size > 1 ? [i - sizes.length] : [])) ?? [];
    const axis = wide.length === 1 ? origin.at(wide[0]!) : undefined;
    const isSpread = dims.some((size, other) => other > 0 && other !== axis && size !== 1);
    if (axis !== undefined && isSpread) return axis;
  }
  return undefined;
}

/** The axis that is left when two of three are summed up. */
function axisBeside(step: Step): number | undefined {
  const { origin } = step;
  const axes = constantOf(step, 1)?.map((axis) => (axis < 0 ? axis + origin.length : axis));
  if (origin.length !== 4 || axes?.length !== 2 || axes.includes(0)) return undefined;
  return origin[6 - axes[0]! - axes[1]!];
}

/** The axis that stays whole when a reshape cuts the two others into patches. */
function axisBesidePatches(step: Step): number | undefined {
  const { origin, dims } = step;
  const to = constantOf(step, 1);
  if (origin.length !== 4 || to?.length !== 6) return undefined;
  const sizes = origin.map((axis) => (axis === undefined ? undefined : dims[axis]));
  const cuts = (a: number, b: number, size: Dimension | undefined) =>
    to[a]! > 1 && to[b]! > 1 && to[a]! * to[b]! === size;
  if (to[1] === sizes[1] && cuts(2, 3, sizes[2]) && cuts(4, 5, sizes[3])) return origin[1];
  if (to[5] === sizes[3] && cuts(1, 2, sizes[1]) && cuts(3, 4, sizes[2])) return origin[3];
  return undefined;
}
