/** @file How a network's pictures are prepared: as its user says, as its file says, else as most networks take them. */
import { option, say, type Message } from "../wording/face.ts";
import { affineOf, preprocessings, type Preprocessing } from "../image/preprocess.ts";
import { metadataKeys } from "./metadata.ts";
import type { Model } from "./model.ts";
import { parsePreprocessing } from "./preprocessing.ts";

/** A preprocessing, and what was assumed to choose it. */
export interface ChosenPreprocessing {
  readonly how: Preprocessing;
  readonly note?: Message;
}

/** What a channel of the input holds, from what black becomes to what white becomes, or the other way round. */
export interface ChannelRange {
  readonly min: number;
  readonly max: number;
}

/** What the user says, else what the model's metadata says, else what most networks take, which the note says. */
export function choosePreprocessing(
  model: Model,
  asked: Preprocessing | undefined,
): ChosenPreprocessing {
  if (asked) return { how: channelsFirst(asked) };
  const stored = storedPreprocessing(model);
  if (stored) return { how: stored };
  const how = model.input.dims?.[1] === 1 ? preprocessings.unit : preprocessings.torchvision;
  const note = say`the model does not say how its input is prepared; assumed ${option("preprocess", how.name)}`;
  return { how, note };
}

/** What the model's metadata says. Throws `bad-file` if it is no preprocessing. */
export function storedPreprocessing(model: Model): Preprocessing | undefined {
  const stored = model.graph.metadata.get(metadataKeys.preprocessing);
  return stored === undefined
    ? undefined
    : channelsFirst(parsePreprocessing(stored, "model metadata"));
}

/** What a preprocessing makes of black and white; undefined for other channels than those of pictures. */
export function rangesOf(
  how: Preprocessing,
  channels: number | undefined,
): readonly ChannelRange[] | undefined {
  if (channels !== 1 && channels !== 3) return undefined;
  const { gain, offset } = affineOf(how, channels);
  return gain.map((factor, c) => {
    const ends = [offset[c]!, offset[c]! + factor];
    return { min: Math.min(...ends), max: Math.max(...ends) };
  });
}

/** Every model takes its input channels first by now. */
function channelsFirst(how: Preprocessing): Preprocessing {
  return { ...how, layout: "nchw" };
}
