/** @file Scores of a picture with some of its pieces hidden. */
import type { StopSignal } from "../../errors.ts";
import type { Model } from "../../network/model.ts";
import { hiddenPicture, type Baseline } from "../gradient/baseline.ts";
import type { SeenPicture } from "./perturbation.ts";
import type { Pieces } from "./pieces.ts";
import { perturbedScores } from "./scored-rows.ts";

export interface CoalitionRequest {
  readonly pieces: Pieces;
  /** 1 where a piece is visible, [count, pieces.count]. */
  readonly visible: Uint8Array;
  readonly baseline: Baseline;
  readonly of: "score" | "probability";
  readonly signal: StopSignal | undefined;
}

/** The score, or probability, of each coalition of visible pieces, [count]. */
export function coalitionScores(
  model: Model,
  { data, dims, row, onProgress }: SeenPicture,
  request: CoalitionRequest,
): Promise<Float64Array> {
  const { pieces, visible, of, signal } = request;
  const hidden = hiddenPicture(data, dims, request.baseline, model.parts);
  const places = pieces.labels.length;
  return perturbedScores(model, {
    signal,
    onProgress,
    dims,
    of,
    count: visible.length / pieces.count,
    target: row.target,
    write: (index, into) => {
      const own = visible.subarray(index * pieces.count, (index + 1) * pieces.count);
      for (let i = 0; i < into.length; i++) {
        into[i] = own[pieces.labels[i % places]!] ? data[i]! : hidden[i]!;
      }
    },
  });
}
