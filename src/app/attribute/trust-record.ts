/** @file How far to believe a map as a record and as lines. */
import * as v from "valibot";
import { faithfulnessText } from "../../attribution/check/faithfulness-text.ts";
import { wordsOf, type FaceWords } from "../../wording/face.ts";
import { described, index, measure, type Recorded } from "../../wording/record-schema.ts";
import type { MapTrust } from "./findings.ts";

const scores = (meaning: string) => described(v.array(v.nullable(v.number())), meaning);

const fillSchema = v.strictObject({
  fill: described(
    v.picklist(["mean", "blur"]),
    "what hidden places show: each channel's mean, or the input through a wide Gaussian",
  ),
  srg: measure(
    "symmetric relevance gain: insertion less deletion, in the score's unit; 0 on average for orders drawn at random",
  ),
  deletion: measure("area under mostFirst, the mean score on the way"),
  insertion: measure(
    "area under leastFirst, which is also that of showing the map's first places first on a hidden input",
  ),
  middleSrg: measure(
    "the gain of an order from the middle outwards; null of numbers without places",
  ),
  shares: described(v.array(v.number()), "the share of cells that are hidden at each step"),
  mostFirst: scores("the score at each step, the map's first places hidden first"),
  leastFirst: scores("the score at each step, the map's last places hidden first"),
});

export const trustSchema = v.strictObject({
  text: described(
    v.array(v.string()),
    "what the numbers say in sentences, or why the map cannot be judged",
  ),
  cells: described(
    v.array(v.number()),
    "cells along each side of the input, which are hidden as one; empty where it cannot be judged",
  ),
  fills: described(
    v.array(fillSchema),
    "hiding in the map's order, one a filling; empty where it cannot be judged",
  ),
  tiedShare: measure("share of cells that are as large as another one, whose order is drawn"),
  drawn: described(
    v.nullable(
      v.strictObject({
        layers: index("layers whose weights were drawn anew"),
        likeness: measure("rank correlation of both maps, -1 to 1"),
        entropyGain: measure("(H' - H) / H of the entropies of both maps' histograms (eMPRT)"),
      }),
    ),
    "the map beside that of the same network with all weights drawn anew; null where there is none",
  ),
  completenessGap: measure(
    "what the sum of the map is off by, as a share; null of methods that promise no sum",
  ),
});

type TrustRecord = Recorded<typeof trustSchema>;

/** The record of a map that was judged. */
export function trustRecord(trust: MapTrust, words: FaceWords): TrustRecord {
  const text = trustSentences(trust, words);
  if ("refused" in trust) {
    return { text, cells: [], fills: [], tiedShare: null, drawn: null, completenessGap: null };
  }
  const { along, fills, tiedShare, drawn, completenessGap } = trust;
  return {
    text,
    cells: along,
    fills: fills.map(({ fill, srg, deletion, insertion, middleSrg, ...curves }) => {
      const { shares, mostFirst, leastFirst } = curves;
      return { fill, srg, deletion, insertion, middleSrg, shares, mostFirst, leastFirst };
    }),
    tiedShare,
    drawn: "reason" in drawn ? null : drawn,
    completenessGap: completenessGap ?? null,
  };
}

/** What was found of a map, or why nothing was, in sentences. */
export function trustSentences(trust: MapTrust, words: FaceWords): readonly string[] {
  const said = "refused" in trust ? [trust.refused] : faithfulnessText(trust);
  return said.map((sentence) => wordsOf(sentence, words).replace(/^trust: /, ""));
}
