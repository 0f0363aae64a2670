/** @file Things that lie about behind drawn shapes and are none of them: sticks, crosses, arcs, stars and drops. */
import type { RandomStream } from "../../random.ts";
import { wholeFrame, type Canvas } from "../painting/canvas.ts";
import { hsl } from "../painting/colour.ts";
import { line, polygon, type Point, type Shape } from "../painting/shapes.ts";

type Thing = (random: RandomStream, around: Around) => readonly Shape[];

/** The point in a direction, in turns, some lengths from the thing's middle. */
type Around = (turns: number, lengths: number) => Point;

const stick: Thing = (random, around) => [
  line([around(0, 1.3), around(0.5, 1.3)], random.between(0.006, 0.016)),
];

const cross: Thing = (random, around) => {
  const width = random.between(0.008, 0.018);
  return [
    line([around(0, 1), around(0.5, 1)], width),
    line([around(0.25, 1), around(0.75, 1)], width),
  ];
};

/** Less than half of a ring, so that none is taken for a circle. */
const arc: Thing = (random, around) => {
  const length = random.between(0.25, 0.45);
  const points = Array.from({ length: 9 }, (_, i) => around((length * i) / 8, 1.2));
  return [line(points, random.between(0.006, 0.014))];
};

const squiggle: Thing = (random, around) => {
  const swing = random.between(0.2, 0.5);
  const points = Array.from({ length: 13 }, (_, i) => {
    const [x, y] = around(0, 1.6 * (i / 6 - 1));
    const [middleX, middleY] = around(0, 0);
    const [upX, upY] = around(0.25, swing * Math.sin((Math.PI * i) / 2));
    return [x + upX - middleX, y + upY - middleY] as const;
  });
  return [line(points, random.between(0.006, 0.014))];
};

const star: Thing = (_, around) => [
  polygon(Array.from({ length: 10 }, (__, i) => around(i / 10, i % 2 === 0 ? 1 : 0.42))),
];

const drop: Thing = (_, around) => [line([around(0, 1), around(0.5, 0.5)], 0.008, 0.035)];

const things: readonly Thing[] = [stick, cross, arc, squiggle, star, drop];

/** Three to nine things, the same for the same stream. */
export function paintClutter(canvas: Canvas, random: RandomStream): void {
  const frame = wholeFrame(canvas);
  const count = 3 + random.below(7);
  for (let i = 0; i < count; i++) {
    const [x, y] = [random.between(-0.5, 0.5), random.between(-0.5, 0.5)];
    const size = random.between(0.04, 0.1);
    const turn = random.uniform();
    const around: Around = (turns, lengths) => {
      const angle = 2 * Math.PI * (turn + turns);
      return [x + lengths * size * Math.cos(angle), y + lengths * size * Math.sin(angle)];
    };
    const colour = hsl(random.uniform(), random.between(0.1, 0.8), random.between(0.15, 0.9));
    const opacity = random.between(0.5, 1);
    for (const shape of things[random.below(things.length)]!(random, around)) {
      canvas.paint(shape, colour, frame, { opacity });
    }
  }
}
