/** @file A frame of the camera: looked at and explained in one call, without asking for all answers. */
import { pictureSource } from "../../src/app/source.ts";
import { readPreprocessing } from "../../src/app/preparation.ts";
import type { WatchedFrame, WatchRequest } from "../live-protocol.ts";
import type { CallContext } from "./calls.ts";
import type { Desk } from "./desk.ts";
import { explained } from "./explained.ts";
import { pictureOf, pixelsOf } from "./pixels.ts";

const name = "camera";

/** The frame is the picture on the desk from now on. Throws as `runAttribution`. */
export async function watched(
  desk: Desk,
  { pixels, explain }: WatchRequest,
  call: CallContext,
): Promise<WatchedFrame> {
  const { context } = desk.job(call);
  const { model } = desk.open;
  const picture = pictureOf(pixels);
  const named = { name, picture };
  const how = await readPreprocessing(context.platform, model, undefined, named, {
    isAnswered: false,
  });
  const source = pictureSource(model, picture, how);
  model.requirePictures(source.input);
  desk.picture = { name, source };
  const map = await explained(desk, explain, call);
  return { seen: pixelsOf(source.seen ?? picture), map };
}
