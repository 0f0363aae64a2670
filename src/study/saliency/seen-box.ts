/** @file Boxes in what a network sees of a picture. */
import type { Box } from "../../attribution/diagnosis/positive-mass.ts";
import type { Picture } from "../../image/picture.ts";
import type { Preprocessing } from "../../image/preprocess.ts";

/** A box in shares of what the network sees of a picture; what is cut off is left out. */
export function seenBox(
  box: Box,
  { widthPx, heightPx }: Picture,
  preprocessing: Preprocessing,
): Box {
  const [across, down] = seenShares(widthPx, heightPx, preprocessing);
  const along = (at: number, extent: number) =>
    Math.min(Math.max((at - (1 - extent) / 2) / extent, 0), 1);
  return {
    left: along(box.left, across),
    right: along(box.right, across),
    top: along(box.top, down),
    bottom: along(box.bottom, down),
  };
}

/** Shares of width and height that are seen, around the centre; above 1 where borders are added. */
function seenShares(
  widthPx: number,
  heightPx: number,
  preprocessing: Preprocessing,
): readonly [number, number] {
  if (preprocessing.resize === "stretch") return [1, 1];
  const side =
    preprocessing.resize === "crop"
      ? preprocessing.cropShare * Math.min(widthPx, heightPx)
      : Math.max(widthPx, heightPx);
  return [side / widthPx, side / heightPx];
}
