/** @file Targets: what is explained or maximised - a class, classes against others, a unit or a direction of any layer. */
import type { Tensor } from "../graph/tensor.ts";
import type { Box, Mask } from "../image/mask.ts";

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

/** Part of a picture as the network is given it. */
export type Region =
  /** Where the network finds the class. */
  | { readonly kind: "found" }
  /** Of the size of the network's input. */
  | ({ readonly kind: "mask" } & Mask)
  /** In pixels, from the first up to and without the last; `asked` is how the user gave it, of the photo. */
  | ({ readonly kind: "box"; readonly asked?: string } & Box)
  | { readonly kind: "pixel"; readonly asked?: string; readonly x: number; readonly y: number };

/** Part of a picture that is named, and not found. */
export type NamedRegion = Exclude<Region, { kind: "found" }>;

/** A class, or a channel of values, over part of a picture, of a network with numbers at every place. */
export interface RegionTarget {
  readonly kind: "region";
  /** "top" is the class with the largest area that is not background; in a part that is named the one that most of it is found to be. */
  readonly class: number | "top";
  /** Classes that are added, and taken off, over the same places. */
  readonly plus?: readonly number[];
  readonly minus?: readonly number[];
  readonly region: Region;
  /** The output that it is of; without it the one that is meant where none is named. */
  readonly output?: string;
  /** Names of the classes, which tell the background; without them the first class is taken for it. */
  readonly names?: readonly string[];
}

/** A unit or a direction of a layer over part of a picture: its mean over the layer's places there. */
export interface UnitRegionTarget {
  readonly kind: "unit-region";
  /** Without a place. */
  readonly of: UnitTarget | DirectionTarget;
  readonly region: NamedRegion;
}

/** How boxes are found in a picture; what is left out is the usual, `usualDetection`. */
export interface BoxSearch {
  /** The least score of a box. */
  readonly confidence?: number;
  /** Intersection over union above which the lesser of two boxes of a class is none. */
  readonly overlap?: number;
}

/** A number of a box: where its centre lies, or its size. */
export type BoxSide = "x" | "y" | "w" | "h";

/** Boxes of a detector. */
export interface BoxTarget extends BoxSearch {
  readonly kind: "box";
  /** The number of the box among those that are meant, 0 the best; all of them. */
  readonly box: number | "all";
  /** Without it boxes of every class are meant. */
  readonly class?: number;
  /** Without it boxes anywhere are meant. */
  readonly region?: Region;
  /** What of the box is explained; without it the score of its class. */
  readonly side?: BoxSide;
}

/** What something is compared with, and what it is called. */
export type Reference = { readonly name: string } & (
  | {
      /** Each [1, C, H, W] in the network's own numbers. */
      readonly pictures: readonly Tensor[];
    }
  | {
      /** The numbers of an embedding. */
      readonly embedding: readonly number[];
    }
);

/** How alike an embedding is to a reference's: the cosine of the angle between them. */
export interface SimilarityTarget {
  readonly kind: "similarity";
  readonly reference: Reference;
  /** The layer that is the embedding, its places averaged; without it the output that is meant where none is named. */
  readonly layer?: string;
}

/** Targets that are the same for every picture. */
export type FixedTarget = ClassTarget | CombinationTarget | UnitTarget | DirectionTarget;

/** Targets that are found on a picture. */
export type PictureTarget = RegionTarget | UnitRegionTarget | BoxTarget | SimilarityTarget;

export type Target = FixedTarget | PictureTarget;
