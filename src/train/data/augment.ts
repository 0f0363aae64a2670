/** @file Augmentation: pictures moved and recoloured at random, so that a network learns what stays the same. */
import { closestNames } from "../../wording/closest-names.ts";
import { LimpidError } from "../../errors.ts";
import type { RandomStream } from "../../random.ts";

/** How far pictures are changed. A part that is left out or 0 changes nothing. */
export interface Augmentation {
  /** Largest rotation to each side, in degrees. */
  readonly rotateDegrees?: number;
  /** Largest shift to each side, as a share of the picture's height and of its width. */
  readonly shift?: number;
  /** Largest shear to each side, in degrees. */
  readonly shearDegrees?: number;
  /** Smallest and largest share of the picture that is seen, drawn for height and width apart. */
  readonly zoom?: readonly [number, number];
  /** Mirror half of the pictures left to right. */
  readonly flip?: boolean;
  /** Largest change of the brightness: 0.2 multiplies by 0.8 to 1.2. */
  readonly brightness?: number;
  /** Largest change of the distance from the picture's mean. */
  readonly contrast?: number;
  /** Largest change of the distance from grey; pictures of one channel have none. */
  readonly colour?: number;
  /** What lies beyond the border: its last pixel (default), or the picture mirrored. */
  readonly edge?: "nearest" | "reflect";
}

/** THE table of recipes. */
export const augmentations = {
  none: {},
  /** For digits, which must not be mirrored. */
  light: { rotateDegrees: 10, shift: 0.08, shearDegrees: 6, zoom: [0.9, 1.1] },
  /** What the study of cats and dogs took from Keras' generator; its shear of 0.2 is in radians. */
  keras: {
    rotateDegrees: 40,
    shift: 0.2,
    shearDegrees: (0.2 * 180) / Math.PI,
    zoom: [0.8, 1.2],
    flip: true,
  },
  /** For photos: what a camera might have done otherwise. */
  photos: {
    rotateDegrees: 10,
    shift: 0.08,
    zoom: [0.8, 1.1],
    flip: true,
    brightness: 0.2,
    contrast: 0.2,
    edge: "reflect",
  },
  strong: {
    rotateDegrees: 30,
    shift: 0.2,
    shearDegrees: 12,
    zoom: [0.65, 1.2],
    flip: true,
    brightness: 0.3,
    contrast: 0.3,
    colour: 0.4,
    edge: "reflect",
  },
} as const satisfies Readonly<Record<string, Augmentation>>;

export type AugmentationName = keyof typeof augmentations;

/** The recipe of a name. Throws `bad-option` for an unknown one. */
export function augmentationOf(name: string): Augmentation {
  if (Object.hasOwn(augmentations, name)) return augmentations[name as AugmentationName];
  const names = Object.keys(augmentations);
  const [near] = closestNames(name, names);
  throw new LimpidError(
    "bad-option",
    `augment: the recipe must be one of ${names.join(", ")}, got "${name}".${near === undefined ? "" : ` closest: "${near}".`}`,
  );
}

type Dims = readonly [number, number, number];

/**
 * The picture [C, H, W] changed at random, in an array of its own. Moves are one affine map about the
 * centre, sampled bilinearly: input = rotation * shift * shear * zoom * flip * output, as Keras composes
 * them. Colours stay in 0..1.
 */
export function augment(
  source: Float32Array,
  dims: Dims,
  augmentation: Augmentation,
  random: RandomStream,
): Float32Array {
  const map = drawMap(augmentation, dims, random);
  const tone = drawTone(augmentation, random);
  const moved = isIdentity(map)
    ? source.slice()
    : sample(source, dims, map, augmentation.edge === "reflect");
  if (tone.brightness !== 1 || tone.contrast !== 1 || tone.colour !== 1)
    recolour(moved, dims, tone);
  return moved;
}

/** Where the output's place (y, x) lies in the input: y' = yy y + yx x + y0, and x' alike. */
interface AffineMap {
  readonly yy: number;
  readonly yx: number;
  readonly y0: number;
  readonly xy: number;
  readonly xx: number;
  readonly x0: number;
}

function isIdentity({ yy, yx, y0, xy, xx, x0 }: AffineMap): boolean {
  return yy === 1 && xx === 1 && yx === 0 && xy === 0 && y0 === 0 && x0 === 0;
}

/** Draws always the same number of values, so that one part does not depend on another. */
function drawMap(augmentation: Augmentation, [, height, width]: Dims, random: RandomStream) {
  const { rotateDegrees = 0, shift = 0, shearDegrees = 0, zoom = [1, 1], flip } = augmentation;
  const radians = Math.PI / 180;
  const angle = radians * random.between(-rotateDegrees, rotateDegrees);
  const down = height * random.between(-shift, shift);
  const right = width * random.between(-shift, shift);
  const shear = radians * random.between(-shearDegrees, shearDegrees);
  const zoomY = random.between(zoom[0], zoom[1]);
  const mirrored = random.uniform() < 0.5 && flip === true;
  const zoomX = random.between(zoom[0], zoom[1]) * (mirrored ? -1 : 1);
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const [shearY, shearX] = [-Math.sin(shear), Math.cos(shear)];
  const yy = cos * zoomY;
  const yx = (cos * shearY - sin * shearX) * zoomX;
  const xy = sin * zoomY;
  const xx = (sin * shearY + cos * shearX) * zoomX;
  const [centreY, centreX] = [(height - 1) / 2, (width - 1) / 2];
  const y0 = centreY - yy * centreY - yx * centreX + cos * down - sin * right;
  const x0 = centreX - xy * centreY - xx * centreX + sin * down + cos * right;
  return { yy, yx, y0, xy, xx, x0 } satisfies AffineMap;
}

/** The place inside 0..last that stands for `at`: the nearest, or its mirror image (d c b a | a b c d | d c b a). */
function inside(at: number, last: number, reflects: boolean): number {
  if (at >= 0 && at <= last) return at;
  if (!reflects) return at < 0 ? 0 : last;
  const period = 2 * (last + 1);
  const folded = Math.abs((((at + 0.5) % period) + period) % period);
  const place = (folded > last + 1 ? period - folded : folded) - 0.5;
  return place < 0 ? 0 : Math.min(place, last);
}

/** One map for all channels: the four neighbours and their weights are found once a place. */
function sample(
  source: Float32Array,
  [, height, width]: Dims,
  { yy, yx, y0, xy, xx, x0 }: AffineMap,
  reflects: boolean,
): Float32Array {
  const result = new Float32Array(source.length);
  const places = height * width;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const atY = inside(yy * y + yx * x + y0, height - 1, reflects);
      const atX = inside(xy * y + xx * x + x0, width - 1, reflects);
      const [top, left] = [atY | 0, atX | 0];
      const [shareY, shareX] = [atY - top, atX - left];
      const down = top + 1 < height ? width : 0;
      const right = left + 1 < width ? 1 : 0;
      let from = top * width + left;
      for (let to = y * width + x; to < result.length; to += places, from += places) {
        const above = source[from]! * (1 - shareX) + source[from + right]! * shareX;
        const below = source[from + down]! * (1 - shareX) + source[from + down + right]! * shareX;
        result[to] = above * (1 - shareY) + below * shareY;
      }
    }
  }
  return result;
}

/** Factors of 1 change nothing. */
interface Tone {
  readonly brightness: number;
  readonly contrast: number;
  readonly colour: number;
}

function drawTone(augmentation: Augmentation, random: RandomStream): Tone {
  const { brightness = 0, contrast = 0, colour = 0 } = augmentation;
  return {
    brightness: random.between(1 - brightness, 1 + brightness),
    contrast: random.between(1 - contrast, 1 + contrast),
    colour: random.between(1 - colour, 1 + colour),
  };
}

/** Weights of red, green and blue in a colour's luma (Rec. 601). */
const luma = [0.299, 0.587, 0.114] as const;

/** Brightness about black, contrast about the picture's mean luma, colour about each place's luma; in place. */
function recolour(data: Float32Array, [channels, height, width]: Dims, tone: Tone): void {
  const { brightness, contrast, colour } = tone;
  const places = height * width;
  const isRgb = channels === 3;
  const lumaAt = (i: number) =>
    isRgb
      ? luma[0] * data[i]! + luma[1] * data[places + i]! + luma[2] * data[2 * places + i]!
      : data[i]!;
  let total = 0;
  for (let i = 0; i < places; i++) total += lumaAt(i);
  const base = (1 - contrast) * (total / places);
  const kept = isRgb ? colour : 1;
  for (let i = 0; i < places; i++) {
    const grey = (1 - kept) * lumaAt(i);
    for (let at = i; at < data.length; at += places) {
      const value = brightness * (contrast * (kept * data[at]! + grey) + base);
      data[at] = value < 0 ? 0 : value > 1 ? 1 : value;
    }
  }
}
