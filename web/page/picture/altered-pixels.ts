/** @file A picture changed: moved and turned, blurred, lighter or darker, noisy. Equal settings give equal pixels. */
import { randomStream } from "../../../src/random.ts";
import type { Pixels } from "../../protocol.ts";

/** How a picture is changed, in this order; `unaltered` leaves every pixel as it is. */
export interface Alteration {
  readonly isMirrored: boolean;
  /** Clockwise, in degrees, around the middle. */
  readonly turn: number;
  /** 2 shows a quarter of the picture. */
  readonly zoom: number;
  /** What is looked at, from the middle, in shares of half the picture: 1 is its right or lower border. */
  readonly x: number;
  readonly y: number;
  /** Standard deviation, in pixels. */
  readonly blur: number;
  /** Around middle grey: 0 is plain grey. */
  readonly contrast: number;
  /** Is added, 1 being the step from black to white. */
  readonly brightness: number;
  /** Standard deviation, 1 being the step from black to white. */
  readonly noise: number;
  readonly seed: number;
}

export const unaltered: Alteration = {
  isMirrored: false,
  turn: 0,
  zoom: 1,
  x: 0,
  y: 0,
  blur: 0,
  contrast: 1,
  brightness: 0,
  noise: 0,
  seed: 0,
};

/** Red, green and blue [3 * width * height], in 0..255 before they are rounded. */
type Colours = Float32Array;

/** The picture changed, of the same size; what lies outside of it has its mean colour. */
export function alteredPixels(pixels: Pixels, alteration: Alteration): Pixels {
  const { width, height } = pixels;
  const { blur, contrast, brightness, noise, seed } = alteration;
  const moved = movedColours(pixels, alteration);
  const soft = blur > 0 ? blurred(moved, width, height, blur) : moved;
  const random = randomStream(seed, "altered picture");
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) {
      const tone = (soft[3 * i + c]! - 127.5) * contrast + 127.5 + 255 * brightness;
      data[4 * i + c] = noise > 0 ? tone + 255 * noise * random.normal() : tone;
    }
    data[4 * i + 3] = 255;
  }
  return { width, height, data };
}

/** Mirrored, turned, enlarged and shifted, bilinear between the middles of pixels. */
function movedColours(pixels: Pixels, alteration: Alteration): Colours {
  const { width, height } = pixels;
  const { isMirrored, turn, zoom, x, y } = alteration;
  const [sin, cos] = [Math.sin((turn * Math.PI) / 180), Math.cos((turn * Math.PI) / 180)];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const mean = meanColour(pixels);
  const colours = new Float32Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [right, down] = [(column - middleX) / zoom, (row - middleY) / zoom];
      const fromX = cos * right + sin * down + (x * width) / 2;
      const fromY = cos * down - sin * right + (y * height) / 2;
      const at = 3 * (row * width + column);
      const across = middleX + (isMirrored ? -fromX : fromX);
      for (let c = 0; c < 3; c++) {
        colours[at + c] = between(pixels, across, middleY + fromY, c, mean[c]!);
      }
    }
  }
  return colours;
}

function between(
  { width, height, data }: Pixels,
  x: number,
  y: number,
  channel: number,
  outside: number,
): number {
  // Turning by quarters ends on pixels, but for the last digits of sines.
  const [nearX, nearY] = [Math.round(x), Math.round(y)];
  if (Math.abs(x - nearX) < 1e-9) x = nearX;
  if (Math.abs(y - nearY) < 1e-9) y = nearY;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= width || row >= height
      ? outside
      : data[4 * (row * width + column) + channel]!;
  const [shareX, shareY] = [x - left, y - top];
  const mixed = (a: number, b: number, share: number) => (share === 0 ? a : a + (b - a) * share);
  return mixed(
    mixed(at(left, top), at(left + 1, top), shareX),
    mixed(at(left, top + 1), at(left + 1, top + 1), shareX),
    shareY,
  );
}

function meanColour({ data }: Pixels): readonly number[] {
  const sums = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) for (let c = 0; c < 3; c++) sums[c]! += data[i + c]!;
  return sums.map((sum) => (4 * sum) / data.length);
}

/** By a Gaussian along rows, then along columns; pixels at the border stand for those beyond. */
function blurred(colours: Colours, width: number, height: number, deviation: number): Colours {
  const radius = Math.ceil(3 * deviation);
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * deviation ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const along = (from: Colours, length: number, step: number, lines: number, lineStep: number) => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < length; i++) {
        for (let c = 0; c < 3; c++) {
          let sum = 0;
          for (const [k, weight] of weights.entries()) {
            const place = Math.min(Math.max(i + k - radius, 0), length - 1);
            sum += weight * from[3 * (line * lineStep + place * step) + c]!;
          }
          to[3 * (line * lineStep + i * step) + c] = sum / total;
        }
      }
    }
    return to;
  };
  return along(along(colours, width, 1, height, width), height, width, width, 1);
}
