/** @file What the axes of a network's input are: pictures, signals, volumes or rows of numbers, as the graph reads them. */
import { AttributeReader } from "./attributes.ts";
import { followed, type Origin, type Step } from "./followed-axes.ts";
import type { Dimension, Graph, ValueInfo } from "./graph.ts";
import { layoutOf } from "./input-layout.ts";
import { hasTrait } from "./operators.ts";

/** An axis of an input: batch, channels, the sides of a signal, picture or volume, or numbers without neighbours. */
export type AxisName = "N" | "C" | "T" | "D" | "H" | "W" | "K";

/** What the axes of an input are, in the file's order. */
export interface InputAxes {
  readonly axes: readonly AxisName[];
  /** True if an operator tells it; false if it is taken from the sizes. */
  readonly isTold: boolean;
}

/** THE names of sides, by how many there are. */
const sideNames: readonly (readonly AxisName[])[] = [[], ["T"], ["H", "W"], ["D", "H", "W"]];

/**
 * What the axes of an input are. It is followed through what leaves its axes whole to the first operator that has
 * channels on a known axis: the rank of a convolution tells signals from pictures and volumes, also where axes of size 1
 * are added on the way, as TensorFlow does for signals. Where none tells: [N, K], grey pictures [N, H, W], pictures of
 * a known order, volumes [N, C, D, H, W], or [N, D, H, W, C] if only the last axis has a usual number of channels. A
 * single axis is that of the batch if its size is open. Undefined for what nothing is known of: single numbers, and more
 * than five axes.
 */
export function axesOf(graph: Graph, input: ValueInfo): InputAxes | undefined {
  const { dims } = input;
  const told = dims && axesTold(graph, input.name, dims);
  if (told) return { axes: told, isTold: true };
  switch (dims?.length ?? 4) {
    case 1:
      return typeof dims![0] === "string" ? { axes: ["N"], isTold: true } : undefined;
    case 2:
      return { axes: ["N", "K"], isTold: true };
    case 3:
      return { axes: untoldOfThree(dims!), isTold: false };
    case 4: {
      const { channels, isTold } = layoutOf(graph, input)!;
      return { axes: channels === "first" ? ["N", "C", "H", "W"] : ["N", "H", "W", "C"], isTold };
    }
    case 5: {
      const isLast = isUsual(dims![4]) && !isUsual(dims![1]);
      return {
        axes: isLast ? ["N", "D", "H", "W", "C"] : ["N", "C", "D", "H", "W"],
        isTold: false,
      };
    }
    default:
      return undefined;
  }
}

function isUsual(size: Dimension | undefined): boolean {
  return size === 1 || size === 3 || size === 4;
}

/** Three planes, or pixels of three numbers, are a colour picture without a batch; rows of three numbers a signal. */
function untoldOfThree([first, , last]: readonly Dimension[]): readonly AxisName[] {
  if (first === 3) return ["C", "H", "W"];
  if (last !== 3) return ["N", "H", "W"];
  return first === 1 || typeof first === "string" ? ["N", "T", "C"] : ["H", "W", "C"];
}

function axesTold(
  graph: Graph,
  input: string,
  dims: readonly Dimension[],
): readonly AxisName[] | undefined {
  const origins = new Map<string, Origin>([[input, dims.map((_, axis) => axis)]]);
  for (const node of graph.nodes) {
    const known = node.inputs.find((name) => origins.has(name));
    if (known === undefined) continue;
    const origin = origins.get(known)!;
    const step: Step = { graph, node, reader: new AttributeReader(node), origin, dims };
    const roles = rolesIn(step);
    const axes = roles && namesOf(roles, dims.length);
    if (axes) return axes;
    const next = followed(step, origins);
    if (next) for (const name of node.outputs) if (name) origins.set(name, next);
  }
  return undefined;
}

/** Axes of the input by what an operator takes them for; undefined for axes that are new. */
interface Roles {
  readonly batch: number | undefined;
  readonly channels: number | undefined;
  readonly sides: readonly (number | undefined)[];
}

/** Operators that read sequences [T, N, C], or [N, T, C] where their layout is 1. */
const recurrent: ReadonlySet<string> = new Set(["GRU", "LSTM", "RNN"]);

function rolesIn({ graph, node, origin, reader }: Step): Roles | undefined {
  if (graph.initializers.has(node.inputs[0] ?? "")) return undefined;
  if (hasTrait(node, "channelsFirst") && origin.length > 2) {
    const [batch, channels, ...sides] = origin;
    return { batch, channels, sides };
  }
  if (!recurrent.has(node.operator) || origin.length !== 3) return undefined;
  const [first, second, channels] = origin;
  const isBatchFirst = reader.int("layout", 0) === 1;
  return isBatchFirst
    ? { batch: first, channels, sides: [second] }
    : { batch: second, channels, sides: [first] };
}

/** Names of all axes of the input; undefined if one has no role, or there are no sides. */
function namesOf({ batch, channels, sides }: Roles, rank: number): AxisName[] | undefined {
  const own = sides.filter((side) => side !== undefined).toSorted((a, b) => a - b);
  const names = sideNames[own.length] ?? [];
  if (names.length === 0) return undefined;
  const axes = Array.from({ length: rank }, (_, axis): AxisName | undefined => {
    if (axis === batch) return "N";
    return axis === channels ? "C" : names[own.indexOf(axis)];
  });
  return axes.every((name) => name !== undefined) ? axes : undefined;
}
