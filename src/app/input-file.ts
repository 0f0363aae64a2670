/** @file A file that is read as an input: one of the machine's, or one that a program has in hand. */
import type { PixelRange } from "../image/file-numbers.ts";
import type { DecodedPicture } from "../image/picture.ts";
import type { Platform } from "./platform.ts";

/** A file with its own way to be read, so that two of one name are never taken for each other. */
export interface InputFile {
  /** As the user knows it; its ending says what it holds. */
  readonly name: string;
  readBytes(): Promise<Uint8Array>;
  readPicture(range?: PixelRange): Promise<DecodedPicture>;
}

/** The file of a path, or one in hand as it is. */
export function inputFile(
  platform: Pick<Platform, "readBytes" | "readPicture">,
  asked: string | InputFile,
): InputFile {
  if (typeof asked !== "string") return asked;
  return {
    name: asked,
    readBytes: () => platform.readBytes(asked),
    readPicture: (range) => platform.readPicture(asked, range),
  };
}
