/** @file The record of a study: what was seen, how it was made, and the numbers that every sentence rests on. */

/** THE list of parts, in the order of the report. */
export const partNames = ["mnist", "cats", "vgg", "saliency"] as const;

export type PartName = (typeof partNames)[number];

/** A number that a claim rests on. */
export interface Measure {
  readonly name: string;
  /** In `unit`; null where there is none, as the maximum of a blank map. */
  readonly value: number | null;
  readonly unit?: string;
  /** The number as the claim writes it. */
  readonly shown: string;
}

/** A sentence with the numbers that it rests on, the most telling first. */
export interface Claim {
  readonly text: string;
  readonly measures: readonly [Measure, ...Measure[]];
}

/** A picture of a figure. Paths are relative to the report's folder. */
export interface FigureCell {
  readonly file: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** What stands for the picture. */
  readonly alt: string;
  readonly title?: string;
  readonly notes?: readonly string[];
  /** How pixels are enlarged: small pictures show their pixels. */
  readonly enlarge: "smooth" | "squares";
}

/** A chart of a figure, as an SVG file. */
export interface FigureChart {
  readonly file: string;
  readonly alt: string;
}

export interface Figure {
  /** Unique in the study; names its files. */
  readonly id: string;
  readonly title: string;
  readonly cells: readonly FigureCell[];
  /** Cells side by side where the page is wide enough. */
  readonly columns: number;
  readonly charts: readonly FigureChart[];
  /** The numbers behind the pictures, as .npy files. */
  readonly floats: readonly string[];
  /** What one sees. */
  readonly sees: string;
  /** How it was made, in one sentence. */
  readonly recipe: string;
  /** Null where nothing is random. */
  readonly seed: number | null;
  readonly seconds: number;
  readonly warnings: readonly string[];
}

export interface StudyTable {
  readonly title: string;
  readonly head: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly string[])[];
}

/** A piece of a part that is made whole or not at all. */
export interface Section {
  readonly name: string;
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly figures: readonly Figure[];
  readonly tables: readonly StudyTable[];
  readonly claims: readonly Claim[];
  /** Numbers behind charts and claims, one a unit or place, by name; null where there is none. */
  readonly series: Readonly<Record<string, readonly (number | null)[]>>;
  readonly seconds: number;
}

/** A network, data set or picture that a part worked on. */
export interface Source {
  readonly kind: "network" | "data" | "picture";
  /** "VGG16, 138 million parameters". */
  readonly what: string;
  /** Where it came from: "shipped with Limpid", "downloaded", a file's name. */
  readonly origin: string;
  readonly sha256?: string;
  /** What was meant to be here, and why it is not. */
  readonly standsFor?: { readonly what: string; readonly why: string };
}

export interface Part {
  readonly name: PartName;
  readonly title: string;
  /** What the part asks. */
  readonly lead: string;
  readonly sources: readonly Source[];
  readonly sections: readonly Section[];
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
}

export interface StudyRecord {
  readonly study: "limpid study";
  readonly title: string;
  readonly seed: number;
  readonly quick: boolean;
  readonly parts: readonly Part[];
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
}

/** Sum of the seconds of some sections. */
export function secondsOf(sections: readonly Pick<Section, "seconds">[]): number {
  return sections.reduce((total, { seconds }) => total + seconds, 0);
}

/** The record as text that ends in a line break. */
export function formatRecord(record: StudyRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}
