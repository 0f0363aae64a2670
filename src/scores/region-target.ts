/** @file A class over part of the picture, of networks with numbers at every place (segmentation, anomaly maps). */
import { LimpidError, type StopSignal } from "../errors.ts";
import { elementCount, formatShape, type Tensor } from "../graph/tensor.ts";
import { runDims } from "../network/batches.ts";
import { areValues, type Head } from "../network/head.ts";
import type { Model } from "../network/model.ts";
import { headOfOutput, notesBeside, type ExplainedModel } from "./explained-model.ts";
import { areaOf } from "./found-places.ts";
import { placeLayout, valueOn, type PlaceLayout } from "./map-values.ts";
import { meantPlaces } from "./meant-places.ts";
import { regionMarks } from "./target-marks.ts";
import type { RegionTarget } from "./target.ts";
import { weightedModel } from "./weighted-model.ts";

/**
 * The mean logit of a class over a region of a picture [1, C, H, W] (Seg-Grad-CAM's target, Vinogradova et al. 2020,
 * arXiv 2002.11434, divided by the number of places so that regions compare); of values the mean over the highest 1 % of
 * a channel's places, or over the region. The places are found once and stay where they are, whatever a method does to the
 * picture. Throws `bad-option` for an output without places, a class that there is not, and a region without a place.
 */
export async function regionModel(
  opened: Model,
  target: RegionTarget,
  picture: Tensor,
  signal?: StopSignal,
): Promise<ExplainedModel> {
  const model = await headOfOutput(opened, target.output, picture.dims);
  const { head } = model;
  const traced = await model.whole(runDims(model, picture.dims));
  const layout = placeLayout(traced, model, head.logits);
  // What the activation gives may have its axes in another order.
  const explained = model.explained === model.logits ? head.logits : head.activated;
  const weighed = placeLayout(traced, model, explained);
  if (!layout || !weighed || layout.height * layout.width <= 1) {
    throw withoutPlaces(head, traced.shapes.get(head.logits)?.dims ?? []);
  }
  const values = await valueOn(model, head.logits, picture, signal);
  const meant = meantPlaces(target, head, { values, layout }, picture.dims);
  const size = elementCount(traced.shapes.get(explained)!.dims.slice(1));
  const weights = new Float32Array(size);
  const terms = [
    ...[meant.class, ...(target.plus ?? [])].map((each) => [each, 1] as const),
    ...(target.minus ?? []).map((each) => [each, -1] as const),
  ];
  for (const [each, sign] of terms) addWeights(weights, weighed, meant.inside, each, sign);
  const difference = (target.minus ?? []).length > 0 ? " difference" : "";
  const scoreName = `mean ${valueName(model)}${difference}`;
  return {
    model: weightedModel(
      model,
      { value: explained, weights, scoreName },
      { unitLayer: head.logits },
    ),
    head,
    targets: [0],
    isOfHead: false,
    output: head.output,
    marks: regionMarks(meant, layout, picture.dims),
    notes: [...notesBeside(opened, model), ...meant.notes],
  };
}

function withoutPlaces({ output }: Head, shape: readonly number[]): LimpidError {
  return new LimpidError(
    "bad-option",
    `target: output "${output}" must have numbers at every place of the picture, got shape ${formatShape(shape)}. name a class or a unit instead.`,
  );
}

/** What one of a map's numbers is. */
function valueName({ head, explained, logits }: Model): string {
  if (areValues(head.kind)) return "value";
  if (head.activation === undefined) return "output";
  if (explained === logits) return "logit";
  return head.isLog ? "log-probability" : "probability";
}

/** Adds equal weights that sum to 1 at the places of one channel, as the value lies in memory. */
function addWeights(
  weights: Float32Array,
  { channelStride, placeStride }: PlaceLayout,
  inside: Uint8Array,
  channel: number,
  sign: 1 | -1,
): void {
  const each = sign / areaOf(inside);
  for (const [p, one] of inside.entries()) {
    if (one === 1) weights[channel * channelStride + p * placeStride]! += each;
  }
}
