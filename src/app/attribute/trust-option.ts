/** @file Whether maps are judged: what faces offer. */
import type { OptionTable } from "../../wording/option.ts";

/** THE option. */
export const trustOptions = {
  trust: {
    kind: "flag",
    description:
      "tell how far to believe each map: what the score does when places are hidden in its order, and whether drawn weights change it (some 150 runs of the network and one more map)",
    default: false,
  },
} as const satisfies OptionTable;
