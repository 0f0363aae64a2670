/** @file What the photos show that excite the units of a block most, cut to what moved each unit. */
import { areTokens } from "../../activations/observed-layers.ts";
import { cutPatch, emptyMosaic, layPatch, mosaicLayout } from "../../activations/patch-picture.ts";
import type { SetRecord } from "../../activations/set-record.ts";
import type { TopPatch } from "../../activations/top-patches.ts";
import { inputGradients } from "../../attribution/gradient/pixel-gradients.ts";
import type { JobContext } from "../../app/context.ts";
import { throwIfAborted } from "../../errors.ts";
import type { Picture } from "../../image/picture.ts";
import type { Rectangle } from "../../image/raster.ts";
import { weightedModel } from "../../scores/weighted-model.ts";
import { mosaicPx, patchesOfUnit, type AtlasPlan } from "../plan.ts";
import type { PlannedLayer } from "../plan-layers.ts";
import { encodeCells } from "../activations/cells-part.ts";
import { shownMembers } from "../activations/grid-part.ts";
import { gridOf } from "../activations/grid-job.ts";
import type { CellPatchesJob, PatchesJob } from "./job.ts";
import type { PartStore } from "./part-store.ts";
import { PhotoReader } from "./photo-reader.ts";
import { movedBy, movedField } from "./moved-by.ts";
import { placeStep, type PlaceStep } from "./place-step.ts";
import { encodeMosaics } from "./patches-part.ts";

/** The part's bytes. `record` is that of all photos. Throws `aborted`, and `bad-file` for a photo that is another by now. */
export async function patchesPart(
  plan: AtlasPlan,
  { layer: name, first, end }: PatchesJob,
  record: SetRecord,
  context: JobContext,
  onShare: (share: number) => void,
): Promise<Uint8Array> {
  const layer = plan.layers.find((each) => each.name === name)!;
  const { tops } = record.layers.find((each) => each.name === name)!;
  const mosaics = mosaicsOf(plan, layer, context);
  const made: Picture[] = [];
  for (let channel = first; channel < end; channel++) {
    made.push(await mosaics(tops.of(channel), (at) => weightsOf(layer, [[channel, 1]], at)));
    onShare((channel - first + 1) / (end - first));
  }
  return encodeMosaics(made);
}

/** The same of the cells of a grid: the photos' places that are most like a cell's average. */
export async function cellPatchesPart(
  plan: AtlasPlan,
  { layer: name, first, end }: CellPatchesJob,
  store: PartStore,
  context: JobContext,
  onShare: (share: number) => void,
): Promise<Uint8Array> {
  const layer = plan.layers.find((each) => each.name === name)!;
  const [, , , width = 1] = layer.shape;
  const cells = (await gridOf(plan, name, store)).cells.slice(first, end);
  const mosaics = mosaicsOf(plan, layer, context);
  const made: Picture[] = [];
  for (const { members, direction } of cells) {
    const patches = shownMembers(members).map(({ photo, place }) => ({
      picture: photo,
      y: Math.floor(place / width),
      x: place % width,
    }));
    made.push(await mosaics(patches, (at) => weightsOf(layer, [...direction.entries()], at)));
    onShare(made.length / cells.length);
  }
  return encodeCells(made);
}

/** A place of a photo, and what is looked for there. */
type PhotoPlace = Pick<TopPatch, "picture" | "y" | "x">;

/** A mosaic of what is at places of photos, the first of which tells how far it reaches. */
type MosaicOf = (
  patches: readonly PhotoPlace[],
  weightsAt: (place: PhotoPlace) => Float32Array,
) => Promise<Picture>;

function mosaicsOf(plan: AtlasPlan, layer: PlannedLayer, context: JobContext): MosaicOf {
  const photos = new PhotoReader(plan, context);
  const channels = plan.model.inputDims()[1] === 1 ? 1 : 3;
  const layout = mosaicLayout(patchesOfUnit, mosaicPx);
  const [step, size] = [stepOf(plan, layer), sizeOf(plan)];
  return async (patches, weightsAt) => {
    throwIfAborted(context.signal, "atlas");
    const mosaic = emptyMosaic(layout, channels);
    const [strongest] = patches;
    const field =
      strongest && (await fieldOf(plan, layer, weightsAt(strongest), strongest, photos, context));
    for (const [i, patch] of patches.entries()) {
      const { seen } = await photos.read(patch.picture);
      const own = movedField(
        field!,
        { x: step.x * (patch.x - strongest!.x), y: step.y * (patch.y - strongest!.y) },
        size,
      );
      layPatch(mosaic, cutPatch(seen!, own, layout.patchPx), layout, i);
    }
    return mosaic;
  };
}

function sizeOf({ model }: AtlasPlan): { readonly height: number; readonly width: number } {
  const [, , height, width] = model.inputDims();
  return { height, width };
}

/** The step between places of a layer. */
function stepOf(plan: AtlasPlan, { name, shape }: PlannedLayer): PlaceStep {
  const [, , height = 1, width = 1] = shape;
  return placeStep(plan.photos!.set.fieldsOf(name), sizeOf(plan), { height, width });
}

/** What moved a weighted sum of a layer's numbers in a photo; tokens, which attention mixes, are moved by the gradient alone. */
async function fieldOf(
  { model }: AtlasPlan,
  layer: PlannedLayer,
  weights: Float32Array,
  { picture }: PhotoPlace,
  photos: PhotoReader,
  { signal }: JobContext,
): Promise<Rectangle> {
  const { input } = await photos.read(picture);
  const unit = weightedModel(model, {
    value: layer.name,
    weights,
    scoreName: "activation",
  });
  const [row] = await inputGradients(unit, input, { targets: [0], signal });
  const [, , height, width] = input.dims as readonly [number, number, number, number];
  return movedBy(row!.gradients[0]!, { height, width });
}

/** Weights of channels at a place among the layer's numbers, 0 elsewhere. */
function weightsOf(
  layer: PlannedLayer,
  channelWeights: readonly (readonly [channel: number, weight: number])[],
  { y, x }: PhotoPlace,
): Float32Array {
  const { shape, layout } = layer;
  const [, channels, rows = 1, columns = 1] = shape as readonly [number, number, number?, number?];
  const extra = layout && areTokens(layer) ? layout.extraTokens : 0;
  const weights = new Float32Array(channels * (rows * columns + extra));
  const place = y * columns + x;
  for (const [channel, weight] of channelWeights) {
    const at = layout
      ? layout.offset + channel * layout.channelStride + place * layout.placeStride
      : channel * rows * columns + place;
    weights[at] = weight;
  }
  return weights;
}
