/** @file Objects that a target means, and how a network finds objects in other pictures. */
import type { StopSignal } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Detection } from "../network/detection/detection.ts";

/** What a detector says of a place, whichever of its predictions says so. */
export type FoundObject = Omit<Detection, "anchor">;

/** What to look for. */
interface SearchRequest {
  /** Objects with a lower score are left out. */
  readonly leastScore: number;
  readonly signal?: StopSignal;
}

/** The objects that are explained, one or more, and the search for objects in pictures of the same size. */
export interface SoughtObjects {
  readonly objects: readonly FoundObject[];
  /** All that the network proposes in each of some pictures [N, C, H, W], overlapping ones too. */
  find(pictures: Tensor, request: SearchRequest): Promise<readonly (readonly FoundObject[])[]>;
}
