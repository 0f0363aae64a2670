/** @file What the page and its worker say to each other: calls by name, with progress, notes and frames on the way. */
import type { OptionTable } from "../src/wording/option.ts";
import type { DownloadedFile, DownloadRequest } from "./download-protocol.ts";
import type { JudgedTold, JudgeRequest } from "./judge-protocol.ts";
import type {
  BesideModel,
  ModelRecipe,
  PathedFile,
  SortedFiles,
  SortRequest,
} from "./files-protocol.ts";
import type { GraphFacts } from "./graph-facts.ts";
import type { PatchesRequest, ShownPatches } from "./patches.ts";

import type { NamedCalls } from "./named-protocol.ts";
import type { LiveCalls } from "./live-protocol.ts";
import type { ProcessorChoice, ProcessorFacts } from "./processor-protocol.ts";
import type { PaintedGrid, ShownBox } from "./shown-region.ts";
import type { StepCalls } from "./steps-protocol.ts";
import type { ShownTrust } from "./trust-protocol.ts";
import type { TrainingCalls, TrainingTold } from "./training-protocol.ts";

/** Pixels, RGBA, row-major. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** A layer in the spine. */
export interface LayerFacts {
  readonly name: string;
  /** ONNX operator that gives it. */
  readonly operator: string;
  readonly channels: number;
  /** Of its maps; 1 x 1 for dense layers. */
  readonly height: number;
  readonly width: number;
  readonly parameters: number;
  /** The operators behind it without a derivative, for which no gradient reaches it; mostly none. */
  readonly withoutGradient: readonly string[];
}

/** A method as the page offers it; texts are the methods' own. */
export interface OfferedMethod {
  readonly name: string;
  readonly title: string;
}

/** The same with all that is said of it. */
export interface MethodFacts extends OfferedMethod {
  readonly description: string;
  readonly takesLayer: boolean;
  /** What can be set of it, but for the layer, which is chosen among the layers. */
  readonly options: OptionTable;
}

/** A network that is open. */
export interface OpenedModel {
  readonly name: string;
  readonly recipe: ModelRecipe;
  /** SHA-256 of the network, hexadecimal. */
  readonly digest: string;
  /** Input as [C, H, W]. */
  readonly input: readonly number[];
  readonly classes: readonly string[] | undefined;
  readonly layers: readonly LayerFacts[];
  /** The layers and what joins their branches, in the order of computation. */
  readonly graph: readonly GraphFacts[];
  readonly methods: readonly OfferedMethod[];
  /** That by which networks of its kind are usually explained; more of all others comes when it is asked for. */
  readonly usualMethod: MethodFacts;
  /** Names of the usual preparations of pictures. */
  readonly usualPreparations: readonly string[];
  /** What was assumed, changed or guessed, a sentence each. */
  readonly notes: readonly string[];
  readonly threads: number;
  /** Whether a part of the picture can be explained: it answers place by place, or in boxes. */
  readonly hasRegions: boolean;
}

/** A class, or a box of a detector, and what the network says of it. */
export interface ClassAnswer {
  readonly class: number;
  readonly label: string;
  /** What explains it, as the command takes it. */
  readonly target: string;
  readonly box?: ShownBox;
  readonly logit: number;
  /** Undefined where there is none. */
  readonly probability: number | undefined;
}

/** A picture as the network sees it, and its answer. */
export interface SeenPicture {
  readonly name: string;
  /** SHA-256 of the file, hexadecimal; undefined for pictures that are no files. */
  readonly digest?: string;
  readonly seen: Pixels;
  /** The preparation that was taken where the network says none, as the command would have to be told. */
  readonly preprocess?: string;
  /** Whether that is neither the network's word nor the visitor's. */
  readonly isPreparationAssumed: boolean;
  /** The most probable classes, best first; empty for networks without classes. */
  readonly answers: readonly ClassAnswer[];
  /** What the output is, in words, where it holds no classes. */
  readonly value: string | undefined;
  /** How many classes, boxes or numbers these are, and how many there are in all. */
  readonly listed: readonly [shown: number, all: number];
  readonly notes: readonly string[];
  /** What came of trying the usual preparations; undefined where the network says how its pictures are prepared. */
  readonly compared: string | undefined;
}

/** A scale of colours with its ends in true units. */
export interface ShownScale {
  readonly min: number;
  readonly max: number;
  /** Smallest and largest number, where some lie beyond the ends and have the ends' colours. */
  readonly beyond?: readonly [number, number];
  readonly unit: string;
  /** Colours from `min` to `max`, CSS. */
  readonly colours: readonly string[];
}

/** A map over the picture. */
export interface ShownMap {
  readonly asked: ExplainRequest;
  /** How the same map is asked for by itself. */
  readonly made: Pick<ExplainRequest, "method" | "target" | "layer"> & {
    readonly settings?: MadeSettings;
  };
  readonly heat: Pixels;
  /** Of the part of the picture over which a class is explained, where that is meant. */
  readonly outline: Pixels | undefined;
  readonly scale: ShownScale;
  /** What it explains: a class's name, or the target in words. */
  readonly heading: string;
  /** The class, or the number, that it is of; undefined for all else, and for another output than is listed. */
  readonly class: number | undefined;
  /** The part of the photo that is meant, in its pixels, as the command takes it. */
  readonly box: string | undefined;
  readonly score: string;
  readonly layer: string | undefined;
  /** Its own places: rows, columns, and their numbers. */
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array<ArrayBuffer>;
  /** The sentence that stands for the picture. */
  readonly text: string;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  /** The network's gradient against its own differences, where that was asked. */
  readonly checked: string | undefined;
}

/** All channels of a layer for the picture, as one sprite. */
export interface ShownChannels {
  readonly layer: string;
  /** Tiles row by row, `columns` to a row. */
  readonly sprite: Pixels;
  readonly columns: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly scale: ShownScale;
  /** One a channel. */
  readonly channels: readonly ChannelFacts[];
  /** Share of the layer's numbers that are 0. */
  readonly zeroShare: number;
}

export interface ChannelFacts {
  readonly isDead: boolean;
  /** Share of its places that are not 0. */
  readonly activeShare: number;
  readonly largest: number;
  /** Where the largest number lies, in shares of the picture. */
  readonly x: number;
  readonly y: number;
}

/** A layer's summary for the spine. */
export interface LayerSummary {
  readonly name: string;
  readonly zeroShare: number;
  readonly deadChannels: number;
  readonly thumbnail: Pixels;
}

/** A unit's picture. */
export interface ShownUnit {
  /** How the same picture is asked for. */
  readonly made: UnitRequest;
  readonly layer: string;
  readonly channel: number;
  readonly picture: Pixels;
  readonly start: number;
  readonly activation: number;
  readonly isSilent: boolean;
  readonly notes: readonly string[];
}

/** Places to hide; of a detector the boxes that are looked for again. */
export interface HideRequest extends PaintedGrid {
  readonly boxes?: readonly Required<Pick<ClassAnswer, "class" | "box">>[];
}

/** Of each class or number, or of each box that was looked for; undefined for a box that is not found any more. */
export type HiddenAnswers = readonly (ClassAnswer | undefined)[];

/** What is explained: a text as the command takes it. */
export interface ExplainRequest {
  readonly method: string;
  readonly target: string;
  readonly layer: string | undefined;
  readonly isChecked: boolean;
  /** The part of what the network sees over which it is explained, as `shown-region.ts` writes it. */
  readonly region?: string;
  /** Of the method's options, as the command takes them; those that are not here are as usual. */
  readonly settings?: MethodSettings;
}

export type MethodSettings = Readonly<Record<string, string>>;

/** The same, read: what the library takes. */
export type MadeSettings = Readonly<Record<string, string | number | boolean | readonly number[]>>;

export interface UnitRequest {
  readonly layer: string;
  readonly channel: number;
  /** Of the picture, in pixels; undefined is the network's own size, also of layers that know no other. */
  readonly side: number | undefined;
  readonly steps: number;
  readonly seed: number;
}

/** What the page hands over. */
export type ModelInHand = BesideModel &
  (
    | { readonly kind: "files"; readonly files: readonly PathedFile[] }
    | { readonly kind: "shipped"; readonly name: string }
  );

export type PictureInHand =
  | { readonly kind: "file"; readonly file: File }
  | { readonly kind: "pixels"; readonly name: string; readonly pixels: Pixels }
  | { readonly kind: "drawn"; readonly number: number };

/** Maps that are compared, painted anew in one scale. */
export interface PaintRequest {
  readonly maps: readonly Pick<ShownMap, "height" | "width" | "values">[];
  readonly unit: string;
  readonly side: number;
}

export interface PaintedMaps {
  readonly heats: readonly Pixels[];
  readonly scale: ShownScale;
}

/** A kernel between two channels, red where it is positive. */
export interface ShownWeights {
  readonly layer: string;
  readonly channel: number;
  readonly size: number;
  readonly kernel: Pixels;
}

export interface ShownDetails {
  /** How many of the channel's numbers lie in each of equal parts from the least to the most. */
  readonly histogram: {
    readonly least: number;
    readonly most: number;
    readonly counts: readonly number[];
  };
  /** What it reads, and what reads it, the largest weights first. */
  readonly before: readonly ShownWeights[];
  readonly after: readonly ShownWeights[];
}

/** THE table of calls: what each is given and what it gives. */
export interface Calls extends StepCalls, TrainingCalls, LiveCalls, NamedCalls {
  sort: { readonly asked: SortRequest; readonly answer: SortedFiles };
  open: { readonly asked: ModelInHand; readonly answer: OpenedModel };
  look: { readonly asked: PictureInHand; readonly answer: SeenPicture };
  explain: { readonly asked: ExplainRequest; readonly answer: ShownMap };
  trust: { readonly asked: ExplainRequest; readonly answer: ShownTrust };
  channels: { readonly asked: { readonly layer: string }; readonly answer: ShownChannels };
  methods: { readonly asked: null; readonly answer: readonly MethodFacts[] };
  summaries: { readonly asked: null; readonly answer: readonly LayerSummary[] };
  maximize: { readonly asked: UnitRequest; readonly answer: ShownUnit };
  details: {
    readonly asked: { readonly layer: string; readonly channel: number };
    readonly answer: ShownDetails;
  };
  /** How pictures are prepared from now on, of a network that does not say it; undefined leaves it to the next picture. */
  prepare: {
    readonly asked: { readonly preprocess: string | undefined };
    readonly answer: null;
  };
  preparations: { readonly asked: null; readonly answer: string | undefined };
  paint: { readonly asked: PaintRequest; readonly answer: PaintedMaps };
  download: { readonly asked: DownloadRequest; readonly answer: DownloadedFile };
  patches: { readonly asked: PatchesRequest; readonly answer: ShownPatches };
  /** Gives back what a network holds. */
  close: { readonly asked: null; readonly answer: null };
  judge: { readonly asked: JudgeRequest; readonly answer: number };
  processor: {
    readonly asked: { readonly choice: ProcessorChoice };
    readonly answer: ProcessorFacts;
  };
  /** Addresses of all that the worker has loaded, of which the page's own list of what was loaded knows nothing. */
  loaded: { readonly asked: null; readonly answer: readonly string[] };
  /** A picture that is no file, whole. */
  whole: { readonly asked: null; readonly answer: Pixels };
  /** With what is painted hidden. */
  hide: { readonly asked: HideRequest; readonly answer: HiddenAnswers };
}

export type CallName = keyof Calls;

/** Told on the way. */
export type Told =
  | TrainingTold
  | JudgedTold
  | { readonly kind: "progress"; readonly share: number; readonly secondsLeft: number | undefined }
  | {
      readonly kind: "frame";
      readonly picture: Pixels;
      readonly step: number;
      readonly steps: number;
    };

/** Which of the networks that can be open is asked. */
export type Side = "first" | "second";

export type ToWorker =
  | {
      readonly id: number;
      readonly call: CallName;
      readonly asked: unknown;
      readonly side: Side;
    }
  | { readonly id: number; readonly stop: true };

export type FromWorker =
  /** Once, when it can be asked. */
  | { readonly ready: true }
  /** The graphics card is gone, and all that is open with it: the worker can do no more. */
  | { readonly lost: "card" }
  | { readonly id: number; readonly told: Told }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: ToldError };

export interface ToldError {
  readonly code: string;
  readonly message: string;
  /** Files that the network names as its parts, and that were not handed over. */
  readonly missing?: readonly string[];
}
