/** @file Pictures that are seen through in parts: laid on white, which is said, as a network would see it as white. */
import { say, type Message } from "../wording/face.ts";
import { formatShare } from "../wording/numbers.ts";
import { toRgb, type DecodedPicture, type Picture } from "./picture.ts";

const opaque = 255;

/** The picture with three channels, and how opaque it was before where it is not everywhere. */
export function laidOnWhite(source: Picture): DecodedPicture {
  return withAlpha(toRgb(source), alphaOf(source));
}

/** A picture that is laid on white, with how opaque it was, [heightPx, widthPx], where it was not everywhere. */
export function withAlpha(picture: Picture, alpha: Uint8Array | undefined): DecodedPicture {
  return alpha?.some((value) => value < opaque) ? { ...picture, alpha } : picture;
}

/** The fourth channel; undefined of pictures without. */
export function alphaOf({ channels, data, widthPx, heightPx }: Picture): Uint8Array | undefined {
  if (channels !== 4) return undefined;
  return Uint8Array.from({ length: widthPx * heightPx }, (_, i) => data[4 * i + 3]!);
}

/** As `laidOnWhite`, of pixels that are handed over, which is told in their note. */
export function handedPicture(source: Picture, name: string): DecodedPicture {
  const decoded = laidOnWhite(source);
  const note = transparencyNote(decoded, name);
  return note ? { ...decoded, note } : decoded;
}

/** What is to be told of a picture that was laid on white; undefined of others. */
export function transparencyNote({ alpha }: DecodedPicture, name: string): Message | undefined {
  if (!alpha) return undefined;
  let clear = 0;
  for (const value of alpha) if (value < opaque) clear += 1;
  return say`"${name}" is transparent in ${formatShare(clear / alpha.length)} of its pixels, which are laid on white`;
}
