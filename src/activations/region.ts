/** @file Places of a value, axis by axis, and what tells which places of a node's inputs they are computed from. */
import type { TracedNode } from "../graph/traced-node.ts";

/** Places of a value: for each axis, 1 at every index that one of them has. */
export type Region = readonly Uint8Array[];

/** The regions of the inputs that a region of output `output` reads; undefined: all of every input. */
export type FieldRule = (
  n: TracedNode,
  region: Region,
  output: number,
) => readonly (Region | undefined)[] | undefined;

/** All places of an axis. */
export function whole(size: number): Uint8Array {
  return new Uint8Array(size).fill(1);
}

/** The indices that the marked ones are made of. */
export function mapped(
  marked: Uint8Array,
  size: number,
  sources: (index: number) => Iterable<number>,
): Uint8Array {
  const found = new Uint8Array(size);
  for (const [index, mark] of marked.entries()) {
    if (mark === 0) continue;
    for (const source of sources(index)) if (source >= 0 && source < size) found[source] = 1;
  }
  return found;
}

/** Each axis as it is, except those that are read from end to end. */
export function wholeAlong(
  dims: readonly number[],
  region: Region,
  axes: readonly number[],
): Region {
  return dims.map((size, axis) => (axes.includes(axis) ? whole(size) : region[axis]!));
}

/** What an input of sizes `dims` gives to a region of what it is broadcast to. */
export function unbroadcast(dims: readonly number[], region: Region): Region {
  const offset = region.length - dims.length;
  return dims.map((size, axis) => (size === 1 ? whole(1) : region[axis + offset]!));
}
