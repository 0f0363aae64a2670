/** @file How far to believe a map in sentences: what each number says of this map, and what it does not say. */
import type { Message } from "../../wording/face.ts";
import { say } from "../../wording/face.ts";
import { formatNumber, formatShare } from "../../wording/numbers.ts";
import type { Faithfulness, Fill, FilledCurves } from "./faithfulness.ts";

/** What each number means and does not mean, a sentence each. */
export const faithfulnessMeanings = {
  srg: "SRG is how much more of the score is left, on average over the steps, when the map's last places are hidden first than when its first ones are: an order drawn at random has 0 on average.",
  fills:
    "Hidden places look like nothing the network was trained on, so part of each drop may come of the filling: believe what both fillings show.",
  cause:
    "A high number says that the order fits this network and this input; it proves no cause, and not that the network is right.",
  drawn:
    "With all weights drawn anew the network knows nothing: a map that stays alike then shows the input, not what was learned; one that changes may still be wrong.",
  completeness:
    "A small gap says that the sum is kept, not that it is shared out to the right places.",
} as const;

const fillNames: Readonly<Record<Fill, string>> = {
  mean: "each channel's mean",
  blur: "a blur",
};

/** The largest share of cells in a drawn order that is not worth a sentence. */
const fewTies = 0.1;
/** The rank correlation from which on maps are much alike. */
const alike = 0.5;

/** Sentences about a map, the gain first. */
export function faithfulnessText(found: Faithfulness): readonly (string | Message)[] {
  const { fills, scoreName, areSlopes } = found;
  const ties = tiesToTell(found.tiedShare);
  return [
    ...fills.map((fill) => gainText(fill, scoreName)),
    ...(gainVerdict(fills) === "split"
      ? ["the two fillings disagree about the order, so hiding does not tell how far to believe it"]
      : []),
    ...(isBelowMiddle(fills)
      ? [
          "an order from the middle outwards, which knows nothing of the input, gains more than the map's",
        ]
      : []),
    ...(areSlopes ? ["places are ranked by the size of the slope, whatever its sign"] : []),
    ...(ties !== undefined
      ? [
          `${formatShare(ties)} of the cells have a number that another has too: their order is drawn`,
        ]
      : []),
    drawnText(found.drawn),
    ...(found.completenessGap === undefined
      ? []
      : [`completeness: the sum of the map is off by ${formatShare(found.completenessGap)}`]),
  ];
}

/** Whether hiding the map's first places first costs more than hiding them last, less, or either by the filling. */
export function gainVerdict(
  fills: readonly Pick<FilledCurves, "srg">[],
): "more" | "less" | "split" {
  const isMore = fills.some(({ srg }) => srg > 0);
  const isLess = fills.some(({ srg }) => srg < 0);
  if (isMore && isLess) return "split";
  return isLess ? "less" : "more";
}

/** Whether an order from the middle outwards gains more than the map's with every filling. */
export function isBelowMiddle(fills: readonly Pick<FilledCurves, "srg" | "middleSrg">[]): boolean {
  return fills.every(({ srg, middleSrg }) => middleSrg !== null && srg < middleSrg);
}

/** The share of cells in a drawn order, where that is worth a sentence. */
export function tiesToTell(tiedShare: number): number | undefined {
  return tiedShare > fewTies ? tiedShare : undefined;
}

/** "hiding what the map calls important first lowers the logit by 2.1 more than hiding it last ..." */
function gainText({ fill, srg, middleSrg }: FilledCurves, scoreName: string): string {
  const than = srg < 0 ? "less" : "more";
  const middle =
    middleSrg === null
      ? ""
      : `; an order from the middle outwards: ${formatNumber(middleSrg)}, a drawn one: 0 on average`;
  return `hiding what the map calls important first lowers the ${scoreName} by ${formatNumber(Math.abs(srg))} ${than} than hiding it last (SRG ${formatNumber(srg)}, hidden places show ${fillNames[fill]}${middle})`;
}

function drawnText(drawn: Faithfulness["drawn"]): string | Message {
  if ("reason" in drawn) return say`not compared with drawn weights: ${drawn.reason}`;
  const { likeness, entropyGain, layers } = drawn;
  const drawing = `with all weights drawn anew (${layers} ${layers === 1 ? "layer" : "layers"}, one drawing)`;
  const verdict = `${drawing} the map ${verdicts[likenessVerdict(likeness)]}`;
  if (likeness === null) return verdict;
  const entropy = entropyGain === null ? "" : `, eMPRT ${formatNumber(entropyGain)}`;
  return `${verdict} (rank correlation ${formatNumber(likeness)}${entropy})`;
}

/** What a rank correlation with the map of drawn weights says; "same" where that is the same everywhere. */
export function likenessVerdict(likeness: number | null): "alike" | "reversed" | "other" | "same" {
  if (likeness === null) return "same";
  if (likeness > alike) return "alike";
  return likeness < -alike ? "reversed" : "other";
}

const verdicts = {
  alike: "ranks places much alike, so what it shows may be the input's own and not learned",
  reversed: "ranks places nearly the other way round",
  other: "ranks places otherwise, as it should",
  same: "is the same everywhere, so that nothing can be compared",
} as const;
