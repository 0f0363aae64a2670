/** @file How a network's pictures are prepared, as the file or one beside it says in the words of other tools. */
import type { Graph } from "../../graph/graph.ts";
import type { Preprocessing } from "../../image/preprocess.ts";
import { transformersPreprocessing } from "./transformers-config.ts";
import { timmPreprocessing } from "./timm-config.ts";
import { statisticsPreprocessing } from "./mean-and-std.ts";
import { ultralyticsPreprocessing } from "./ultralytics.ts";
import { windowsPreprocessing } from "./windows-metadata.ts";

/** A preprocessing that was told, by whom, and what of it is not as told. */
export interface ToldPreprocessing {
  readonly how: Preprocessing;
  /** What says it, as a sentence begins. */
  readonly from: string;
  /**
   * What the words are about: the input of this very file, or the network as its authors trained it, of whose
   * arithmetic the file may do a part itself.
   */
  readonly about: "input" | "network";
  /** What was assumed, or is done otherwise than told. */
  readonly doubts: readonly string[];
}

/** What a reader finds: a preprocessing, nothing that it knows, or words that it knows with values that make no sense. */
export type Told = ToldPreprocessing | { readonly refused: string } | undefined;

/** THE readers, the most trusted first. */
const readers: readonly ((graph: Graph) => Told)[] = [
  windowsPreprocessing,
  statisticsPreprocessing,
  transformersPreprocessing,
  timmPreprocessing,
  ultralyticsPreprocessing,
];

/** What other tools' words say, and which of them make no sense. */
export interface FoundPreprocessing {
  readonly told: ToldPreprocessing | undefined;
  readonly refused: readonly string[];
}

/** The first preprocessing that anything says, in words other than Limpid's own. */
export function toldPreprocessing(graph: Graph): FoundPreprocessing {
  const refused: string[] = [];
  for (const reader of readers) {
    const told = reader(graph);
    if (told && "how" in told) return { told, refused };
    if (told) refused.push(told.refused);
  }
  return { told: undefined, refused };
}
