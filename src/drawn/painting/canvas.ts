/** @file A canvas of pixels that shapes are painted on with soft edges, and that knows where they went. */
import type { Rgb } from "./colour.ts";
import type { Point, Shape } from "./shapes.ts";

/** A rectangle of whole pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a drawing's own units lie in the picture. */
export interface Frame {
  /** Pixel coordinates of its origin; the middle of the first pixel is 0.5. */
  readonly origin: Point;
  readonly pixelsPerUnit: number;
  /** Clockwise. */
  readonly degrees: number;
}

/** The frame of a whole picture: from -0.5 to 0.5 along its shorter side. */
export function wholeFrame({ widthPx, heightPx }: Pick<Canvas, "widthPx" | "heightPx">): Frame {
  return {
    origin: [widthPx / 2, heightPx / 2],
    pixelsPerUnit: Math.min(widthPx, heightPx),
    degrees: 0,
  };
}

/** A colour, or one that depends on the place and its distance from the shape's edge. */
export type Ink = Rgb | ((x: number, y: number, distance: number) => Rgb);

export class Canvas {
  readonly widthPx: number;
  readonly heightPx: number;
  /** [3, heightPx, widthPx]. */
  readonly data: Float32Array;
  /** Pixels painted since tracking began. */
  #left = Infinity;
  #top = Infinity;
  #right = -Infinity;
  #bottom = -Infinity;

  constructor(widthPx: number, heightPx: number) {
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.data = new Float32Array(3 * widthPx * heightPx);
  }

  /** Paints every pixel; places are shares of the shorter side from the picture's middle. */
  fill(colour: (x: number, y: number) => Rgb): void {
    const side = Math.min(this.widthPx, this.heightPx);
    for (let y = 0; y < this.heightPx; y++) {
      for (let x = 0; x < this.widthPx; x++) {
        const across = (x + 0.5 - this.widthPx / 2) / side;
        const down = (y + 0.5 - this.heightPx / 2) / side;
        this.#blend(x, y, colour(across, down), 1);
      }
    }
  }

  /** Paints a shape; `softness` in pixels is how far its edge goes over, 1 by default. */
  paint(shape: Shape, ink: Ink, frame: Frame, { opacity = 1, softness = 1 } = {}): void {
    const { origin, pixelsPerUnit, degrees } = frame;
    const angle = (degrees * Math.PI) / 180;
    const [sin, cos] = [Math.sin(angle) / pixelsPerUnit, Math.cos(angle) / pixelsPerUnit];
    const [left, top, right, bottom] = this.#pixelsOf(shape, frame, softness);
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const dx = x + 0.5 - origin[0];
        const dy = y + 0.5 - origin[1];
        const ownX = cos * dx + sin * dy;
        const ownY = cos * dy - sin * dx;
        const distance = shape.distance(ownX, ownY);
        const covered = Math.min(0.5 - (distance * pixelsPerUnit) / softness, 1) * opacity;
        if (covered <= 0) continue;
        const colour = typeof ink === "function" ? ink(ownX, ownY, distance) : ink;
        this.#blend(x, y, colour, covered);
      }
    }
  }

  /** The box of what `paintAll` painted, or undefined if none of it lies in the picture. */
  track(paintAll: () => void): Box | undefined {
    this.#left = this.#top = Infinity;
    this.#right = this.#bottom = -Infinity;
    paintAll();
    if (this.#left > this.#right) return undefined;
    const [x, y] = [this.#left, this.#top];
    return { x, y, width: this.#right - x + 1, height: this.#bottom - y + 1 };
  }

  /** The pixels that a shape may touch. */
  #pixelsOf(
    shape: Shape,
    frame: Frame,
    softness: number,
  ): readonly [number, number, number, number] {
    const { origin, pixelsPerUnit, degrees } = frame;
    const angle = (degrees * Math.PI) / 180;
    const [sin, cos] = [pixelsPerUnit * Math.sin(angle), pixelsPerUnit * Math.cos(angle)];
    const [left, top, right, bottom] = shape.bounds;
    const corners = [left, right].flatMap((x) =>
      [top, bottom].map(
        (y) => [origin[0] + cos * x - sin * y, origin[1] + sin * x + cos * y] as const,
      ),
    );
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    return [
      Math.max(Math.floor(Math.min(...xs) - softness), 0),
      Math.max(Math.floor(Math.min(...ys) - softness), 0),
      Math.min(Math.ceil(Math.max(...xs) + softness), this.widthPx - 1),
      Math.min(Math.ceil(Math.max(...ys) + softness), this.heightPx - 1),
    ];
  }

  #blend(x: number, y: number, colour: Rgb, share: number): void {
    const places = this.widthPx * this.heightPx;
    const at = y * this.widthPx + x;
    for (let c = 0; c < 3; c++) {
      const i = c * places + at;
      this.data[i] = this.data[i]! + (colour[c]! - this.data[i]!) * share;
    }
    this.#left = Math.min(this.#left, x);
    this.#top = Math.min(this.#top, y);
    this.#right = Math.max(this.#right, x);
    this.#bottom = Math.max(this.#bottom, y);
  }
}
