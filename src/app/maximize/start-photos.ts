/** @file Photos that silent units are shown and start from: found, read, and held at the size of the pictures. */
import { isFailure, LimpidError, throwIfAborted } from "../../errors.ts";
import { digestBytes } from "../../graph/digest.ts";
import { interleaved, planar, scaleInto } from "../../image/affine.ts";
import type { PixelRange } from "../../image/file-numbers.ts";
import type { Picture } from "../../image/picture.ts";
import {
  affineOf,
  preprocess,
  preprocessings,
  type Preprocessing,
} from "../../image/preprocess.ts";
import { partSeen } from "../../image/seen-part.ts";
import type { PictureSize } from "../../optvis/parameterizations.ts";
import type { StartPhoto } from "../../optvis/photo-levels.ts";
import type { Message } from "../../wording/face.ts";
import { formatCount } from "../../wording/numbers.ts";
import { baseName } from "../../wording/paths.ts";
import { tellProgress, type JobContext } from "../context.ts";
import { inParallel } from "../in-parallel.ts";
import { PhotoNotes, type AssumedOfPhoto } from "../photo-notes.ts";
import { spread } from "../picture-folder.ts";
import type { Platform } from "../platform.ts";

/** Photos that were read. */
export interface StartPhotos {
  readonly photos: readonly StartPhoto[];
  /** Fingerprints of their files, by their paths. */
  readonly digests: Readonly<Record<string, string>>;
  /** What was assumed or left out. */
  readonly notes: readonly (string | Message)[];
}

/** How photos become pictures that a network sees. */
export interface PhotoPreparation {
  readonly how: Preprocessing;
  readonly size: PictureSize;
  readonly range?: PixelRange | undefined;
}

/** Photos that are looked at, and the memory that they may take: each is shown to the network for every batch with silent units. */
const mostPhotos = 200;
const mostBytes = 2 ** 28;

/** Reads photos; those that cannot be read are told of and left out. Throws `bad-file` if that is all of them. */
export async function readStartPhotos(
  paths: readonly string[],
  preparation: PhotoPreparation,
  context: JobContext,
): Promise<StartPhotos> {
  const { channels, heightPx, widthPx } = preparation.size;
  const fitting = Math.floor(mostBytes / (channels * heightPx * widthPx));
  const chosen = spread(paths, Math.max(Math.min(mostPhotos, fitting), 1));
  const read = (await readAll(chosen, preparation, context)).flatMap((one) => one ?? []);
  if (read.length === 0) {
    throw new LimpidError(
      "bad-file",
      `maximize: at least one photo must be usable, got ${chosen.length} that are not, for the reasons above.`,
    );
  }
  const names = read.map(({ path }) => baseName(path));
  const areDistinct = new Set(names).size === names.length;
  const left =
    chosen.length < paths.length
      ? [
          `of ${formatCount(paths.length)} photos ${formatCount(chosen.length)} are looked at, evenly spread`,
        ]
      : [];
  const assumed = new PhotoNotes();
  for (const one of read) assumed.add(one.assumed);
  return {
    photos: read.map(({ path, seen }, i) => ({
      name: areDistinct ? names[i]! : path,
      picture: () => floatsOf(seen, channels),
    })),
    digests: Object.fromEntries(read.map(({ path, sha256 }) => [path, sha256])),
    notes: [...left, ...assumed.messages()],
  };
}

interface ReadPhoto {
  readonly path: string;
  readonly seen: Picture;
  readonly sha256: string;
  readonly assumed: AssumedOfPhoto;
}

/** In the order of the paths; undefined for those that cannot be read. */
async function readAll(
  paths: readonly string[],
  preparation: PhotoPreparation,
  context: JobContext,
): Promise<readonly (ReadPhoto | undefined)[]> {
  const { platform, signal } = context;
  const progress = tellProgress(context, { what: "photos", total: paths.length });
  const read: (ReadPhoto | undefined)[] = [];
  let done = 0;
  const works = paths.map((path, i) => async () => {
    throwIfAborted(signal, "maximize");
    try {
      read[i] = await readPhoto(platform, path, preparation);
    } catch (error) {
      if (!isFailure(error) || paths.length === 1) throw error;
      context.onFailure?.(error.said);
    }
    done += 1;
    progress.update(done, baseName(path));
  });
  try {
    await inParallel(works, 2 * platform.processors);
  } finally {
    progress.end();
  }
  return read;
}

async function readPhoto(
  platform: Pick<Platform, "readBytes" | "readPicture">,
  path: string,
  { how, size, range }: PhotoPreparation,
): Promise<ReadPhoto> {
  const { note: numbers, ...picture } = await platform.readPicture(path, range);
  const sha256 = await digestBytes(await platform.readBytes(path));
  const { seen } = preprocess(picture, { ...how, layout: "nchw" }, size);
  const part = partSeen(picture, how, size);
  const assumed = { ...(numbers ? { numbers } : {}), ...(part ? { part } : {}) };
  return { path, seen, sha256, assumed };
}

/** [C, H, W] in 0..1. */
function floatsOf({ data, heightPx, widthPx }: Picture, channels: 1 | 3): Float32Array {
  const places = heightPx * widthPx;
  const floats = new Float32Array(data.length);
  const unit = affineOf(preprocessings.unit, channels);
  scaleInto(interleaved(data, channels), planar(floats, places), places, unit, 255);
  return floats;
}
