/** @file What a network sees, shown in its place on the whole photo. */
import type { Mask } from "../image/mask.ts";
import { toGrey, type Picture } from "../image/picture.ts";
import type { CutPicture } from "../image/preprocess.ts";
import { paint } from "./marks.ts";
import { boxesOver, type ShownBox } from "./detected-boxes.ts";
import type { ShownReference } from "./reference-cell.ts";
import { insetMarks, type SheetCell } from "./sheet.ts";

/** What figures show of an input. */
export interface ShownInput {
  /** What the network saw. */
  readonly photo: Picture;
  /** The photo that it was cut out of, where something is left out. */
  readonly cut?: CutPicture;
  /** What a detector found in it. */
  readonly boxes?: readonly ShownBox[];
  /** The part of what the network saw that is meant, which is outlined. */
  readonly meant?: Mask;
  /** What its score is compared with. */
  readonly reference?: ShownReference;
}

/** Of its light and colour the part that is left out keeps so much, over black. */
const dimmedLight = 0.55;
const dimmedColour = 0.4;

/** Longer side of the whole photo, in units of the sheet: a panorama gets smaller, and with it what is seen. */
const longestPx = 520;

export const cutFooter =
  "The network sees what lies in the frame, and places and shares are told of that; the rest of the photo is dimmed.";

/** The photo with less light and colour, RGB. */
export function dimmed(photo: Picture): Picture {
  const grey = toGrey(photo).data;
  const { widthPx, heightPx, channels } = photo;
  const data = new Uint8Array(3 * grey.length);
  for (let i = 0; i < data.length; i++) {
    const [at, c] = [Math.floor(i / 3), i % 3];
    const colour = channels === 1 ? grey[at]! : photo.data[at * channels + c]!;
    const faded = grey[at]! + (colour - grey[at]!) * dimmedColour;
    data[i] = Math.round(faded * dimmedLight);
  }
  return { widthPx, heightPx, channels: 3, data };
}

/** Width and height of a cell where a pixel of what is seen takes `share` units of the sheet. */
export function cellSizeOf({ photo, cut }: ShownInput, share: number) {
  const { widthPx, heightPx } = cut?.whole ?? photo;
  const fitting = cut ? Math.min(share, longestPx / Math.max(widthPx, heightPx)) : share;
  return {
    cellWidthPx: Math.max(Math.round(widthPx * fitting), 1),
    cellHeightPx: Math.max(Math.round(heightPx * fitting), 1),
  };
}

/** Shows pictures of what is seen, which cover all of it, in their place on the photo and with the boxes in it. */
export function placedIn({ cut, boxes }: ShownInput): (cell: SheetCell) => SheetCell {
  const placed = cutIn(cut);
  if (!boxes) return placed;
  const over = boxesOver(boxes, "outlines");
  return (cell) => placed(cell.picture ? { over, ...cell } : cell);
}

function cutIn(cut: CutPicture | undefined): (cell: SheetCell) => SheetCell {
  if (!cut) return (cell) => cell;
  const ground = dimmed(cut.whole);
  return (cell) => {
    if (!cell.picture) return cell;
    const { picture, enlarge, isStretched: _, ...rest } = cell;
    const inset = { picture, part: cut.part, ...(enlarge ? { enlarge } : {}) };
    return { ...rest, picture: ground, enlarge: "smooth", inset };
  };
}

/** Longer side of a picture that stands alone, in pixels: a panorama gets smaller, and with it what is seen. */
const longestAlonePx = 1600;

/** A picture of what is seen, which covers all of it, in its place on the photo: a picture that stands alone. */
export function pictureInPlace({ cut }: ShownInput, picture: Picture): Picture {
  if (!cut) return picture;
  const { whole, part } = cut;
  const { widthPx, heightPx } = whole;
  const longest = Math.max(widthPx, heightPx);
  const density = Math.min(picture.widthPx / part.widthPx, longestAlonePx / longest);
  const box = { x: 0, y: 0, widthPx, heightPx };
  const ground = { kind: "picture", ...box, picture: dimmed(whole), enlarge: "smooth" } as const;
  const inset = { picture, part, enlarge: "smooth" } as const;
  return paint({ widthPx, heightPx, marks: [ground, ...insetMarks(inset, box, 1)] }, density);
}

/** The cell that shows the input, with the names of its boxes. */
export function inputCell({ photo, cut, boxes, reference }: ShownInput): SheetCell {
  const seen = `input, ${photo.widthPx} × ${photo.heightPx}`;
  return {
    title: cut ? `${seen}, in its photo` : seen,
    picture: photo,
    enlarge: "smooth",
    ...(boxes ? { over: boxesOver(boxes, "names") } : {}),
    ...(reference?.own === undefined ? {} : { captions: [reference.own] }),
  };
}

/** What is said below of boxes. */
export const boxesFooter =
  "Boxes are what the detector found: the strong ones are explained, the others are shown beside them.";
