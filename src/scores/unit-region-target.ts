/** @file A channel, or a direction, of a layer over part of the picture: its mean over the layer's places there. */
import { LimpidError, type StopSignal } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { elementCount, formatShape, type Tensor } from "../graph/tensor.ts";
import { coveredSpans, type Span } from "../image/mask.ts";
import { gridOf } from "../image/placed-plane.ts";
import { runDims } from "../network/batches.ts";
import { isChannelsLast } from "../network/layer-axes.ts";
import { findLayer } from "../network/layers.ts";
import { mapLayout, type MapLayout } from "../network/map-layout.ts";
import type { Model } from "../network/model.ts";
import { placesOfLayer } from "../network/place-centres.ts";
import { say } from "../wording/face.ts";
import { headOfOutput, notesBeside, type ExplainedModel } from "./explained-model.ts";
import { areaOf } from "./found-places.ts";
import { shareOf } from "./meant-places.ts";
import { picksOf } from "./picks.ts";
import { regionMarks } from "./target-marks.ts";
import type { UnitRegionTarget } from "./target.ts";
import { weightedModel } from "./weighted-model.ts";

/**
 * The mean of a channel of a layer, or of a direction of its channels, over the places of a region of a picture
 * [1, C, H, W]. A layer's place has the part of the picture around the middle of its receptive field that reaches half way to
 * its neighbours; places of which at least half lies in the region are meant, else those that lie in it most. They stay
 * where they are, whatever a method does to the picture. Throws `unknown-layer`, `bad-option` for a layer without rows and
 * columns, a channel that there is not, and a region without a place, and `shape-mismatch` for a direction of another
 * length.
 */
export async function unitRegionModel(
  opened: Model,
  { of, region }: UnitRegionTarget,
  picture: Tensor,
  _signal?: StopSignal,
): Promise<ExplainedModel> {
  const model = await headOfOutput(opened, undefined, picture.dims);
  const traced = await model.whole(runDims(model, picture.dims));
  const { name, shape } = findLayer(traced, of.layer);
  const layout = rowsAndColumns(traced, name, shape ?? []);
  const channels = channelWeights(of, traced, name, shape!);
  const { centres, isKnown } = placesOfLayer(traced, layout.grid.name, layout.grid.axes);
  const [, , heightPx, widthPx] = picture.dims as readonly [number, number, number, number];
  const columns = spansAround(centres?.x ?? gridOf(layout.width), widthPx);
  const rows = spansAround(centres?.y ?? gridOf(layout.height), heightPx);
  const inside = coveredSpans(shareOf(region), columns, rows);
  if (!inside.includes(1)) throw withoutPlace(name, layout);
  const weights = new Float32Array(elementCount(shape!.slice(1)));
  const { offset, channelStride, placeStride } = layout;
  const each = 1 / areaOf(inside);
  for (const [c, weight] of channels) {
    for (const [p, one] of inside.entries()) {
      if (one === 1) weights[offset + c * channelStride + p * placeStride]! += weight * each;
    }
  }
  const scoreName = of.kind === "unit" ? "activation" : "dot product";
  const note = say`places are mixed or turned on the way to layer ${name}: its own are taken to lie on an even grid, and need not lie there on the picture`;
  // Places that lie on no plain grid are marked on the pixels.
  const marked = centres ? onPixels(inside, { columns, rows, widthPx, heightPx }) : inside;
  const grid = centres ? { width: widthPx, height: heightPx } : layout;
  const meant = { class: undefined, where: region.kind, inside: marked };
  return {
    model: weightedModel(model, { value: name, weights, scoreName }, { unitLayer: name }),
    head: model.head,
    targets: [0],
    isOfHead: false,
    layer: name,
    marks: regionMarks(meant, grid, picture.dims),
    notes: [...notesBeside(opened, model), ...(isKnown ? [] : [note])],
  };
}

/** Throws `bad-option` for a layer whose places are not rows and columns. */
function rowsAndColumns(traced: Graph, name: string, shape: readonly number[]): MapLayout {
  const layout = mapLayout(traced, name);
  if (layout?.sides.length === 2) return layout;
  throw new LimpidError(
    "bad-option",
    `target: layer "${name}" must have places in rows and columns for a part of the picture to be meant, got shape ${formatShape(shape)}. name an earlier layer, or all of the picture.`,
  );
}

/** The channels that count, each with its weight. */
function channelWeights(
  of: UnitRegionTarget["of"],
  traced: Graph,
  name: string,
  shape: readonly number[],
): readonly (readonly [channel: number, weight: number])[] {
  const axis = isChannelsLast(traced, name) ? shape.length - 1 : undefined;
  const { picks, vector } = picksOf(of, name, shape, axis);
  return vector ? [...vector.entries()] : [[picks[0]!.index, 1]];
}

function withoutPlace(name: string, { height, width }: MapLayout): LimpidError {
  return new LimpidError(
    "bad-option",
    `target: the region must hold a place of the ${height} x ${width} of layer "${name}", got none. choose another region.`,
  );
}

/** The stretch of each place along a side of a length, from the centres in shares of it: half way to its neighbours. */
function spansAround(centres: readonly number[], length: number): readonly Span[] {
  const order = [...new Set(centres)].toSorted((a, b) => a - b);
  if (order.length === 1) return centres.map(() => [0, length]);
  const gaps = order.slice(1).map((centre, i) => centre - order[i]!);
  const spans = order.map((centre, i): Span => {
    const before = (gaps[i - 1] ?? gaps[0]!) / 2;
    const behind = (gaps[i] ?? gaps.at(-1)!) / 2;
    return [(centre - before) * length, (centre + behind) * length];
  });
  const own = new Map(order.map((centre, i) => [centre, spans[i]!]));
  return centres.map((centre) => own.get(centre)!);
}

interface PlacedCells {
  readonly columns: readonly Span[];
  readonly rows: readonly Span[];
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The pixels of the cells that are inside, at least one each. */
function onPixels(
  inside: Uint8Array,
  { columns, rows, widthPx, heightPx }: PlacedCells,
): Uint8Array {
  const pixels = new Uint8Array(widthPx * heightPx);
  for (const [p, one] of inside.entries()) {
    if (one === 0) continue;
    const [left, right] = wholePixels(columns[p % columns.length]!, widthPx);
    const [top, bottom] = wholePixels(rows[Math.floor(p / columns.length)]!, heightPx);
    for (let y = top; y < bottom; y++) pixels.fill(1, y * widthPx + left, y * widthPx + right);
  }
  return pixels;
}

function wholePixels([from, to]: Span, length: number): Span {
  const first = Math.min(Math.max(Math.round(from), 0), length - 1);
  return [first, Math.min(Math.max(Math.round(to), first + 1), length)];
}
