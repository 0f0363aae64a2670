/**
 * @file What the atlas's site is given: one file for the network, one a layer. Each is a script that hands its object to
 * `limpidAtlas`, since a page that is opened from disk may load scripts but not fetch.
 */

/** The network and its layers: `atlas-index.js`, which calls `limpidAtlas.index(...)`. */
export interface AtlasIndex {
  /** The network's file, without its folder. */
  readonly network: string;
  /** SHA-256 of the network, hexadecimal. */
  readonly digest: string;
  /** Of the input, [C, H, W]. */
  readonly input: readonly number[];
  /** Names of the network's classes, where it has some. */
  readonly classes?: readonly string[];
  readonly icons: SheetGrid;
  /** The first icons of each layer, one row, so that the first view needs no whole sheet. */
  readonly strips: SheetGrid;
  /** Each cell is a mosaic of a unit's patches, the strongest first, as `mosaicLayout` lays them. Left out without photos. */
  readonly patches?: SheetGrid & { readonly count: number };
  /** How many photos were looked at; left out without photos. */
  readonly photoCount?: number;
  /** What the units' classes were told from; left out without photos. */
  readonly readOut?: AtlasReadOut | "no-logits";
  /** The photo of which each layer has a caricature: its file's name, and the file that shows it as the network sees it. */
  readonly caricature?: { readonly photo: string; readonly file: string };
  readonly layers: readonly AtlasLayer[];
  /** What was assumed or left out, a sentence each. */
  readonly notes: readonly string[];
  /** What makes the same atlas again: a command line. */
  readonly recipe: string;
}

/** From what it is told which classes units speak for. */
export interface AtlasReadOut {
  /** Photos over which contributions are averaged. */
  readonly photos: number;
  /** Classes that were looked at: all, or those that are the network's first answer to most of these photos. */
  readonly classes: number;
  /** All classes of the network. */
  readonly of: number;
}

/**
 * Cells of a sheet, row by row; unit `u` is cell `u % (columns * rows)` of sheet `floor(u / (columns * rows))`. A sheet
 * is only as wide and as high as its units fill it.
 */
export interface SheetGrid {
  readonly columns: number;
  readonly rows: number;
  /** Side of a cell, in pixels. */
  readonly sidePx: number;
}

/** A layer over all photos. */
export interface AtlasLayer {
  readonly name: string;
  /** Where its files lie: a part of an address that is no other layer's. */
  readonly folder: string;
  /** Sheets of icons and the strip of the first ones, files of its folder. */
  readonly sheets: readonly string[];
  readonly strip: string;
  readonly operator: string;
  readonly channels: number;
  /** Its units are the network's classes, by their numbers. */
  readonly isOfClasses?: true;
  /** Of its maps at the network's own size; 1 x 1 for dense layers. */
  readonly height: number;
  readonly width: number;
  /** Units that nothing excites: 0 in every photo, and silent when they are maximised. */
  readonly dead: number;
  /** Below only with photos. Share of numbers that are 0, 0..1, mean over photos. */
  readonly zeroShare?: number;
  /** Channels that carry the activity, as a share of all, 0..1. */
  readonly effectiveShare?: number;
  /** Whether photos' activations are laid out: `FOLDER/cells.js` tells how. */
  readonly hasCells?: true;
  /** Share of photos whose class the nearest class mean finds from this layer, 0..1; only with folders of classes. */
  readonly classShare?: number;
}

/** The units of a layer: `FOLDER/units.js`, which calls `limpidAtlas.units(FOLDER, ...)`. */
export interface AtlasUnits {
  /** Sheets of the photos' patches, files of the layer's folder; empty without photos. */
  readonly patchSheets: readonly string[];
  /** Names of the photos that the units' tops tell, by number; left out without photos. */
  readonly photos?: readonly string[];
  readonly units: readonly AtlasUnit[];
  /** Left out without photos. */
  readonly map?: AtlasMap;
  /** Left out where there are none but the icons. */
  readonly others?: AtlasOthers;
  /** What the layer sees in the index's photo, exaggerated. */
  readonly caricature?: AtlasCaricature;
}

/** What a column of other pictures shows of a unit. */
export type OtherColumn = "excites" | "opposite" | "diverse";

/**
 * Pictures of units beside their icons: the one that excites each most where it is larger than an icon, its opposite, and several
 * that excite it and differ. Each unit has a row of sheets of `cells`; unit `u`'s cell of column `c` is number
 * `u * columns + c`.
 */
export interface AtlasOthers {
  readonly columns: readonly OtherColumn[];
  readonly cells: SheetGrid;
  readonly sheets: readonly string[];
}

/** A layer's caricature of a photo. */
export interface AtlasCaricature {
  readonly file: string;
  /** Cosine of the layer's activations with those on the photo, -1..1, and the largest that pictures of noise have. */
  readonly cosine: number;
  readonly noise: number;
  /** Length of the layer's activations as a multiple of that on the photo. */
  readonly strength: number;
}

/** Where the layer's units lie on its map, by number, both axes 0..1; null for units that are 0 in every photo. */
export type AtlasMap =
  | { readonly places: readonly (readonly [x: number, y: number] | null)[] }
  /** What there is too little of for a map. */
  | {
      readonly lacks: {
        readonly of: "photos" | "units";
        readonly has: number;
        readonly needs: number;
      };
    };

/** The activation atlas of a layer: `FOLDER/cells.js`, which calls `limpidAtlas.cells(FOLDER, ...)`. */
export interface AtlasCells {
  /** Columns, and rows. */
  readonly side: number;
  /** Places that were laid out, photos that they are of, and places of each photo. */
  readonly places: number;
  readonly photoCount: number;
  readonly each: number;
  /** A cell needs so many of them, and all together so many. */
  readonly leastMembers: number;
  readonly leastPlaces: number;
  /** Pictures of the cells as `icons` of the index are laid, and the photos' patches, as its `patches` are; files of the layer's folder. */
  readonly sheets: readonly string[];
  readonly patchSheets: readonly string[];
  /** Names of the photos that the cells' patches tell, by number. */
  readonly photos: readonly string[];
  /** Names of the photos' folders, where these are classes. */
  readonly folders?: readonly string[];
  /** Places of a cell by which its classes are told, the likest to the average, at most; left out where no classes are told. */
  readonly placesOfCell?: number;
  /** Row by row; none where there are too few places. */
  readonly cells: readonly AtlasCell[];
}

export interface AtlasCell {
  readonly column: number;
  readonly row: number;
  /** Places that it is the average of. */
  readonly count: number;
  /** Photos of its patches, by number. */
  readonly tops: readonly number[];
  /** Its picture excites it hardly more than the noise that it was made from, or less: it shows next to nothing. */
  readonly isUnmoved?: true;
  /** Folders of its places' photos, the most frequent first: number and places. */
  readonly folders?: readonly (readonly [folder: number, places: number])[];
  /**
   * Classes that it speaks for, the most first: number, what the layer's numbers at a place add to the class's logit (gradient
   * times activation), the mean over places and its standard error. Only those further from 0 than 3 standard errors.
   */
  readonly classes?: readonly (readonly [number: number, mean: number, error: number])[];
}

/** What units are called by: `atlas-search.js`, which calls `limpidAtlas.labels(...)`. */
export interface AtlasLabels {
  /** Classes, and folders of photos. */
  readonly names: readonly string[];
  /** Of each layer of the index. */
  readonly layers: readonly (readonly UnitLabel[])[];
}

/** A unit and the number of a name: it is that class, speaks for it most, or so many of so many of its photos are of that folder. */
export type UnitLabel =
  | readonly [unit: number, name: number, how: "is" | "speaks"]
  | readonly [unit: number, name: number, how: "photos", count: number, of: number];

export interface AtlasUnit {
  /**
   * "silent": what was made does not excite it, though photos may; "unseen": what was made does, but it is 0 in every photo;
   * "dead": neither. Without photos "live" or "silent".
   */
  readonly state: "live" | "silent" | "unseen" | "dead";
  /** Activation on the picture that the making started from, and on what was made. */
  readonly start: number;
  readonly activation: number;
  /** Activation on mere noise, where that is more than on its picture. */
  readonly below?: number;
  /** Below only with photos. Share of its numbers that are 0, 0..1. */
  readonly zeroShare?: number;
  /** How many photos' mean activations lie in each of equal parts from the least to the most. */
  readonly histogram?: {
    readonly least: number;
    readonly most: number;
    readonly counts: readonly number[];
  };
  /** The photos that excite it most, the strongest first: number among `photos`, activation, and the place in the layer. */
  readonly tops?: readonly {
    readonly photo: number;
    readonly value: number;
    readonly y: number;
    readonly x: number;
  }[];
  /** Units of the layer that answer to the photos alike: number and cosine of their mean activations, -1..1. */
  readonly near?: readonly (readonly [unit: number, cosine: number])[];
  /**
   * Classes that it speaks for, the most first, then, below 0, against: number, and what it adds to the class's logit (gradient
   * times activation, summed over places), the mean over photos and its standard error. Only those further from 0 than
   * 3 standard errors; left out where the logits do not come from its layer.
   */
  readonly classes?: readonly (readonly [number: number, mean: number, error: number])[];
  /**
   * Activation on the picture that the minimising started from, and on what was made; `isBeforeRectifier`: of what the rectifier
   * reads that makes the unit's own activation. `isSilent`: nothing that was tried makes it smaller.
   */
  readonly opposite?: {
    readonly start: number;
    readonly activation: number;
    readonly isSilent: boolean;
    readonly isBeforeRectifier: boolean;
  };
  /** Activation on each of the pictures that differ, and how alike they are: the mean cosine of their Gram matrices, at most 1. */
  readonly diverse?: { readonly activations: readonly number[]; readonly alike: number };
  /** The channels that it reads by the largest kernels, and those that read it: folder of the layer where it is in the atlas, else its name. */
  readonly before: readonly AtlasLink[];
  readonly after: readonly AtlasLink[];
}

export interface AtlasLink {
  readonly layer: string;
  readonly unit: number;
  /** Euclidean norm of the kernel between the two. */
  readonly size: number;
}
