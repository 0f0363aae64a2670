/** @file What is explained: a picture made ready for a network, or a tensor as it is. */
import { option, say, type Message } from "../wording/face.ts";
import type { VolumePlace } from "../formats/arrays/file-array.ts";
import { tensor, type Tensor } from "../graph/tensor.ts";
import type { Picture } from "../image/picture.ts";
import {
  inputSizeOf,
  placeInInput,
  preprocess,
  type CutPicture,
  type Preprocessing,
} from "../image/preprocess.ts";
import type { Rectangle } from "../image/raster.ts";
import { partSeen, seenPartText, type SeenPart } from "../image/seen-part.ts";
import { rangesOf, type ChannelRange } from "../network/choose-preprocessing.ts";
import type { Model } from "../network/model.ts";
import type { JobListener } from "./context.ts";
import type { ChosenPreparation } from "./preparation.ts";

/** A photo in a network's input. */
interface PlacedPhoto {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Where all of it lies, in pixels of the input; beyond its borders where it is cropped. */
  readonly place: Rectangle;
}

export interface Source {
  /** [N, C, H, W] in the network's own range. */
  readonly input: Tensor;
  /** What the network sees, if the input was a picture. */
  readonly seen: Picture | undefined;
  /** What it was cut out of, where the crop leaves something out. */
  readonly cut?: CutPicture;
  /** The photo's own size, and where all of it lies in pixels of the input; undefined for tensors. */
  readonly photo?: PlacedPhoto;
  /** How the picture was prepared; undefined for tensors. */
  readonly how: Preprocessing | undefined;
  /** How a volume lies, where its file says it. */
  readonly place?: VolumePlace;
  /** The number of its file that stands for places where nothing was measured. */
  readonly nodata?: number;
  /** What the network's preprocessing makes of black and white, one range a channel, where it is known. */
  readonly expected?: readonly ChannelRange[];
  /** What was assumed. */
  readonly note?: Message;
  /** How the picture's preparation was chosen. */
  readonly chosen?: ChosenPreparation;
  /** What was assumed of the numbers of the picture's file. */
  readonly numbers?: Message;
  /** The part of the picture that the crop leaves; undefined where that is all. */
  readonly part?: SeenPart;
  /** That in words. */
  readonly crop?: Message;
  /** What was assumed of inputs that are not given. */
  readonly others?: readonly Message[];
  /** Why the input is the same everywhere, where the picture is not. */
  readonly plain?: Message;
}

/** What of an input is told before anything else. */
type AssumedOf = {
  readonly [Key in "note" | "chosen" | "numbers" | "crop" | "others"]?: Source[Key] | undefined;
};

/** What was assumed of an input. */
export function assumptionsOf(of: AssumedOf): readonly Message[] {
  const { note, chosen, numbers, crop, others = [] } = of;
  const assumed = [note, chosen?.compared, numbers, crop, ...others];
  return assumed.filter((each) => each !== undefined);
}

/** Tells of what was assumed of an input. */
export function tellAssumptions(of: AssumedOf, { onNote }: JobListener): void {
  for (const each of assumptionsOf(of)) onNote?.(each);
}

/** A picture made ready. Throws `shape-mismatch` if the network takes no pictures. */
export function pictureSource(model: Model, picture: Picture, chosen: ChosenPreparation): Source {
  const { how, note, told } = chosen;
  const size = inputSizeOf(how, model.input.dims ?? ["N", "C", "H", "W"]);
  const prepared = preprocess(picture, how, size);
  const input = tensor("float32", prepared.dims, prepared.data);
  const expected = told && rangesOf(told, size.channels);
  return {
    input,
    seen: prepared.seen,
    photo: {
      widthPx: picture.widthPx,
      heightPx: picture.heightPx,
      place: placeInInput(picture, how, size),
    },
    how,
    chosen,
    ...(expected ? { expected } : {}),
    ...(note === undefined ? {} : { note }),
    ...(prepared.cut ? { cut: prepared.cut } : {}),
    ...cutOff(picture, prepared.seen, partSeen(picture, how, size)),
  };
}

/** How to have the network see all of a picture. */
export const cropRemedy = say`crop the picture yourself, or give ${option("preprocess")} a file with "resize": "pad"`;

/** What of a picture is cut off, for people. */
export function cropNote(part: SeenPart): Message {
  return say`the network sees only ${seenPartText(part)}, the rest is cut off; to see more, ${cropRemedy}`;
}

/** What is to be told of a crop. */
function cutOff(
  whole: Picture,
  seen: Picture,
  part: SeenPart | undefined,
): Pick<Source, "part" | "crop" | "plain"> {
  if (part === undefined) return {};
  const crop = cropNote(part);
  if (!isPlain(seen) || isPlain(whole)) return { part, crop };
  const plain = say`the network sees only ${seenPartText(part)}, which is the same everywhere, so no place can differ; what the crop leaves out is not: ${cropRemedy}`;
  return { part, crop, plain };
}

function isPlain({ data, channels }: Picture): boolean {
  return data.every((value, i) => value === data[i % channels]);
}
