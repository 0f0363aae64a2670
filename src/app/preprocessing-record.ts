/** @file How pictures were prepared, as JSON. */
import * as v from "valibot";
import type { Preprocessing } from "../image/preprocess.ts";
import type { Comparison } from "../network/compare-preprocessings.ts";
import { described, measure, type Recorded } from "../wording/record-schema.ts";
import type { ChosenPreparation } from "./preparation.ts";

/** What can come of trying the usual preparations on a picture. */
export const verdicts = [
  "fits",
  "usual fits",
  "several fit",
  "none fits",
  "nothing tells",
] as const satisfies readonly Comparison["verdict"][];

const channels = described(v.picklist(["rgb", "bgr", "grey"]), "order of the input's channels");

const candidate = v.strictObject({
  name: v.string(),
  channels,
  target: described(v.nullable(v.number()), "the top class; null where outputs are no classes"),
  probability: measure("of the top class"),
  brightness: measure(
    "how much brighter the pictures of the training were, as a share of black to white; null where nothing tells",
  ),
  contrast: measure("natural logarithm of how much more contrast they had"),
  penalty: measure(
    "of both: half the square of how many usual deviations a picture is off; 0 fits best",
  ),
});

/** How pictures were prepared, for records of jobs. */
export const preprocessingSchema = v.strictObject({
  name: described(
    v.string(),
    "torchvision, caffe, tf, unit, none, letterbox, yolox, or who says it",
  ),
  chosenBy: described(
    v.picklist(["request", "metadata", "beside", "graph", "boxes", "pictures", "default"]),
    "the user; the model's metadata; a file beside it; what the network does to its input itself; the layout of its boxes, as most such networks take pictures; the statistics of its first batch normalisation over the first picture; nobody",
  ),
  channels,
  scale: described(v.number(), "factor on 0..255 values"),
  mean: described(v.array(v.number()), "taken off then, one number or one a channel"),
  std: described(v.array(v.number()), "what is divided by then"),
  verdict: v.optional(
    described(
      v.picklist(verdicts),
      "what came of trying the usual preparations on the first picture, where nothing said which is right",
    ),
  ),
  candidates: v.optional(described(v.array(candidate), "those that were tried")),
});

type PreprocessingRecord = Recorded<typeof preprocessingSchema>;

/** The preparation as JSON. */
export function preprocessingRecord({
  how,
  chosenBy,
  comparison,
}: ChosenPreparation): PreprocessingRecord {
  const { name, channels: order, scale, mean, std } = how;
  return {
    name,
    chosenBy,
    channels: order,
    scale,
    mean,
    std,
    ...(comparison
      ? { verdict: comparison.verdict, candidates: comparison.candidates.map(candidateRecord) }
      : {}),
  };
}

function candidateRecord({
  how,
  target,
  probability,
  misfit,
}: NonNullable<ChosenPreparation["comparison"]>["candidates"][number]) {
  const { name, channels: order }: Preprocessing = how;
  return {
    name,
    channels: order,
    target: target ?? null,
    probability: probability ?? null,
    brightness: misfit?.brightness ?? null,
    contrast: misfit?.contrast ?? null,
    penalty: misfit?.penalty ?? null,
  };
}
