/** @file What page and worker say to each other of results as files. */
import type { ClassAnswer, ExplainRequest, Pixels, ShownMap, ShownUnit } from "./protocol.ts";

/** Results as files; a map and a layer are of the picture in hand. */
export type DownloadRequest =
  | {
      readonly kind: "map";
      readonly format: "png" | "svg" | "npy" | "json";
      readonly map: ExplainRequest;
    }
  | { readonly kind: "channels"; readonly format: "png" | "npy"; readonly layer: string }
  /** The part of the photo that is painted, as the command reads it. */
  | { readonly kind: "mask"; readonly region: string }
  | { readonly kind: "unit"; readonly unit: ShownUnit }
  | { readonly kind: "report"; readonly report: ReportRequest };

/** What the page adds to a report. */
export interface ReportRequest {
  readonly map: ExplainRequest;
  readonly answers: readonly ClassAnswer[];
  readonly pinned: readonly ReportedMap[];
  readonly units: readonly ShownUnit[];
  /** What was assumed, a sentence each. */
  readonly notes: readonly string[];
  /** What makes the same elsewhere: a heading and its text. */
  readonly recipes: readonly (readonly [heading: string, text: string])[];
  /** Of the page's language. */
  readonly language: string;
  readonly texts: ReportTexts;
}

/** A map that is kept beside others, with its picture. */
export interface ReportedMap {
  readonly title: string;
  readonly seen: Pixels;
  readonly map: ShownMap;
}

/** Headings of a report. */
export type ReportTexts = Readonly<
  Record<
    | "madeBy"
    | "answer"
    | "class"
    | "probability"
    | "score"
    | "compared"
    | "units"
    | "unit"
    | "activation"
    | "silent"
    | "notes"
    | "recipe"
    | "fingerprint",
    string
  >
>;

export interface DownloadedFile {
  readonly name: string;
  /** Such as image/png. */
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}
