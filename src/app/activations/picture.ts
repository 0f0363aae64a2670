/** @file What the layers of a network make of one picture. */
import { depthTrend, isComparable, type DepthTrend } from "../../activations/depth-trend.ts";
import {
  layerStatistics,
  lumaOf,
  type LayerStatistics,
} from "../../activations/layer-statistics.ts";
import { foldedValues, kindOfValues } from "../../activations/layer-planes.ts";
import { layerValues } from "../../activations/layer-values.ts";
import type { ObservedLayer } from "../../activations/observed-layers.ts";
import { mapsOf } from "../../activations/token-layers.ts";
import { LimpidError, throwIfAborted } from "../../errors.ts";
import { hasPlaces } from "../../graph/input-parts.ts";
import { tensor, toFloat32, type Tensor } from "../../graph/tensor.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import type { Picture } from "../../image/picture.ts";
import type { SeenPart } from "../../image/seen-part.ts";
import type { ShownInput } from "../../drawing/cut-photo.ts";
import type { PlaceCentres } from "../../image/placed-plane.ts";
import type { Model } from "../../network/model.ts";
import { placesOfLayer } from "../../network/place-centres.ts";
import type { MapLayout } from "../../network/map-layout.ts";
import { option, say } from "../../wording/face.ts";
import type { JobContext } from "../context.ts";
import type { Source } from "../source.ts";
import { chosenLayers, tellNotFinite, tellTokens, type ChosenLayers } from "./layers.ts";
import type { ActivationsSettings } from "./request.ts";

/** A layer and what the picture makes of it. */
export interface SeenLayer extends ObservedLayer {
  /** [C, H, W] or [C]; of signals [C, T], of volumes [C, D, H, W]. */
  readonly values: Tensor;
  readonly statistics: LayerStatistics;
  /** Where the places lie on the picture, of layers whose channels are enlarged and that do not lie on the plain grid. */
  readonly centres?: PlaceCentres;
}

/** All layers of one picture. */
export interface PictureActivations {
  readonly layers: readonly SeenLayer[];
  /** Channels of the only layer that are to be enlarged. */
  readonly channels: readonly number[];
  /** What the network sees; of a tensor, its first channel. */
  readonly seen: ShownInput;
  /** The part of the photo that it sees; undefined where that is all. */
  readonly part?: SeenPart;
}

/**
 * What is looked at of a picture or tensor. Throws `shape-mismatch` unless it is one that the network takes, and as
 * `chosenLayers`.
 */
export async function planPicture(
  model: Model,
  { input }: Source,
  name: string,
  settings: ActivationsSettings,
): Promise<ChosenLayers> {
  model.requirePictures(input);
  if (input.dims[0] !== 1) {
    throw new LimpidError(
      "shape-mismatch",
      `activations: "${name}" must hold one picture [1, C, H, W], got ${input.dims[0]}. give a folder of pictures for statistics over many.`,
    );
  }
  const rank = rankOf(model);
  if (rank !== 4 && settings.channels !== undefined) {
    throw new LimpidError(
      "bad-option",
      say`activations: channels of pictures alone are enlarged, got those of a ${rank === 3 ? "signal" : "volume"}. leave out ${option("channel")}.`,
    );
  }
  return chosenLayers(await model.at(model.batchDims(input.dims)), settings, rank);
}

/** Axes of feature maps: of the first input with places. */
function rankOf({ parts }: Model): number {
  const kind = parts.find(hasPlaces)?.kind;
  return kind === "signal" ? 3 : kind === "volume" ? 5 : 4;
}

/** Runs the picture and measures its layers. */
export async function runPicture(
  model: Model,
  source: Source,
  { layers, channels }: ChosenLayers,
  { signal, onNote }: Pick<JobContext, "signal" | "onNote">,
): Promise<PictureActivations> {
  tellTokens(layers, onNote);
  const names = layers.map(({ name }) => name);
  const values = await layerValues(model, names, source.input);
  throwIfAborted(signal, "activations");
  const seen = seenBy(source);
  const luma = lumaOf(seen);
  const traced = await model.at(model.batchDims(source.input.dims));
  const found = layers.map((layer): SeenLayer => {
    const { name, layout } = layer;
    const found = values.get(name)!;
    const own = layout ? firstMaps(found, layout) : found;
    const isPlaced = channels.length > 0 && own.dims.length === 3;
    const grid = layout?.grid ?? { name, axes: [2, 3] as const };
    const { centres } = isPlaced ? placesOfLayer(traced, grid.name, grid.axes) : {};
    // Slices below each other are no picture that could be like another.
    const isVolume = kindOfValues(own) === "volume";
    const statistics = layerStatistics(foldedValues(own), isVolume ? undefined : luma);
    return { ...layer, values: own, statistics, ...(centres ? { centres } : {}) };
  });
  const broken = found.filter((layer) => !toFloat32(layer.values).every(Number.isFinite));
  const [first] = broken;
  const isNaN = first !== undefined && toFloat32(first.values).some(Number.isNaN);
  tellNotFinite(broken, { holds: isNaN ? "NaN" : "infinity", of: "this picture" }, onNote);
  const { cut, part } = source;
  const shown = { photo: seen, ...(cut ? { cut } : {}) };
  return { layers: found, channels, seen: shown, ...(part ? { part } : {}) };
}

/** The maps [C, H, W] of one picture's tokens. */
function firstMaps({ data, dims }: Tensor, layout: MapLayout): Tensor {
  const maps = mapsOf(tensor("float32", [1, ...dims], data as Float32Array), layout);
  return tensor("float32", maps.dims.slice(1), maps.data as Float32Array);
}

function seenBy({ seen, input }: Source): Picture {
  if (seen) return seen;
  const [, , heightPx, widthPx] = input.dims as [number, number, number, number];
  const values = (input.data as Float32Array).subarray(0, heightPx * widthPx);
  return pictureOfFloats(values, { channels: 1, heightPx, widthPx }, "stretched");
}

/** The trend of zeros over convolutions behind rectifiers; undefined where there are too few. */
export function pictureTrend({ layers }: PictureActivations): DepthTrend | undefined {
  const comparable = layers.filter(isComparable);
  return depthTrend(comparable.map(({ statistics }) => Float64Array.of(statistics.zeroShare)));
}
