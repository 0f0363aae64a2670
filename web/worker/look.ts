/** @file Takes a picture in hand: what the network sees of it, and what it answers. */
import { pictureSource } from "../../src/app/source.ts";
import { readPreprocessing, type ChosenPreparation } from "../../src/app/preparation.ts";
import { pathOf } from "../../src/app/handed-file.ts";
import { wordsOf } from "../../src/wording/face.ts";
import { pictureOfFloats } from "../../src/image/float-picture.ts";
import type { Picture } from "../../src/image/picture.ts";
import { digestBytes } from "../../src/graph/digest.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import type { PictureInHand, SeenPicture } from "../protocol.ts";
import { answersOf } from "./answers.ts";
import { drawnPicture } from "./drawn-picture.ts";
import type { CallContext } from "./calls.ts";
import { pageWords, type Desk, type LookedPicture, type OpenNetwork } from "./desk.ts";
import { pictureOf, pixelsOf } from "./pixels.ts";
import type { JobContext } from "../../src/app/context.ts";

/** Throws as `readSource`. */
export async function lookAt(
  desk: Desk,
  asked: PictureInHand,
  call: CallContext,
): Promise<SeenPicture> {
  const { context, notes } = desk.job(call);
  const network = desk.open;
  const { digest, ...looked } = await sourceOf(desk, network, asked, context);
  const { name, source } = looked;
  network.model.requirePictures(source.input);
  const answers = await answersOf(network, source.input, call.signal);
  desk.picture = looked;
  const said = [source.note, source.numbers, source.crop, ...(source.others ?? [])];
  const told = said.flatMap((note) => (note === undefined ? [] : [wordsOf(note, pageWords)]));
  const compared = source.chosen?.compared;
  return {
    name,
    ...(digest === undefined ? {} : { digest }),
    ...(source.chosen && isUnsaid(source.chosen) ? { preprocess: source.chosen.how.name } : {}),
    isPreparationAssumed:
      source.chosen !== undefined &&
      isUnsaid(source.chosen) &&
      source.chosen.chosenBy !== "request",
    seen: pixelsOf(source.seen ?? firstChannel(source.input)),
    ...answers,
    notes: [...notes, ...told],
    compared: compared && wordsOf(compared, pageWords),
  };
}

async function sourceOf(
  desk: Desk,
  network: OpenNetwork,
  asked: PictureInHand,
  context: JobContext,
): Promise<LookedPicture & { readonly digest?: string }> {
  const { model } = network;
  const preparation = { preprocess: undefined, range: undefined, isAnswered: false };
  if (asked.kind === "file") {
    const { file } = asked;
    desk.platform.add([file]);
    const { readSource } = await import("../../src/app/read-source.ts");
    const source = await readSource(context.platform, model, pathOf(file), preparation);
    const digest = await digestBytes(new Uint8Array(await file.arrayBuffer()));
    return { name: file.name, source, digest };
  }
  const name = asked.kind === "pixels" ? asked.name : `drawn ${asked.number}`;
  const picture =
    asked.kind === "pixels" ? pictureOf(asked.pixels) : await drawnPicture(network, asked.number);
  const how = await readPreprocessing(
    context.platform,
    model,
    undefined,
    { name, picture },
    preparation,
  );
  return { name, source: pictureSource(model, picture, how), whole: picture };
}

/** Whether a preparation is not the network's own word, so that another may be chosen. */
function isUnsaid({ chosenBy }: ChosenPreparation): boolean {
  return chosenBy === "default" || chosenBy === "pictures" || chosenBy === "request";
}

function firstChannel({ data, dims }: Tensor): Picture {
  const [, , heightPx, widthPx] = dims as readonly [number, number, number, number];
  const plane = (data as Float32Array).subarray(0, heightPx * widthPx);
  return pictureOfFloats(plane, { channels: 1, heightPx, widthPx }, "stretched");
}
