/** @file Digits as a pen writes them: a data set without end that needs no file. */
import { randomStream, type RandomStream } from "../random.ts";
import type { DataSplit, Dataset, Example } from "../image/dataset.ts";
import { digitStyles, type Stroke } from "./digit-strokes.ts";

/** Pictures are as large as MNIST's, and the longer side of a digit is as long. */
const sidePx = 28;
const digitPx = 20;
/** Where the middle of a line is at least. */
const borderPx = 2.5;

/** Points between two points of a stroke. */
const stepsPerSpan = 6;

type Point = readonly [x: number, y: number];
type Warp = (point: Point) => Point;

/** A piece of a stroke, in pixels. */
interface Segment {
  readonly from: Point;
  readonly to: Point;
  /** Half of the line's width. */
  readonly radius: number;
}

/**
 * The digit of a number: [1, 28, 28] in whole steps of 1/255, white on black, its middle in the picture's as
 * MNIST has it. Style, slant, proportions, bends, width of the pen and noise are drawn from the seed and the
 * number; the class is the number's last digit.
 */
export function drawDigit(seed: number, index: number): Example {
  const label = index % digitStyles.length;
  const random = randomStream(seed, "digits", index);
  const styles = digitStyles[label]!;
  const strokes = styles[random.below(styles.length)]!;
  const warp = drawWarp(random);
  const lines = strokes.map((stroke) => curve(shaken(stroke, random)).map(warp));
  const segments = segmentsOf(centred(lines, random), random);
  return { picture: ink(segments, random), label };
}

/** The inner points of a stroke a little off; its ends stay where other strokes meet them. */
function shaken(stroke: Stroke, random: RandomStream): readonly Point[] {
  return stroke.map(([x, y], i) => {
    const reach = i === 0 || i === stroke.length - 1 ? 0 : 0.015;
    return [x + reach * random.normal(), y + reach * random.normal()];
  });
}

/** A smooth curve through the points: cubic splines of Catmull and Rom (1974). */
function curve(points: readonly Point[]): readonly Point[] {
  const at = (i: number) => points[Math.min(Math.max(i, 0), points.length - 1)]!;
  const result: Point[] = [];
  for (let i = 0; i + 1 < points.length; i++) {
    for (let step = 0; step < stepsPerSpan; step++) {
      const t = step / stepsPerSpan;
      const along = (axis: 0 | 1) =>
        spline(at(i - 1)[axis], at(i)[axis], at(i + 1)[axis], at(i + 2)[axis], t);
      result.push([along(0), along(1)]);
    }
  }
  return [...result, at(points.length - 1)];
}

function spline(before: number, from: number, to: number, after: number, t: number): number {
  const slope = to - before;
  const bend = 2 * before - 5 * from + 4 * to - after;
  const twist = 3 * (from - to) + after - before;
  return from + (t * (slope + t * (bend + t * twist))) / 2;
}

/** Slant, turn and proportions, after bends that are the sum of three slow waves. */
function drawWarp(random: RandomStream): Warp {
  const waves = Array.from({ length: 3 }, () => ({
    across: random.between(-0.9, 0.9),
    down: random.between(-0.9, 0.9),
    phase: random.between(0, 2 * Math.PI),
    toX: 0.042 * random.normal(),
    toY: 0.042 * random.normal(),
  }));
  const slant = Math.tan(((12 * random.normal()) / 180) * Math.PI);
  const angle = ((7 * random.normal()) / 180) * Math.PI;
  const width = random.between(0.68, 1.35);
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return ([x, y]) => {
    let [bentX, bentY] = [x - 0.35, y - 0.5];
    for (const { across, down, phase, toX, toY } of waves) {
      const height = Math.sin(2 * Math.PI * (across * x + down * y) + phase);
      bentX += toX * height;
      bentY += toY * height;
    }
    const wide = width * bentX - slant * bentY;
    return [cos * wide - sin * bentY, sin * wide + cos * bentY];
  };
}

/** The lines in pixels: as large as MNIST's digits, give or take, the centre of their length in the middle. */
function centred(
  lines: readonly (readonly Point[])[],
  random: RandomStream,
): readonly (readonly Point[])[] {
  const points = lines.flat();
  const centre = centreOf(lines);
  const [x, y] = ([0, 1] as const).map((axis) => {
    const values = points.map((point) => point[axis]);
    return { low: Math.min(...values), high: Math.max(...values), centre: centre[axis] };
  });
  const span = Math.max(x!.high - x!.low, y!.high - y!.low);
  const scale = (digitPx * random.between(0.78, 0.98)) / span;
  const [left, top] = [x!, y!].map(({ low, high, centre: middle }) => {
    const wanted = (sidePx - 1) / 2 - scale * middle + random.between(-1.2, 1.2);
    return Math.max(Math.min(wanted, sidePx - 1 - borderPx - scale * high), borderPx - scale * low);
  });
  return lines.map((line) =>
    line.map((point) => [left! + scale * point[0], top! + scale * point[1]]),
  );
}

/** The mean place of the lines' length. */
function centreOf(lines: readonly (readonly Point[])[]): Point {
  let [length, sumX, sumY] = [0, 0, 0];
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) {
      const [[x0, y0], [x1, y1]] = [line[i - 1]!, line[i]!];
      const piece = Math.hypot(x1 - x0, y1 - y0);
      length += piece;
      sumX += (piece * (x0 + x1)) / 2;
      sumY += (piece * (y0 + y1)) / 2;
    }
  }
  return [sumX / length, sumY / length];
}

/** The pen's width changes slowly along a line, as its pressure does. */
function segmentsOf(
  lines: readonly (readonly Point[])[],
  random: RandomStream,
): readonly Segment[] {
  const width = random.between(0.75, 1.75);
  return lines.flatMap((line) => {
    const phase = random.between(0, 2 * Math.PI);
    const pressure = random.between(0, 0.22);
    return line.slice(1).map((to, i) => {
      const radius = width * (1 + pressure * Math.sin(phase + i / 5));
      return { from: line[i]!, to, radius };
    });
  });
}

/** Covers each pixel by its distance from the nearest segment, with a soft edge. */
function ink(segments: readonly Segment[], random: RandomStream): Float32Array {
  const picture = new Float32Array(sidePx * sidePx);
  const softness = random.between(0.55, 1);
  for (const segment of segments) cover(picture, segment, softness);
  const noise = 0.08 * random.uniform() ** 2;
  const strength = random.between(0.85, 1);
  for (let i = 0; i < picture.length; i++) {
    const value = strength * picture[i]! + noise * random.normal();
    picture[i] = Math.round(255 * Math.min(Math.max(value, 0), 1)) / 255;
  }
  return picture;
}

function cover(picture: Float32Array, segment: Segment, softness: number): void {
  const { from, to, radius } = segment;
  const reach = radius + softness;
  const first = (axis: 0 | 1) => Math.max(Math.ceil(Math.min(from[axis], to[axis]) - reach), 0);
  const last = (axis: 0 | 1) =>
    Math.min(Math.floor(Math.max(from[axis], to[axis]) + reach), sidePx - 1);
  const [alongX, alongY] = [to[0] - from[0], to[1] - from[1]];
  const squared = Math.max(alongX * alongX + alongY * alongY, 1e-9);
  for (let y = first(1); y <= last(1); y++) {
    for (let x = first(0); x <= last(0); x++) {
      const share = ((x - from[0]) * alongX + (y - from[1]) * alongY) / squared;
      const t = Math.min(Math.max(share, 0), 1);
      const distance = Math.hypot(x - from[0] - t * alongX, y - from[1] - t * alongY);
      const covered = Math.min(Math.max((reach - distance) / (2 * softness), 0), 1);
      const at = y * sidePx + x;
      picture[at] = Math.max(picture[at]!, covered);
    }
  }
}

/** How many drawn examples a split has; they never end. */
export interface DrawnSizes {
  readonly training: number;
  readonly heldOut: number;
}

/** Drawn digits, 20,000 to learn from and 2,000 to be judged on by default. */
export function digits(
  seed: number,
  { training, heldOut }: DrawnSizes = { training: 20_000, heldOut: 2000 },
): DataSplit {
  return {
    training: digitDataset(seed, 0, training),
    heldOut: digitDataset(seed, training, heldOut),
  };
}

/** Digits `first`, `first + 1`, ... of a seed. */
function digitDataset(seed: number, first: number, length: number): Dataset {
  return {
    classes: digitStyles.map((_, digit) => `${digit}`),
    dims: [1, sidePx, sidePx],
    length,
    label: (index) => (first + index) % digitStyles.length,
    title: (index) => `drawn digit ${first + index} of seed ${seed}`,
    read: (index) => Promise.resolve(drawDigit(seed, first + index)),
  };
}
