import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Canvas, type Frame } from "./canvas.ts";
import { curve, ellipse, frayed, line, melted, overlap, polygon, type Shape } from "./shapes.ts";

const white = [1, 1, 1] as const;
const middle: Frame = { origin: [16, 16], pixelsPerUnit: 10, degrees: 0 };

/** Sum of the coverage of a shape on a black canvas of 32 x 32, in squared units. */
function area(shape: Shape, frame: Frame = middle): number {
  const canvas = new Canvas(32, 32);
  canvas.paint(shape, white, frame);
  const sum = canvas.data.subarray(0, 32 * 32).reduce((total, value) => total + value, 0);
  return sum / frame.pixelsPerUnit ** 2;
}

const square = polygon([
  [-0.5, -0.5],
  [0.5, -0.5],
  [0.5, 0.5],
  [-0.5, 0.5],
]);

describe("Canvas", () => {
  test.each<readonly [string, Shape, number]>([
    ["a circle", ellipse([0.1, -0.2], [0.9, 0.9]), Math.PI * 0.81],
    ["an ellipse", ellipse([0, 0], [1.2, 0.6]), Math.PI * 0.72],
    ["a turned ellipse", ellipse([0, 0], [1.2, 0.6], 35), Math.PI * 0.72],
    ["a square", square, 1],
    ["a triangle", polygon([[-1, 1], [1, 1], [0, -1]]), 2], // prettier-ignore
    ["a rounded square", polygon([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]], 0.3), 1 + 4 * 0.3 + Math.PI * 0.09], // prettier-ignore
    ["a line", line([[-0.8, 0], [0.8, 0]], 0.3), 1.6 * 0.6 + Math.PI * 0.09], // prettier-ignore
    ["a half circle", overlap(ellipse([0, 0], [1, 1]), polygon([[-2, -2], [0, -2], [0, 2], [-2, 2]])), Math.PI / 2], // prettier-ignore
  ])("covers the area of %s", (_, shape, expected) => {
    expect(area(shape) / expected).toBeCloseTo(1, 1);
    expect(Math.abs(area(shape) / expected - 1)).toBeLessThan(0.03);
  });

  test("turns a frame clockwise without changing areas", () => {
    const triangle = polygon([
      [0, 0],
      [1, 0],
      [0, 0.5],
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 359 }), (degrees) => {
        expect(Math.abs(area(triangle, { ...middle, degrees }) - 0.25)).toBeLessThan(0.02);
      }),
    );
    const canvas = new Canvas(32, 32);
    const box = canvas.track(() =>
      canvas.paint(ellipse([1, 0], [0.1, 0.1]), white, { ...middle, degrees: 90 }),
    );
    expect(box).toEqual({ x: 15, y: 25, width: 2, height: 2 });
  });

  test("tracks the pixels that it paints, whatever was painted before", () => {
    const canvas = new Canvas(32, 32);
    canvas.fill(() => [0, 0, 0]);
    expect(canvas.track(() => canvas.paint(square, white, middle))).toEqual({
      x: 11,
      y: 11,
      width: 10,
      height: 10,
    });
    const far = { ...middle, origin: [-40, 16] } as const;
    expect(canvas.track(() => canvas.paint(square, white, far))).toBeUndefined();
  });

  test("blends by opacity, and asks inks for the colour of a place", () => {
    const canvas = new Canvas(32, 32);
    canvas.fill(() => [0.2, 0.4, 0.6]);
    canvas.paint(square, (x, y, distance) => [x, y, distance], middle, { opacity: 0.5 });
    const at = (c: number) => canvas.data[c * 1024 + 17 * 32 + 18]!;
    expect(at(0)).toBeCloseTo((0.2 + 0.25) / 2, 6);
    expect(at(1)).toBeCloseTo((0.4 + 0.15) / 2, 6);
    expect(at(2)).toBeCloseTo((0.6 - 0.25) / 2, 6);
  });
});

describe("shapes lie in their bounds", () => {
  const shapes: Readonly<Record<string, Shape>> = {
    ellipse: ellipse([0.3, 0.1], [1, 0.4], 60),
    line: line(curve([-1, 0], [0, -1.4], [1, 0.2]), 0.1, 0.4),
    polygon: polygon([[-1, 0.2], [0.4, -1], [0.9, 0.8]], 0.2), // prettier-ignore
    melted: melted([ellipse([-0.5, 0], [0.5, 0.5]), ellipse([0.5, 0], [0.5, 0.5])], 0.3),
    frayed: frayed(ellipse([0, 0], [0.8, 0.8]), 0.1, (x, y) => Math.sin(20 * x) * Math.cos(17 * y)),
  };
  test.each(Object.keys(shapes))("%s", (name) => {
    const shape = shapes[name]!;
    const [left, top, right, bottom] = shape.bounds;
    const place = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(place, place, (x, y) => {
        fc.pre(x < left || x > right || y < top || y > bottom);
        expect(shape.distance(x, y)).toBeGreaterThan(0);
      }),
    );
  });
});
