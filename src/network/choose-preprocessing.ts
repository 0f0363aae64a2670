/** @file How a network's pictures are prepared: as its user says, as its file says or shows, else as most networks take them. */
import { affineOf, type Preprocessing } from "../image/preprocess.ts";
import { metadataKeys } from "../graph/metadata.ts";
import { largest, smallest } from "../statistics.ts";
import type { Message } from "../wording/face.ts";
import type { Model } from "./model.ts";
import { parsePreprocessing } from "./preprocessing.ts";

/** Who chose a preprocessing: the user, the model's metadata, a file beside it, its first nodes, the layout of its boxes, or nobody. */
type PreprocessingSource = "request" | "metadata" | "beside" | "graph" | "boxes" | "default";

/** A preprocessing, and what was assumed to choose it. */
export interface ChosenPreprocessing {
  readonly how: Preprocessing;
  readonly chosenBy: PreprocessingSource;
  readonly note?: Message;
  /** Why nothing that looks like telling was of use. */
  readonly reasons?: readonly string[];
  /** What the model says, where it does, whatever was asked for. */
  readonly told?: Preprocessing;
}

/** What a channel of the input holds, from what black becomes to what white becomes, or the other way round. */
export interface ChannelRange {
  readonly min: number;
  readonly max: number;
}

const found = new WeakMap<Model, Promise<ChosenPreprocessing>>();

/**
 * What the user says; else what the model's metadata or a file beside it says; else what its own scaling of the input
 * needs; else what most networks take. The note says which. Throws `bad-file` for metadata of Limpid's own that is no
 * preprocessing.
 */
export async function choosePreprocessing(
  model: Model,
  asked: Preprocessing | undefined,
): Promise<ChosenPreprocessing> {
  if (asked) {
    const told = storedPreprocessing(model) ?? (await elsewhere()).toldElsewhere(model);
    return { how: channelsFirst(asked), chosenBy: "request", ...(told ? { told } : {}) };
  }
  const known = found.get(model) ?? findPreprocessing(model);
  found.set(model, known);
  return known;
}

async function findPreprocessing(model: Model): Promise<ChosenPreprocessing> {
  const stored = storedPreprocessing(model);
  if (stored) return { how: stored, chosenBy: "metadata", told: stored };
  return (await elsewhere()).foundPreprocessing(model);
}

/** What looks further, which networks that say it in Limpid's words do not need. */
function elsewhere() {
  return import("./found-preprocessing.ts");
}

/** What the model's metadata says in Limpid's words. Throws `bad-file` if it is no preprocessing. */
function storedPreprocessing(model: Model): Preprocessing | undefined {
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
    return { min: smallest(ends), max: largest(ends) };
  });
}

/** Every model takes its input channels first by now. */
function channelsFirst(how: Preprocessing): Preprocessing {
  return { ...how, layout: "nchw" };
}
