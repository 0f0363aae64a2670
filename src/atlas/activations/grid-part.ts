/** @file The grid over a layer's places as a file. */
import { decodePart, encodePart } from "../jobs/part-file.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import { patchesOfUnit } from "../plan.ts";

/** A place of a photo in a layer. */
export interface MemberPlace {
  readonly photo: number;
  /** y * width + x. */
  readonly place: number;
}

/** A cell that has an average. */
export interface MadeCell {
  readonly column: number;
  readonly row: number;
  /** The places in it, those that are most like the average first. */
  readonly members: readonly MemberPlace[];
  /** What is maximised for it: a direction of the layer's channels. */
  readonly direction: Float32Array;
}

export interface MadeGrid {
  readonly side: number;
  /** Places that were laid out. */
  readonly places: number;
  /** Row by row; none where there are too few places. */
  readonly cells: readonly MadeCell[];
}

/** Members whose photos are shown: the likest, of each photo one as long as there are enough photos. */
export function shownMembers(members: readonly MemberPlace[]): readonly MemberPlace[] {
  const seen = new Set<number>();
  const first = members.filter(({ photo }) => !seen.has(photo) && seen.add(photo));
  const others = members.filter((member) => !first.includes(member));
  return [...first, ...others].slice(0, patchesOfUnit);
}

const format = "limpid-atlas-grid-1";

export function encodeGrid({ side, places, cells }: MadeGrid, channels: number): Uint8Array {
  const members = cells.flatMap((cell) => cell.members);
  const directions = new Float32Array(cells.length * channels);
  for (const [i, { direction }] of cells.entries()) directions.set(direction, i * channels);
  const ints = (numbers: readonly number[]) =>
    tensor("int32", [numbers.length], Int32Array.from(numbers));
  const tensors = {
    facts: ints([side, places]),
    columns: ints(cells.map(({ column }) => column)),
    rows: ints(cells.map(({ row }) => row)),
    counts: ints(cells.map((cell) => cell.members.length)),
    photos: ints(members.map(({ photo }) => photo)),
    places: ints(members.map(({ place }) => place)),
    directions: tensor("float32", [cells.length, channels], directions),
  };
  return encodePart(format, tensors);
}

/** Throws `bad-file` for bytes that are no grid over a layer of so many channels. */
export function decodeGrid(bytes: Uint8Array, part: string, channels: number): MadeGrid {
  const wanted = { format, part, holds: `the grid of a layer of ${channels} channels` };
  return decodePart(bytes, wanted, (tensors) => gridIn(tensors, channels));
}

function gridIn(tensors: Readonly<Record<string, Tensor>>, channels: number): MadeGrid | undefined {
  const names = ["facts", "columns", "rows", "counts", "photos", "places"] as const;
  const lists = names.map((name) => intsOf(tensors[name]));
  const [facts, columns, rows, counts, photos, places] = lists;
  const directions = tensors["directions"];
  const cells = columns?.length ?? 0;
  const isFitting =
    lists.every((list) => list !== undefined) &&
    facts!.length === 2 &&
    rows!.length === cells &&
    counts!.length === cells &&
    counts!.reduce((sum, count) => sum + count, 0) === photos!.length &&
    photos!.length === places!.length &&
    directions?.type === "float32" &&
    directions.data.length === cells * channels;
  if (!isFitting) return undefined;
  let at = 0;
  const made = Array.from({ length: cells }, (_, i): MadeCell => {
    const first = at;
    at += counts![i]!;
    return {
      column: columns![i]!,
      row: rows![i]!,
      members: Array.from({ length: at - first }, (__, k) => ({
        photo: photos![first + k]!,
        place: places![first + k]!,
      })),
      direction: (directions.data as Float32Array).subarray(i * channels, (i + 1) * channels),
    };
  });
  return { side: facts![0]!, places: facts![1]!, cells: made };
}

function intsOf(value: Tensor | undefined): Int32Array | undefined {
  return value?.type === "int32" ? (value.data as Int32Array) : undefined;
}
