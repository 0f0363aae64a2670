/** @file Moves of maps, cropped or with zeros around them, as convolutions with one weight that is not 0. */
import { AttributeReader } from "../graph/attributes.ts";
import type { Node } from "../graph/graph.ts";

/** A kernel with a 1 at one place and zeros elsewhere; all lists have the entries of height and width. */
export interface Move {
  readonly kernel: readonly number[];
  readonly place: readonly number[];
  readonly strides: readonly number[];
  /** As a Conv has them: first the beginnings. */
  readonly pads: readonly number[];
}

/** What a move does along one axis. */
interface AxisMove {
  readonly crops: readonly [begin: number, end: number];
  readonly pads: readonly [begin: number, end: number];
  readonly stride: number;
}

/** Wider kernels cost more than they gain. */
const widest = 3;

/** A Pad with zeros or a Slice of height and width, of a value of the shape `dims` [N, C, H, W]; undefined for all else. */
export function moveOf(
  node: Node,
  dims: readonly number[],
  numbersOf: (value: string) => readonly number[] | undefined,
): Move | undefined {
  const axes = node.operator === "Pad" ? padding(node, numbersOf) : slicing(node, dims, numbersOf);
  const spatial = axes?.slice(2);
  if (!axes?.slice(0, 2).every(isNothing) || spatial?.length !== 2) return undefined;
  const kernel = spatial.map(({ crops }) => crops[0] + 1 + crops[1]);
  if (kernel.some((size) => size > widest)) return undefined;
  return {
    kernel,
    place: spatial.map(({ crops }) => crops[0]),
    strides: spatial.map(({ stride }) => stride),
    pads: [...spatial.map(({ pads }) => pads[0]), ...spatial.map(({ pads }) => pads[1])],
  };
}

const nothing: AxisMove = { crops: [0, 0], pads: [0, 0], stride: 1 };

function isNothing({ crops, pads, stride }: AxisMove): boolean {
  return [...crops, ...pads].every((rows) => rows === 0) && stride === 1;
}

function padding(
  node: Node,
  numbersOf: (value: string) => readonly number[] | undefined,
): readonly AxisMove[] | undefined {
  const [, amounts = "", fill = "", axes = ""] = node.inputs;
  const pads = numbersOf(amounts);
  const isZero = fill === "" || numbersOf(fill)?.[0] === 0;
  if (new AttributeReader(node).string("mode", "constant") !== "constant" || !isZero)
    return undefined;
  if (pads?.length !== 8 || axes !== "") return undefined;
  return pads.slice(0, 4).map((begin, axis) => {
    const both = [begin, pads[axis + 4]!] as const;
    return {
      crops: [Math.max(-both[0], 0), Math.max(-both[1], 0)],
      pads: [Math.max(both[0], 0), Math.max(both[1], 0)],
      stride: 1,
    };
  });
}

function slicing(
  node: Node,
  dims: readonly number[],
  numbersOf: (value: string) => readonly number[] | undefined,
): readonly AxisMove[] | undefined {
  if (node.operator !== "Slice") return undefined;
  const [starts, ends, axes, steps] = node.inputs.slice(1).map(numbersOf);
  if (!starts || !ends || !axes || (node.inputs.length > 4 && !steps)) return undefined;
  const moves = dims.map(() => nothing);
  for (const [i, given] of axes.entries()) {
    const axis = given < 0 ? given + dims.length : given;
    const step = steps?.[i] ?? 1;
    const [start, end] = [starts[i]!, ends[i]!].map((bound) =>
      Math.min(bound < 0 ? bound + dims[axis]! : bound, dims[axis]!),
    ) as [number, number];
    if (step < 1 || start < 0 || end <= start || moves[axis] !== nothing) return undefined;
    const last = start + (Math.ceil((end - start) / step) - 1) * step;
    const unread = Math.max(0, dims[axis]! - last - step);
    moves[axis] = { crops: [start, unread], pads: [0, 0], stride: step };
  }
  return moves;
}
