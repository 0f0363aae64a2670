/** @file The picture in hand before the network's preparation, for a file of it. */
import { LimpidError } from "../../src/errors.ts";
import type { Pixels } from "../protocol.ts";
import type { Desk } from "./desk.ts";
import { pixelsOf } from "./pixels.ts";

/** Throws `bad-option` for a picture that came as a file. */
export async function wholePicture(desk: Desk): Promise<Pixels> {
  const { whole, name } = desk.looked;
  if (whole) return pixelsOf(whole);
  throw new LimpidError(
    "bad-option",
    `explorer: the picture must be one that the page made, got the file "${name}". take the file.`,
  );
}
