/** @file The options of what is asked about an input, beside the target: what faces offer, and as settings. */
import type { OptionTable } from "../../wording/option.ts";
import type { GivenTexts } from "../../wording/read-option.ts";
import type { BoxSearch } from "../../scores/target.ts";
import { boxOptions, readBoxSearch } from "./boxes.ts";
import { referenceOptions, type AskedReference } from "./reference.ts";
import { regionOptions, type AskedRegion } from "./region.ts";
import { shownOptions, type AskedShown } from "./shown-options.ts";
import { trustOptions } from "./trust-option.ts";

/** THE table of options that are no method's. */
export const questionOptions = {
  ...regionOptions,
  ...referenceOptions,
  ...boxOptions,
  ...shownOptions,
  ...trustOptions,
} as const satisfies OptionTable;

/** What is asked beside the target. */
export interface QuestionSettings {
  /** The part of the picture that is meant; without it where the network finds what is meant. */
  readonly region?: AskedRegion;
  /** What the score is compared with. */
  readonly reference?: AskedReference;
  /** How boxes of a detector are found. */
  readonly boxes?: BoxSearch;
  /** How inputs that are no photos are shown. */
  readonly shown?: AskedShown;
  /** Whether each map is judged: how far to believe it. */
  readonly trust?: boolean;
}

/** The settings of texts. */
export function questionSettings(given: GivenTexts): QuestionSettings {
  return {
    region: textsOf(regionOptions, given),
    ...textsOf(referenceOptions, given),
    boxes: readBoxSearch(given),
    shown: textsOf(shownOptions, given),
    trust: given["trust"] === true,
  };
}

function textsOf<Table extends OptionTable>(
  table: Table,
  given: GivenTexts,
): { readonly [Name in keyof Table]?: string } {
  const entries = Object.keys(table).map((name) => [name, given[name]] as const);
  return Object.fromEntries(entries.filter(([, text]) => typeof text === "string")) as {
    readonly [Name in keyof Table]?: string;
  };
}
