/** @file What a target means of a picture, for figures and records; places are in pixels of the network's input. */
import type { Mask } from "../image/mask.ts";

/** A box with what it is taken for. */
interface MarkedBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly class: number;
  /** Probability or score, as the network gives it. */
  readonly score: number;
  /** Whether it is explained, and not only shown. */
  readonly isExplained: boolean;
}

/** Parts of the picture that are meant. */
export interface TargetMarks {
  /** Over all of the input, in places of its own. */
  readonly mask?: Mask;
  readonly boxes?: readonly MarkedBox[];
}
