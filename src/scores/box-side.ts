/** @file Where a box lies as a weighted sum of its numbers: its centre and its size, in pixels of the input. */
import { LimpidError } from "../errors.ts";
import { placeOf } from "../network/detection/decode.ts";
import type { BoxForm, BoxNumbers, Detection, Detector } from "../network/detection/detection.ts";
import { say } from "../wording/face.ts";
import type { BoxSum } from "./box-target.ts";
import type { BoxSide } from "./target.ts";

/** What each side is of the four numbers of a box. */
const sums: {
  readonly [Form in Exclude<BoxForm, "deltas">]: Readonly<Record<BoxSide, readonly number[]>>;
} = {
  "centre and size": { x: [1, 0, 0, 0], y: [0, 1, 0, 0], w: [0, 0, 1, 0], h: [0, 0, 0, 1] },
  corners: { x: [0.5, 0, 0.5, 0], y: [0, 0.5, 0, 0.5], w: [-1, 0, 1, 0], h: [0, -1, 0, 1] },
  "corners, y first": {
    x: [0, 0.5, 0, 0.5],
    y: [0.5, 0, 0.5, 0],
    w: [0, -1, 0, 1],
    h: [-1, 0, 1, 0],
  },
};

/** Weights of a side of a box. Throws `bad-option` where the layout has no boxes. */
export function boxSideWeights(detector: Detector, box: Detection, side: BoxSide): BoxSum {
  const { boxes, widthPx, heightPx } = detector;
  if (!boxes) {
    throw new LimpidError(
      "bad-option",
      say`target: the file must tell where the boxes lie, got scores alone. explain a score instead.`,
    );
  }
  const length = side === "x" || side === "w" ? widthPx : heightPx;
  const weights = new Float32Array(boxes.length);
  if (boxes.form === "deltas") return deltaWeights(boxes, box, side, length);
  for (const [k, share] of sums[boxes.form][side].entries()) {
    weights[placeOf(boxes, box.anchor, k)] = share * (boxes.areShares ? length : 1);
  }
  const names = { x: "x of the centre", y: "y of the centre", w: "width", h: "height" };
  return { value: boxes.value, weights, scoreName: `${names[side]} in pixels`, notes: [] };
}

/** The centre moves by a share of the anchor; of a size only the logarithm is such a sum. */
function deltaWeights(
  { value, length, areShares, anchors, ...numbers }: BoxNumbers,
  { anchor }: Detection,
  side: BoxSide,
  lengthPx: number,
): BoxSum {
  const k = { x: 0, y: 1, w: 2, h: 3 }[side];
  const weights = new Float32Array(length);
  const isSize = side === "w" || side === "h";
  const size = (anchors?.[4 * anchor + (k % 2) + 2] ?? 1) * (areShares ? lengthPx : 1);
  weights[placeOf({ value, length, ...numbers }, anchor, k)] = isSize ? 1 : size;
  const names = {
    x: "x of the centre in pixels",
    y: "y of the centre in pixels",
    w: "logarithm of the width",
    h: "logarithm of the height",
  };
  const from = isSize ? "" : ", counted from its anchor";
  return { value, weights, scoreName: `${names[side]}${from}`, notes: [] };
}
