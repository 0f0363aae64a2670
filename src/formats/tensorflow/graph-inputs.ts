/** @file What a graph is fed with: its placeholders, and the sizes that they leave open. */
import type { GraphBuilder } from "../../graph/builder.ts";
import type { Dimension, ValueShape } from "../../graph/graph.ts";
import {
  heldFirst,
  heldLast,
  toFirst,
  toLast,
  type NhwcValue,
} from "../channels-last/nhwc-value.ts";
import { badGraph, elementTypes, type NodeDescription } from "./description.ts";
import type { ProbeShapes } from "./probe-shapes.ts";

/** Which axes stay as open as the model leaves them. */
export interface Openness {
  readonly batch: boolean;
  /** Heights and widths that are left open, if they must be fixed. */
  readonly side?: number;
}

/** Sizes of an open batch, and of open heights and widths, at which a graph is looked at; the first is built. */
const probes = [
  { batch: 1, sides: [224, 224] },
  { batch: 7, sides: [224, 224] },
  { batch: 1, sides: [288, 256] },
  { batch: 1, sides: [416, 352] },
] as const;

/** How many sizes there are. */
export const probeCount = probes.length;

/** The number of the size that differs in its batch alone. */
export const batchProbe = 1;

const mostAxes = 5;
const largestSide = 2 ** 24;

/** An input of the graph for a placeholder, [N, C, H, W] where the model has [N, H, W, C]. */
export function graphInput(
  b: GraphBuilder,
  shapes: ProbeShapes,
  node: NodeDescription,
  shape: readonly number[] | undefined,
  openness: Openness,
): NhwcValue {
  const dtype = node.attributes.get("dtype");
  const told = dtype?.kind === "type" ? dtype.value : "FLOAT";
  const type = elementTypes[told];
  if (!type) {
    throw badGraph(`input "${node.name}" must take numbers, got ${told}`, advice);
  }
  const dims = dimsOf(node, shape);
  const isFirst = dims.length > 3 && !hasChannelsFirst(dims);
  const order = isFirst ? toFirst(dims.length) : dims.map((_, axis) => axis);
  const at = (probe: (typeof probes)[number]): ValueShape => {
    const sizes = dims.map((dim, axis) => (dim === -1 ? openSize(probe, axis, openness) : dim));
    return { type, dims: order.map((axis) => sizes[axis]!) };
  };
  const [usual, ...others] = probes.map(at) as [ValueShape, ...ValueShape[]];
  const names = dims.map((dim, axis) => nameOf(dim, axis, dims.length, openness));
  const open = order.map((axis) => names[axis]!);
  const fileOrder = isFirst ? toLast(dims.length) : undefined;
  const value = b.input(node.name, usual.dims, type, open, fileOrder);
  shapes.input(node.name, others);
  return isFirst ? heldFirst(value) : heldLast(value);
}

const advice = "feed it with pictures that are decoded outside of the model";

function dimsOf(node: NodeDescription, dims: readonly number[] | undefined): readonly number[] {
  if (!dims || dims.length === 0) {
    throw badGraph(`input "${node.name}" must say its shape, got none`, "export it with one");
  }
  const fits = dims.every((dim) => Number.isInteger(dim) && dim >= -1 && dim < largestSide);
  if (!fits || dims.includes(0) || dims.length > mostAxes) {
    throw badGraph(`input "${node.name}" must have a shape, got [${dims.join(", ")}]`);
  }
  const channels = hasChannelsFirst(dims) ? dims[1] : dims.at(-1);
  if (dims.length > 1 && channels === -1) {
    throw badGraph(`input "${node.name}" must say its channels, got [${dims.join(", ")}]`);
  }
  return dims;
}

/** Whether four axes are those of a picture with its channels behind the batch. */
function hasChannelsFirst(dims: readonly number[]): boolean {
  const [, behind = -1] = dims;
  const last = dims.at(-1)!;
  return dims.length === 4 && behind > 0 && behind <= 4 && (last === -1 || last > 4);
}

function openSize(
  { batch, sides }: (typeof probes)[number],
  axis: number,
  openness: Openness,
): number {
  if (axis === 0) return openness.batch ? batch : 1;
  return openness.side ?? sides[(axis - 1) % 2]!;
}

function nameOf(dim: number, axis: number, rank: number, openness: Openness): Dimension {
  if (dim !== -1) return dim;
  if (axis === 0) return openness.batch ? "N" : 1;
  if (openness.side !== undefined) return openness.side;
  if (rank === 4) return axis === 1 ? "H" : "W";
  return `D${axis}`;
}
