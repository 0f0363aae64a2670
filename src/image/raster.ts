/** @file Pictures cut out of and laid into others: one way for each. */
import { LimpidError } from "../errors.ts";
import { toRgba, type Picture } from "./picture.ts";

/** A part of a picture in whole pixels. The sides may be 0 where there is no pixel. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A picture of one colour: a number 0..255 for all its channels, or one a channel. */
export function filled(
  widthPx: number,
  heightPx: number,
  channels: Picture["channels"],
  colour: number | ArrayLike<number>,
): Picture {
  const data = new Uint8Array(widthPx * heightPx * channels);
  if (typeof colour === "number") data.fill(colour);
  else for (let i = 0; i < data.length; i += channels) data.set(colour, i);
  return { widthPx, heightPx, channels, data };
}

/** The part of a picture in a rectangle. Throws `bad-option` unless it lies inside the picture. */
export function crop(source: Picture, { left, top, widthPx, heightPx }: Rectangle): Picture {
  const { channels } = source;
  if (
    [left, top, widthPx, heightPx].some((side) => !Number.isInteger(side) || side < 0) ||
    left + widthPx > source.widthPx ||
    top + heightPx > source.heightPx
  ) {
    throw new LimpidError(
      "bad-option",
      `crop: ${widthPx} x ${heightPx} from column ${left} and row ${top} must lie inside the picture, got one of ${source.widthPx} x ${source.heightPx}.`,
    );
  }
  const data = new Uint8Array(widthPx * heightPx * channels);
  for (let y = 0; y < heightPx; y++) {
    const start = ((top + y) * source.widthPx + left) * channels;
    data.set(source.data.subarray(start, start + widthPx * channels), y * widthPx * channels);
  }
  return { widthPx, heightPx, channels, data };
}

/** The part of a picture around its centre, as torchvision's `CenterCrop` cuts it. Throws `bad-option` if it is larger than the picture. */
export function centreCrop(source: Picture, widthPx: number, heightPx: number): Picture {
  return crop(source, centreOf(source, widthPx, heightPx));
}

/** Where `centreCrop` cuts. Throws as it does. */
export function centreOf(
  source: Pick<Picture, "widthPx" | "heightPx">,
  widthPx: number,
  heightPx: number,
): Rectangle {
  if (widthPx > source.widthPx || heightPx > source.heightPx) {
    throw new LimpidError(
      "bad-option",
      `crop: ${widthPx} x ${heightPx} must lie inside the picture, got one of ${source.widthPx} x ${source.heightPx}. resize it first.`,
    );
  }
  const left = roundHalfEven((source.widthPx - widthPx) / 2);
  const top = roundHalfEven((source.heightPx - heightPx) / 2);
  return { left, top, widthPx, heightPx };
}

/** Python's `round`, which torchvision places its crop with. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * Lays a picture into another of as many channels, which is changed, with its upper left corner at (left, top).
 * Throws `shape-mismatch` unless it lies inside and has as many channels.
 */
export function paste(target: Picture, part: Picture, left: number, top: number): void {
  const { channels } = target;
  const isInside =
    left >= 0 &&
    top >= 0 &&
    left + part.widthPx <= target.widthPx &&
    top + part.heightPx <= target.heightPx;
  if (!isInside || part.channels !== channels) {
    throw new LimpidError(
      "shape-mismatch",
      `paste: a picture of ${part.widthPx} x ${part.heightPx} with ${part.channels} channels at column ${left} and row ${top} must lie inside one with as many channels, got one of ${target.widthPx} x ${target.heightPx} with ${channels}.`,
    );
  }
  const length = part.widthPx * channels;
  for (let y = 0; y < part.heightPx; y++) {
    const line = part.data.subarray(y * length, (y + 1) * length);
    target.data.set(line, ((top + y) * target.widthPx + left) * channels);
  }
}

/** Pictures of one size side by side, row by row, `gapPx` apart on a transparent ground. */
export function pictureGrid(pictures: readonly Picture[], columns: number, gapPx: number): Picture {
  const { widthPx, heightPx } = pictures[0]!;
  const [stepX, stepY] = [widthPx + gapPx, heightPx + gapPx];
  const rows = Math.ceil(pictures.length / columns);
  const grid = filled(columns * stepX - gapPx, rows * stepY - gapPx, 4, 0);
  for (const [i, picture] of pictures.entries()) {
    paste(grid, toRgba(picture), (i % columns) * stepX, Math.floor(i / columns) * stepY);
  }
  return grid;
}
