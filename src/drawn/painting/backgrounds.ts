/** @file What is behind drawn things: places and patterns in any colour, with shapes that mean nothing. */
import type { RandomStream } from "../../random.ts";
import { wholeFrame, type Canvas, type Frame } from "./canvas.ts";
import { hsl, lit, mix, type Rgb } from "./colour.ts";
import { roughNoise, valueNoise } from "./noise.ts";
import { ellipse, line, polygon, type Point, type Shape } from "./shapes.ts";

/** Places go from -0.5 to 0.5 along the picture's shorter side. */
export type Background = (random: RandomStream, canvas: Canvas, frame: Frame) => void;

/** A strong and a quiet colour that go together. */
function pair(random: RandomStream): readonly [Rgb, Rgb] {
  const hue = random.uniform();
  const other = hue + random.between(-0.12, 0.12) + (random.uniform() < 0.3 ? 0.5 : 0);
  const saturation = random.between(0.2, 0.6);
  const light = random.between(0.3, 0.8);
  const shift = random.between(0.08, 0.2) * (light > 0.55 ? -1 : 1);
  return [hsl(hue, saturation, light), hsl(other, saturation * 0.8, light + shift)];
}

const meadow: Background = (random, canvas) => {
  const sky = hsl(random.between(0.5, 0.65), random.between(0.3, 0.7), random.between(0.65, 0.85));
  const grass = hsl(random.between(0.18, 0.36), random.between(0.3, 0.6), random.between(0.3, 0.5));
  const horizon = random.between(-0.15, 0.25);
  const hill = random.between(0.02, 0.1);
  const [wave, phase] = [random.between(3, 9), random.between(0, 6)];
  const noise = valueNoise(random.below(2 ** 31));
  const clouds = roughNoise(valueNoise(random.below(2 ** 31)));
  canvas.fill((x, y) => {
    const edge = horizon + hill * Math.sin(wave * x + phase);
    const above = mix(
      lit(sky, 0.9 + 0.25 * (y + 0.5)),
      [1, 1, 1],
      Math.max(clouds(4 * x, 9 * y), 0),
    );
    const below = lit(grass, 0.95 - 0.3 * (y - edge) + 0.14 * noise(70 * x, 22 * y));
    return mix(above, below, Math.min(Math.max((y - edge) * 60, 0), 1));
  });
};

const room: Background = (random, canvas) => {
  const [wall, paper] = pair(random);
  const floor = hsl(random.between(0.04, 0.12), random.between(0.2, 0.5), random.between(0.3, 0.6));
  const edge = random.between(0.15, 0.42);
  const stripes = random.between(5, 12);
  const wood = valueNoise(random.below(2 ** 31));
  canvas.fill((x, y) => {
    if (y > edge) return lit(floor, 0.95 + 0.12 * wood(4 * x, 40 * y));
    if (y > edge - 0.035) return lit(wall, 1.25);
    return mix(wall, paper, Math.sin(2 * Math.PI * stripes * x) > 0 ? 0.5 : 0);
  });
};

const tiles: Background = (random, canvas) => {
  const [a, b] = pair(random);
  const angle = random.between(0, Math.PI);
  const count = random.between(3, 8);
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  canvas.fill((x, y) => {
    const across = Math.sin(Math.PI * count * (cos * x + sin * y));
    const down = Math.sin(Math.PI * count * (cos * y - sin * x));
    return mix(a, b, Math.min(Math.max(0.5 + 6 * across * down, 0), 1));
  });
};

const lights: Background = (random, canvas, frame) => {
  const [a, b] = pair(random);
  canvas.fill((x, y) => lit(mix(a, b, y + 0.5), 0.8 - 0.3 * (x * x + y * y)));
  for (let i = 0; i < 14; i++) {
    const place = [random.between(-0.5, 0.5), random.between(-0.5, 0.5)] as const;
    const radius = random.between(0.03, 0.11);
    const colour = hsl(random.uniform(), 0.6, 0.75);
    canvas.paint(ellipse(place, [radius, radius]), colour, frame, {
      opacity: random.between(0.15, 0.5),
      softness: 0.06 * frame.pixelsPerUnit,
    });
  }
};

const cloth: Background = (random, canvas) => {
  const [a, b] = pair(random);
  const noise = roughNoise(valueNoise(random.below(2 ** 31)));
  const scale = random.between(3, 9);
  canvas.fill((x, y) => mix(a, b, 0.5 + noise(scale * x, scale * y)));
};

const leaves: Background = (random, canvas, frame) => {
  const hue = random.uniform() < 0.6 ? random.between(0.2, 0.4) : random.uniform();
  canvas.fill(() => hsl(hue, 0.4, 0.2));
  for (let i = 0; i < 70; i++) {
    const place = [random.between(-0.6, 0.6), random.between(-0.6, 0.6)] as const;
    const long = random.between(0.06, 0.14);
    const leaf = ellipse(place, [long, long * random.between(0.25, 0.5)], random.between(0, 180));
    const colour = hsl(
      hue + random.between(-0.06, 0.06),
      random.between(0.3, 0.6),
      random.between(0.2, 0.55),
    );
    canvas.paint(leaf, (_, __, distance) => lit(colour, 1 + 5 * distance), frame);
  }
};

const backgrounds: readonly Background[] = [meadow, room, tiles, lights, cloth, leaves];

/** Those without circles, squares and triangles. */
export const shapelessBackgrounds: readonly Background[] = [meadow, room, cloth, leaves];

/** Triangles and drops as ears have them, too, so that no outline gives a class away. */
function meaninglessShape(random: RandomStream): Shape {
  const [x, y] = [random.between(-0.5, 0.5), random.between(-0.5, 0.5)];
  const size = random.between(0.05, 0.14);
  const turn = random.between(0, 2 * Math.PI);
  const around = (share: number, radius = size): Point => [
    x + radius * Math.cos(turn + 2 * Math.PI * share),
    y + radius * Math.sin(turn + 2 * Math.PI * share),
  ];
  const shapes: readonly (() => Shape)[] = [
    () => polygon([around(0, 1.4 * size), around(0.36), around(0.64)], 0.01),
    () => ellipse([x, y], [size, size * random.between(0.5, 1)], (turn * 180) / Math.PI),
    () => line([around(0), around(0.5)], size * 0.25, size * 0.7),
    () => polygon([around(0), around(0.25), around(0.5), around(0.75)], 0.01),
    () => line([around(0, 2 * size), around(0.5, 2 * size)], 0.008),
  ];
  return shapes[random.below(shapes.length)]!();
}

/** Paints a background, the same for the same stream. */
export function paintBackground(canvas: Canvas, random: RandomStream): void {
  const frame = wholeFrame(canvas);
  backgrounds[random.below(backgrounds.length)]!(random, canvas, frame);
  const count = random.below(6);
  for (let i = 0; i < count; i++) {
    const colour = hsl(random.uniform(), random.between(0.1, 0.7), random.between(0.2, 0.85));
    const opacity = random.between(0.5, 1);
    canvas.paint(meaninglessShape(random), colour, frame, { opacity });
  }
}
