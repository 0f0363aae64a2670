/** @file The part of a picture that is meant: a mask, a box or a pixel of the user's photo, in the network's input. */
import { LimpidError } from "../../errors.ts";
import { decodeNpy } from "../../formats/npy.ts";
import { formatShape, toNumbers, type Tensor } from "../../graph/tensor.ts";
import { coveredCells, maskShare, type Mask } from "../../image/mask.ts";
import { toRgba, type DecodedPicture, type Picture } from "../../image/picture.ts";
import type { Rectangle } from "../../image/raster.ts";
import type { Region } from "../../scores/target.ts";
import { option, say, type Message } from "../../wording/face.ts";
import type { OptionTable } from "../../wording/option.ts";
import { inputFile, type InputFile } from "../input-file.ts";
import type { Platform } from "../platform.ts";
import type { Source } from "../source.ts";

/** THE options; at most one of them may be given. */
export const regionOptions = {
  mask: {
    kind: "text",
    value: "file",
    description:
      "explain the class, or the layer's channel, there: a picture of the photo's size, inside where it is not black, or a .npy [H,W]",
    default: { depends: "where the network finds the class" },
  },
  box: {
    kind: "text",
    value: "left,top,right,bottom",
    description: "explain the class, or the layer's channel, in a box, in pixels of the photo",
    default: { depends: "none" },
  },
  pixel: {
    kind: "text",
    value: "x,y",
    description:
      "explain the class, or the layer's channel, at a pixel of the photo, counted from 0",
    default: { depends: "none" },
  },
} as const satisfies OptionTable;

/** A mask: a picture or an .npy file, by its path or in hand, pixels, or numbers [H, W]. */
export type AskedMask = string | InputFile | Picture | Tensor;

/** A region as it is asked for: a mask, or numbers of the photo's pixels as text. */
export interface AskedRegion {
  readonly mask?: AskedMask;
  /** "left,top,right,bottom" */
  readonly box?: string;
  /** "x,y" */
  readonly pixel?: string;
}

/** A region of the network's input, and what is to be said of it. */
export interface ReadRegion {
  readonly region: Region;
  readonly note?: Message;
}

/** The photo, or the tensor, that a region is part of, and where it lies in the input. */
interface Frame {
  readonly what: "photo" | "tensor";
  readonly widthPx: number;
  readonly heightPx: number;
  readonly place: Rectangle;
  readonly input: { readonly widthPx: number; readonly heightPx: number };
}

/**
 * The region that is asked for, in pixels of the network's input; undefined where none is. Throws `bad-option` for
 * several, for what does not lie in the photo, and for what the crop leaves nothing of; `bad-file` for masks that are
 * none.
 */
export async function readRegion(
  platform: Pick<Platform, "readBytes" | "readPicture">,
  asked: AskedRegion,
  source: Pick<Source, "input" | "photo">,
): Promise<ReadRegion | undefined> {
  const given = Object.keys(regionOptions).filter(
    (name) => asked[name as keyof AskedRegion] !== undefined,
  );
  if (given.length === 0) return undefined;
  if (given.length > 1) {
    const [first, second] = [option(given[0]!), option(given[1]!)];
    throw new LimpidError(
      "bad-option",
      say`region: only one part of the picture must be named, got ${first} and ${second}. leave one out.`,
    );
  }
  const frame = frameOf(source);
  if (asked.mask !== undefined) return maskRegion(await readMask(platform, asked.mask), frame);
  if (asked.box !== undefined) return boxRegion(asked.box, frame);
  return pixelRegion(asked.pixel!, frame);
}

function frameOf({ input, photo }: Pick<Source, "input" | "photo">): Frame {
  const [, , heightPx, widthPx] = input.dims as readonly [number, number, number, number];
  const size = { widthPx, heightPx };
  if (photo) return { what: "photo", ...photo, input: size };
  return { what: "tensor", ...size, place: { left: 0, top: 0, ...size }, input: size };
}

/** A column or row of the photo in the input. */
function inInput({ widthPx, heightPx, place }: Frame) {
  return {
    x: (x: number) => place.left + (x / widthPx) * place.widthPx,
    y: (y: number) => place.top + (y / heightPx) * place.heightPx,
  };
}

function boxRegion(text: string, frame: Frame): ReadRegion {
  const { widthPx, heightPx, what, input } = frame;
  const [left, top, right, bottom] = numbersOf("box", text, ["left", "top", "right", "bottom"]) as [
    number,
    number,
    number,
    number,
  ];
  if (!(left >= 0 && top >= 0 && right <= widthPx && bottom <= heightPx)) {
    throw outside("box", text, frame);
  }
  if (!(left < right && top < bottom)) {
    throw new LimpidError(
      "bad-option",
      `box: left must be less than right and top less than bottom, got ${text}. the order is left,top,right,bottom.`,
    );
  }
  const at = inInput(frame);
  const whole = { left: at.x(left), top: at.y(top), right: at.x(right), bottom: at.y(bottom) };
  const region: Region = {
    kind: "box",
    asked: text,
    left: Math.max(whole.left, 0),
    top: Math.max(whole.top, 0),
    right: Math.min(whole.right, input.widthPx),
    bottom: Math.min(whole.bottom, input.heightPx),
  };
  if (!(region.left < region.right && region.top < region.bottom)) throw cutOff("box");
  const area = (box: typeof whole) => (box.right - box.left) * (box.bottom - box.top);
  const share = area(region) / area(whole);
  if (share > 1 - 1e-6) return { region };
  const note = say`of the box ${text} only ${sharePercent(share)} is in the part of the ${what} that the network sees`;
  return { region, note };
}

function pixelRegion(text: string, frame: Frame): ReadRegion {
  const { widthPx, heightPx, input } = frame;
  const [column, row] = numbersOf("pixel", text, ["x", "y"]) as [number, number];
  if (!(column >= 0 && row >= 0 && column < widthPx && row < heightPx)) {
    throw outside("pixel", text, frame);
  }
  const at = inInput(frame);
  const middle = (value: number) => (Number.isInteger(value) ? value + 0.5 : value);
  const [x, y] = [at.x(middle(column)), at.y(middle(row))];
  if (!(x >= 0 && y >= 0 && x < input.widthPx && y < input.heightPx)) throw cutOff("pixel");
  return { region: { kind: "pixel", asked: text, x, y } };
}

function maskRegion(mask: Mask, frame: Frame): ReadRegion {
  const { widthPx, heightPx, what, place, input } = frame;
  if (!mask.inside.includes(1)) {
    throw new LimpidError(
      "bad-option",
      "mask: something of it must be inside, which is where it is not black or 0, got none. paint the region white.",
    );
  }
  // The frame of the input, in pixels of the mask.
  const [across, down] = [mask.widthPx / place.widthPx, mask.heightPx / place.heightPx];
  const seen = {
    left: -place.left * across,
    top: -place.top * down,
    widthPx: input.widthPx * across,
    heightPx: input.heightPx * down,
  };
  const inside = coveredCells(maskShare(mask), seen, input.widthPx, input.heightPx);
  if (!inside.includes(1)) throw cutOff("mask");
  const region: Region = { kind: "mask", ...input, inside };
  if (mask.widthPx === widthPx && mask.heightPx === heightPx) return { region };
  const note = say`the mask of ${mask.widthPx} x ${mask.heightPx} is scaled to the ${what}'s ${widthPx} x ${heightPx}`;
  return { region, note };
}

async function readMask(
  platform: Pick<Platform, "readBytes" | "readPicture">,
  asked: AskedMask,
): Promise<Mask> {
  if (typeof asked !== "string" && "dims" in asked) return tensorMask(asked);
  if (typeof asked !== "string" && "widthPx" in asked) return pictureMask(asked, 1);
  const file = inputFile(platform, asked);
  const { name } = file;
  if (name.toLowerCase().endsWith(".npy")) {
    return tensorMask(decodeNpy(await file.readBytes(), name));
  }
  // JPEG leaves traces around what was painted.
  const least = /\.jpe?g$/i.test(name) ? 128 : 1;
  return pictureMask(await file.readPicture(), least);
}

/** Inside is what is not black, or from `least` of 255 on in any colour, and not transparent, which files lay on white. */
function pictureMask(picture: DecodedPicture, least: number): Mask {
  const { widthPx, heightPx, alpha } = picture;
  const { data } = toRgba(picture);
  const inside = Uint8Array.from({ length: widthPx * heightPx }, (_, i) => {
    const brightest = Math.max(data[4 * i]!, data[4 * i + 1]!, data[4 * i + 2]!);
    return (alpha?.[i] ?? data[4 * i + 3]!) >= 128 && brightest >= least ? 1 : 0;
  });
  return { widthPx, heightPx, inside };
}

/** [H, W], or that behind axes of one. */
function tensorMask(value: Tensor): Mask {
  const { dims } = value;
  const [heightPx, widthPx] = dims.slice(-2);
  if (dims.length < 2 || dims.slice(0, -2).some((size) => size !== 1) || dims.includes(0)) {
    throw new LimpidError(
      "bad-file",
      `mask: a .npy mask must be [H, W], got shape ${formatShape(dims)}. save one number a pixel.`,
    );
  }
  const inside = Uint8Array.from(toNumbers(value), (number) => (number === 0 ? 0 : 1));
  return { widthPx: widthPx!, heightPx: heightPx!, inside };
}

function numbersOf(name: string, text: string, parts: readonly string[]): readonly number[] {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (numbers.length === parts.length && numbers.every(Number.isFinite)) return numbers;
  throw new LimpidError(
    "bad-option",
    `${name}: it must be ${parts.length} numbers, ${parts.join(",")}, got "${text}".`,
  );
}

function outside(name: "box" | "pixel", text: string, frame: Frame): LimpidError {
  const { widthPx, heightPx, what } = frame;
  const most = name === "box" ? [widthPx, heightPx] : [widthPx - 1, heightPx - 1];
  return new LimpidError(
    "bad-option",
    `${name}: it must lie in the ${what} of ${widthPx} x ${heightPx} pixels, x from 0 to ${most[0]} and y from 0 to ${most[1]}, got ${text}. give pixels of the ${what} itself.`,
  );
}

function cutOff(name: "mask" | "box" | "pixel"): LimpidError {
  return new LimpidError(
    "bad-option",
    say`${name}: it must lie in the part of the photo that the network sees, got one that the crop leaves out. crop the picture yourself, or give ${option("preprocess")} a file with "resize": "pad".`,
  );
}

function sharePercent(share: number): string {
  return `${Math.max(Math.round(100 * share), 1)} %`;
}
