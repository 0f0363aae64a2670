/** @file Photos of a study, with the place of the thing that should be found in them. */
import { listPictures } from "../app/pictures.ts";
import type { Platform } from "../app/platform.ts";
import type { Box } from "../attribution/diagnosis/positive-mass.ts";
import { LimpidError } from "../errors.ts";
import type { Picture } from "../image/picture.ts";
import { baseName, joinPath } from "../wording/paths.ts";
import type { SubjectPhoto } from "./subjects.ts";

/** A photo, and where in it the thing is that should be found, in shares of its sides. */
export interface StudyPhoto {
  readonly title: string;
  readonly picture: Picture;
  readonly box?: Box;
  /** The class that is explained; the network's own first choice by default. */
  readonly target?: number;
}

const mostPhotos = 4;

/** The first photos of a folder by name, or the one of a file. Throws `bad-file` where there is none. */
export async function readPhotos(
  platform: Platform,
  path: string,
): Promise<readonly [StudyPhoto, ...StudyPhoto[]]> {
  const info = await platform.find(path);
  if (info === undefined) {
    throw new LimpidError("bad-file", `study: photos "${path}" must exist, got no such folder.`);
  }
  const paths = info.kind === "folder" ? await listPictures(platform, path) : [path];
  const [first, ...others] = await Promise.all(
    paths.slice(0, mostPhotos).map(async (file) => ({
      title: baseName(file),
      picture: await platform.readPicture(file),
    })),
  );
  if (first) return [first, ...others];
  throw new LimpidError("bad-file", `study: photos "${path}" must hold pictures, got none.`);
}

/** One of the study's own photos. Throws `bad-file` if the folder lacks it. */
export async function readSubject(
  platform: Platform,
  folder: string,
  { file, box, target }: SubjectPhoto,
): Promise<StudyPhoto> {
  const picture = await platform.readPicture(joinPath(folder, file));
  const { widthPx, heightPx } = picture;
  const shares: Box = {
    left: box.left / widthPx,
    right: box.right / widthPx,
    top: box.top / heightPx,
    bottom: box.bottom / heightPx,
  };
  return { title: file, picture, box: shares, target };
}
