/** @file How a shape is painted: any colour that stands out, a pattern, light from above, sometimes a rim and a shadow. */
import type { RandomStream } from "../../random.ts";
import { wholeFrame, type Canvas } from "../painting/canvas.ts";
import { hsl, lit, mix, type Rgb } from "../painting/colour.ts";
import { roughNoise, valueNoise } from "../painting/noise.ts";
import type { PlacedShape } from "./placed-shapes.ts";

type Pattern = (random: RandomStream, a: Rgb, b: Rgb) => (x: number, y: number) => Rgb;

const plain: Pattern = (_, a) => () => a;

const stripes: Pattern = (random, a, b) => {
  const [sin, cos] = turnOf(random);
  const count = random.between(40, 80);
  return (x, y) => mix(a, b, softStep(Math.sin(count * (cos * x + sin * y))));
};

const dots: Pattern = (random, a, b) => {
  const [sin, cos] = turnOf(random);
  const count = random.between(45, 75);
  return (x, y) => {
    const [across, down] = [cos * x + sin * y, cos * y - sin * x];
    return mix(a, b, softStep(Math.sin(count * across) * Math.sin(count * down) * 2 - 0.9));
  };
};

const marble: Pattern = (random, a, b) => {
  const noise = roughNoise(valueNoise(random.below(2 ** 31)));
  return (x, y) => mix(a, b, 0.5 + 0.9 * noise(9 * x, 9 * y));
};

const patterns: readonly Pattern[] = [plain, plain, stripes, dots, marble];

function turnOf(random: RandomStream): readonly [number, number] {
  const angle = random.between(0, Math.PI);
  return [Math.sin(angle), Math.cos(angle)];
}

function softStep(height: number): number {
  return Math.min(Math.max(0.5 + 2.5 * height, 0), 1);
}

/** Distance of two colours below which a shape could hardly be seen. */
const leastContrast = 0.38;

/** Paints a shape, the same for the same stream; nothing of it but its outline depends on its kind. */
export function paintShape(canvas: Canvas, shape: PlacedShape, random: RandomStream): void {
  const frame = wholeFrame(canvas);
  const { outline, radius, centre } = shape;
  const behind = meanColour(canvas, shape);
  const colour = contrasting(random, behind);
  const other = lit(colour, random.uniform() < 0.5 ? random.between(0.7, 0.85) : 1.25);
  const pattern = patterns[random.below(patterns.length)]!(random, colour, other);
  const rim = random.uniform() < 0.4 ? random.between(0.006, 0.014) : 0;
  const shadow = random.uniform() < 0.5 ? random.between(0.15, 0.4) : 0;
  if (shadow > 0) {
    const shift = 0.02 * frame.pixelsPerUnit;
    const below = { ...frame, origin: [frame.origin[0] + shift, frame.origin[1] + shift] as const };
    canvas.paint(outline, [0, 0, 0], below, { opacity: shadow, softness: 2 * shift });
  }
  const ink = (x: number, y: number, distance: number): Rgb => {
    const light = 1 - (0.16 * (y - centre[1])) / radius;
    return lit(pattern(x, y), distance > -rim ? 0.55 * light : light);
  };
  canvas.paint(outline, ink, frame);
}

/** A colour that stands out from another; hue and light are drawn until it does. */
function contrasting(random: RandomStream, behind: Rgb): Rgb {
  for (;;) {
    const colour = hsl(random.uniform(), random.between(0.35, 0.9), random.between(0.2, 0.8));
    const [red, green, blue] = colour.map((value, c) => value - behind[c]!) as [
      number,
      number,
      number,
    ];
    if (Math.hypot(red, green, blue) >= leastContrast) return colour;
  }
}

/** The mean of what the canvas shows on the circle about a shape. */
function meanColour(canvas: Canvas, { centre, radius }: PlacedShape): Rgb {
  const { origin, pixelsPerUnit } = wholeFrame(canvas);
  const { widthPx, heightPx, data } = canvas;
  const count = 16;
  const sums = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const angle = (2 * Math.PI * i) / count;
    const x = origin[0] + pixelsPerUnit * (centre[0] + radius * Math.cos(angle));
    const y = origin[1] + pixelsPerUnit * (centre[1] + radius * Math.sin(angle));
    const at =
      Math.min(Math.max(Math.floor(y), 0), heightPx - 1) * widthPx +
      Math.min(Math.max(Math.floor(x), 0), widthPx - 1);
    for (let c = 0; c < 3; c++) sums[c]! += data[c * widthPx * heightPx + at]! / count;
  }
  return sums as unknown as Rgb;
}
