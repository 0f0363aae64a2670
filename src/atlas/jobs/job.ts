/** @file Jobs: the pieces that an atlas is cut into. What a job gives is a file that is there or not. */

/** Pictures of a block of a layer's units: what excites each, its opposite, or several that differ. */
export interface UnitsJob {
  readonly kind: "units" | OtherPicture;
  readonly layer: string;
  /** Channels from `first` to before `end`. */
  readonly first: number;
  readonly end: number;
}

/** Pictures of a unit beside the one that excites it most. */
export type OtherPicture = "opposite" | "diverse";

/** Diverse pictures of each unit. */
export const diverseOfUnit = 3;

/** What a block of photos makes of all layers. */
export interface PhotosJob {
  readonly kind: "photos";
  readonly first: number;
  readonly end: number;
}

/** What the photos show that excite a block of a layer's units; only once all photos are through. */
export interface PatchesJob {
  readonly kind: "patches";
  readonly layer: string;
  readonly first: number;
  readonly end: number;
}

/** Which of a layer's units answer to the photos alike, and their map; only once all photos are through. */
export interface MapJob {
  readonly kind: "map";
  readonly layer: string;
  /** All channels of the layer. */
  readonly first: 0;
  readonly end: number;
}

/** What the network answers to the photos of the class read-out's sample. */
export interface AnswersJob {
  readonly kind: "answers";
  /** All of the sample. */
  readonly first: 0;
  readonly end: number;
}

/** What units add to the logits of classes in a block of the sample; only once its answers are known. */
export interface ClassesJob {
  readonly kind: "classes";
  readonly first: number;
  readonly end: number;
}

/** What a layer sees in a photo, exaggerated. */
export interface CaricatureJob {
  readonly kind: "caricature";
  readonly layer: string;
  /** One picture. */
  readonly first: 0;
  readonly end: 1;
}

/** What a block of photos makes of single places of the layers that have an activation atlas. */
export interface PlacesJob {
  readonly kind: "places";
  readonly first: number;
  readonly end: number;
}

/** The grid over a layer's places; only once those of all photos are there. */
export interface GridJob {
  readonly kind: "grid";
  readonly layer: string;
  readonly first: 0;
  /** As many places as there can be. */
  readonly end: number;
}

/** Pictures of a block of a grid's cells, by their order; there may be fewer. */
export interface CellsJob {
  readonly kind: "cells";
  readonly layer: string;
  readonly first: number;
  readonly end: number;
}

/** What the photos show at the places of a block of a grid's cells. */
export interface CellPatchesJob {
  readonly kind: "cell patches";
  readonly layer: string;
  readonly first: number;
  readonly end: number;
}

/** Which classes a block of a grid's cells speak for. */
export interface CellClassesJob {
  readonly kind: "cell classes";
  readonly layer: string;
  readonly first: number;
  readonly end: number;
}

/** Something of one layer. */
export type LayerJob = UnitsJob | PatchesJob | MapJob | CaricatureJob;

type Job =
  | LayerJob
  | PhotosJob
  | AnswersJob
  | ClassesJob
  | PlacesJob
  | GridJob
  | CellsJob
  | CellPatchesJob
  | CellClassesJob;

/** A job, the file that it gives, and the files that must be there before. */
export interface PlannedJob<Kind extends Job = Job> {
  readonly job: Kind;
  /**
   * Name of the file. It holds a digest of everything that decides its bytes, so that a file that is there is never old.
   */
  readonly part: string;
  readonly needs: readonly string[];
}

/** [0, count) in blocks of at most `size`. */
export function blocks(
  count: number,
  size: number,
): readonly { readonly first: number; readonly end: number }[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    first: i * size,
    end: Math.min((i + 1) * size, count),
  }));
}
