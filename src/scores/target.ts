/** @file Targets: what is explained or maximised - a class, classes against others, a unit or a direction of any layer. */

/** A class, or the one that the network prefers. Of one-unit networks both sides are classes, 0 and 1. */
export interface ClassTarget {
  readonly kind: "class";
  readonly class: number | "top";
}

/** The sum of the scores of some classes minus that of others: "A minus B" is what speaks for A and not for B. */
export interface CombinationTarget {
  readonly kind: "combination";
  readonly plus: readonly number[];
  readonly minus: readonly number[];
  /** The output that they are classes of; without it the one that is meant where none is named. */
  readonly output?: string;
}

/** A unit of a layer: a channel at one place, or its mean over all places. */
export interface UnitTarget {
  readonly kind: "unit";
  /** A layer's name, or any part of one that no other has. */
  readonly layer: string;
  /** Axis 1 of [N, C, ...], axis 2 of tokens [N, T, C]. */
  readonly channel: number;
  /** [row, column] in a feature map, [token] in tokens. */
  readonly place?: readonly number[];
}

/** A direction in the space of a layer's channels: the dot product with it, at one place or averaged over all. */
export interface DirectionTarget {
  readonly kind: "direction";
  /** A layer's name, or any part of one that no other has. */
  readonly layer: string;
  /** One number a channel. */
  readonly vector: readonly number[];
  /** As a unit's. */
  readonly place?: readonly number[];
}

export type Target = ClassTarget | CombinationTarget | UnitTarget | DirectionTarget;
