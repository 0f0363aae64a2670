/** @file The picture that excites a channel most, frame by frame. */
import { isComputedAt } from "../../src/app/maximize/layers.ts";
import { planUnits } from "../../src/app/maximize/plan.ts";
import { runMaximization, type MadeBatch } from "../../src/app/maximize/run.ts";
import { pictureOfFloats } from "../../src/image/float-picture.ts";
import type { Picture } from "../../src/image/picture.ts";
import type { Model } from "../../src/network/model.ts";
import type { Unit } from "../../src/optvis/units.ts";
import { wordsOf } from "../../src/wording/face.ts";
import type { ShownUnit, UnitRequest } from "../protocol.ts";
import type { CallContext } from "./calls.ts";
import { pageWords, type Desk } from "./desk.ts";
import { pixelsOf } from "./pixels.ts";

/** Throws as `planUnits` and `runMaximization`. */
export async function maximizedUnit(
  desk: Desk,
  asked: UnitRequest,
  call: CallContext,
): Promise<ShownUnit> {
  const { layer, channel, steps, seed } = asked;
  const { context, notes } = desk.job(call);
  const { model, name } = desk.open;
  const side = await sideFor(model, layer, asked.side);
  const request = {
    model: name,
    preset: "natural",
    seed,
    steps,
    ...(side === undefined ? {} : { sizePx: side }),
    layers: [layer],
    channels: String(channel),
    preprocess: undefined,
    range: undefined,
  };
  const plan = await planUnits(model, request, context);
  const { size, settings } = plan.recipe;
  let made: MadeBatch | undefined;
  const onFrame = (_: Unit, picture: Picture, step: number) =>
    call.tell({ kind: "frame", picture: pixelsOf(picture), step, steps: settings.steps });
  for await (const batch of runMaximization(plan, context, { onFrame })) made = batch;
  const unit = made!.made[0]!;
  return {
    made: { ...asked, side },
    layer: plan.recipe.units[0]!.layer,
    channel,
    picture: pixelsOf(pictureOfFloats(unit.picture, size, settings.display)),
    start: unit.start,
    activation: unit.activation,
    isSilent: unit.silent,
    notes: [...plan.notes.map((note) => wordsOf(note, pageWords)), ...notes],
  };
}

/** Undefined for a layer that is computed at the network's own size alone. */
async function sideFor(
  model: Model,
  layer: string,
  side: number | undefined,
): Promise<number | undefined> {
  if (side === undefined) return undefined;
  const [, channels] = model.inputDims();
  const size = { channels: channels === 1 ? 1 : 3, heightPx: side, widthPx: side } as const;
  return (await isComputedAt(model, layer, size)) ? side : undefined;
}
