/** @file THE numbers that a maximisation is asked for: what each may be, whoever asks. */
import { mostSidePx } from "../../optvis/parameterizations.ts";
import type { OptionTable } from "../../wording/option.ts";

/** The numbers, by what requests call them. */
export const numberOptions = {
  sizePx: {
    kind: "number",
    range: { from: 1, to: mostSidePx, whole: true },
    default: { depends: "what the network takes" },
    description: "side of the pictures in pixels",
  },
  steps: {
    kind: "number",
    range: { from: 1, whole: true },
    default: { depends: "the preset's" },
    description: "steps instead of the preset's",
  },
  seed: {
    kind: "number",
    range: { from: 0, whole: true },
    default: 0,
    description: "where randomness starts",
  },
  diversity: {
    kind: "number",
    range: { from: 2, to: 16, whole: true },
    default: { depends: "one picture a unit" },
    description: "pictures a unit that differ from each other",
  },
} as const satisfies OptionTable;
