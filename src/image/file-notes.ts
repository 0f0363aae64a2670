/** @file What is to be said of a picture's file that its pixels do not show, in one message. */
import { say, type Message } from "../wording/face.ts";
import { framesNote } from "./frames.ts";
import type { DecodedPicture } from "./picture.ts";
import { transparencyNote } from "./transparency.ts";

/** The picture with what it is told of its numbers, transparency and frames. */
export function withFileNotes(
  decoded: DecodedPicture,
  bytes: Uint8Array,
  name: string,
): DecodedPicture {
  const notes = [decoded.note, transparencyNote(decoded, name), framesNote(bytes, name)];
  const [first, ...others] = notes.filter((note) => note !== undefined);
  if (!first) return decoded;
  const note = others.reduce<Message>((all, each) => say`${all}; ${each}`, first);
  return { ...decoded, note };
}
