/** @file Pieces of a picture that are hidden as one: squares of a grid, or superpixels. */
import type { pieceOptions } from "./infos.ts";
import { LimpidError } from "../../errors.ts";
import type { OptionValue } from "../../wording/option.ts";
import { gridSides, superpixels } from "./superpixels.ts";

/** A picture cut into pieces. */
export interface Pieces {
  readonly count: number;
  /** The piece of each pixel, [H, W], from 0. */
  readonly labels: Int32Array;
}

/** How a picture is cut: the name of a way, or the piece of each pixel [H, W] itself. */
export type PieceChoice = string | Int32Array;

interface PieceRequest {
  readonly pieces?: PieceChoice;
}

/** Labels that a caller gives instead of a way. */
export function labelledPieces({ pieces }: PieceRequest): Int32Array | undefined {
  return typeof pieces === "object" ? pieces : undefined;
}

/** Options without labels, which no table describes. */
export function namedPieces<Request extends PieceRequest>(request: Request) {
  return { ...request, pieces: labelledPieces(request) ? undefined : request.pieces };
}

/** How many pieces a picture [C, H, W] is cut into where nobody says: 50, or one a pixel if it has fewer. */
function usualSegments([, height, width]: readonly [number, number, number]): number {
  return Math.min(50, height * width);
}

/**
 * About as many pieces of a picture [C, H, W] as are asked for; without that 50, or one a pixel if it has fewer. Throws
 * `bad-option` for more pieces than pixels, and for labels that leave numbers out.
 */
export function piecesOf(
  picture: Float32Array,
  dims: readonly [number, number, number],
  choice: OptionValue<typeof pieceOptions.pieces> | Int32Array,
  asked: number | undefined,
): Pieces {
  const [, height, width] = dims;
  if (typeof choice !== "string") return given(choice, height * width);
  const segments = asked ?? usualSegments(dims);
  if (segments > height * width) {
    throw new LimpidError(
      "bad-option",
      `segments: there must be at most as many as pixels (${height * width}), got ${segments}. choose fewer.`,
    );
  }
  return numbered(
    choice === "grid" ? gridLabels(height, width, segments) : superpixels(picture, dims, segments),
  );
}

function given(labels: Int32Array, pixels: number): Pieces {
  const count = labels.reduce((most, label) => Math.max(most, label), -1) + 1;
  const used = new Set(labels);
  if (labels.length === pixels && used.size === count && !labels.some((label) => label < 0)) {
    return { count, labels };
  }
  throw new LimpidError(
    "bad-option",
    `pieces: there must be a label a pixel (${pixels}), counted from 0 without gaps, got ${labels.length} with ${used.size} different ones up to ${count - 1}. renumber them.`,
  );
}

function gridLabels(height: number, width: number, segments: number): Int32Array {
  const [rows, columns] = gridSides(height, width, segments);
  return Int32Array.from({ length: height * width }, (_, pixel) => {
    const y = Math.floor(pixel / width);
    const row = Math.floor((y * rows) / height);
    return row * columns + Math.floor(((pixel % width) * columns) / width);
  });
}

/** The same pieces counted from 0 in the order in which they are met. */
function numbered(labels: Int32Array): Pieces {
  const known = new Map<number, number>();
  const renumbered = labels.map((label) => {
    if (!known.has(label)) known.set(label, known.size);
    return known.get(label)!;
  });
  return { count: known.size, labels: renumbered };
}

/** One number a piece as a map [H, W]. */
export function paint({ labels }: Pieces, values: ArrayLike<number>): Float32Array {
  return Float32Array.from(labels, (label) => values[label]!);
}
