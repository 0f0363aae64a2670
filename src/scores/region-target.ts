/** @file A class over part of the picture, of networks with numbers at every place (segmentation, anomaly maps). */
import { LimpidError, type StopSignal } from "../errors.ts";
import { cut } from "../graph/edit.ts";
import { formatShape, toFloat32, type Tensor } from "../graph/tensor.ts";
import { runDims } from "../network/batches.ts";
import { boxShare, coveredCells, maskShare, type CoveredShare } from "../image/mask.ts";
import type { Model } from "../network/model.ts";
import { mapLayout, planesOf, type MapLayout } from "../network/map-layout.ts";
import { repeatRow, rowData } from "../network/run-rows.ts";

import { largest } from "../statistics.ts";
import { headOfOutput, type ExplainedModel } from "./explained-model.ts";
import type { Region, RegionTarget } from "./target.ts";
import type { TargetMarks } from "./target-marks.ts";
import { weightedModel } from "./weighted-model.ts";

/**
 * The mean logit of a class over a region of a picture [1, C, H, W] (Seg-Grad-CAM's target, Vinogradova et al. 2020,
 * arXiv 2002.11434, divided by the number of places so that regions compare). The places are found once and stay where
 * they are, whatever a method does to the picture. Throws `bad-option` for an output without places, a class that there
 * is not, and a region without a place.
 */
export async function regionModel(
  opened: Model,
  target: RegionTarget,
  picture: Tensor,
  signal?: StopSignal,
): Promise<ExplainedModel> {
  const model = await headOfOutput(opened, target.output, picture.dims);
  const { logits, output } = model.head;
  const dims = runDims(model, picture.dims);
  const traced = await model.whole(dims);
  const layout = traced.shapes.has(logits) ? mapLayout(traced, logits) : undefined;
  if (!layout) {
    const shape = traced.shapes.get(logits)?.dims ?? [];
    throw new LimpidError(
      "bad-option",
      `target: output "${output}" must have numbers at every place of the picture, got shape ${formatShape(shape)}. name a class or a unit instead.`,
    );
  }
  const fed = repeatRow(toFloat32(picture), dims[0]!, dims.slice(1));
  const graph = cut(traced, { outputs: [logits] });
  const results = await model.runtime.run(
    graph,
    { [model.input.name]: fed },
    signal ? { signal } : {},
  );
  const planes = planesOf(rowData(results[logits]!, 0), layout);
  const found = foundAt(planes, layout);
  const chosen = target.class === "top" ? largestArea(found, layout) : target.class;
  requireChannel(chosen, layout, output);
  const inside = placesIn(target.region, { layout, found, chosen, picture });
  const weights = weightsAt(chosen, inside, layout);
  const explained = weightedModel(model, { value: logits, weights, scoreName: model.scoreName });
  return {
    model: explained,
    targets: [0],
    isOfHead: false,
    output,
    marks: marksOf(inside, layout),
    notes: [],
  };
}

/** Which of the places each class is found at: the largest number, or one above 0 of a single channel. */
function foundAt(planes: Float32Array, { channels, height, width }: MapLayout): Int32Array {
  const places = height * width;
  return Int32Array.from({ length: places }, (_, p) => {
    if (channels === 1) return planes[p]! > 0 ? 0 : -1;
    let best = 0;
    for (let c = 1; c < channels; c++) {
      if (planes[c * places + p]! > planes[best * places + p]!) best = c;
    }
    return best;
  });
}

function largestArea(found: Int32Array, { channels }: MapLayout): number {
  const areas = new Int32Array(channels);
  for (const channel of found) if (channel >= 0) areas[channel]! += 1;
  return areas.indexOf(largest(areas));
}

function requireChannel(chosen: number, { channels }: MapLayout, output: string): void {
  if (Number.isInteger(chosen) && chosen >= 0 && chosen < channels) return;
  throw new LimpidError(
    "bad-option",
    `target: the class of "${output}" must be a whole number from 0 to ${channels - 1}, got ${chosen}. choose one of these.`,
  );
}

interface Asked {
  readonly layout: MapLayout;
  readonly found: Int32Array;
  readonly chosen: number;
  readonly picture: Tensor;
}

/** The places of the map that a region covers by half, 1 each, [height * width]; else those that it covers most. */
function placesIn(region: Region, { layout, found, chosen, picture }: Asked): Uint8Array {
  const { height, width } = layout;
  const [, , heightPx, widthPx] = picture.dims as readonly [number, number, number, number];
  const inside =
    region.kind === "found"
      ? Uint8Array.from(found, (each) => (each === chosen ? 1 : 0))
      : coveredCells(shareOf(region), { left: 0, top: 0, widthPx, heightPx }, width, height);
  if (inside.includes(1)) return inside;
  const what = region.kind === "found" ? `places where class ${chosen} is found` : "the region";
  throw new LimpidError(
    "bad-option",
    `target: ${what} must hold a place of the ${height} x ${width} that the network tells apart, got none. choose another class or region.`,
  );
}

function shareOf(region: Exclude<Region, { kind: "found" }>): CoveredShare {
  switch (region.kind) {
    case "box":
      return boxShare(region);
    case "mask":
      return maskShare(region);
    case "pixel":
      return pixelShare(region);
  }
}

/** A pixel covers the one cell that it lies in. */
function pixelShare({ x, y }: { readonly x: number; readonly y: number }): CoveredShare {
  return (left, top, right, bottom) => (x >= left && x < right && y >= top && y < bottom ? 1 : 0);
}

/** Equal weights that sum to 1 at the places of one channel, as the value lies in memory. */
function weightsAt(chosen: number, inside: Uint8Array, layout: MapLayout): Float32Array {
  const { channels, offset, channelStride, placeStride } = layout;
  const weights = new Float32Array(offset + channels * inside.length);
  const count = inside.reduce((sum, one) => sum + one, 0);
  for (const [p, one] of inside.entries()) {
    if (one === 1) weights[offset + chosen * channelStride + p * placeStride] = 1 / count;
  }
  return weights;
}

/** The places as a mask of the map's own size. */
function marksOf(inside: Uint8Array, { height, width }: MapLayout): TargetMarks {
  return { mask: { widthPx: width, heightPx: height, inside } };
}
