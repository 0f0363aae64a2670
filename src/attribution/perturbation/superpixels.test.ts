/** @file Superpixels: what SLIC promises of its pieces. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../random.ts";
import { piecesOf } from "./pieces.ts";
import { gridSides } from "./superpixels.ts";

/** Smooth random waves [3, h, w]. */
function waves(h: number, w: number, seed: number): Float32Array {
  const random = randomStream("waves", seed);
  const turns = Array.from({ length: 9 }, () => random.between(-0.4, 0.4));
  return Float32Array.from({ length: 3 * h * w }, (_, i) => {
    const [c, y, x] = [Math.floor(i / (h * w)), Math.floor(i / w) % h, i % w];
    return Math.sin(turns[3 * c]! * y + turns[3 * c + 1]! * x + turns[3 * c + 2]!);
  });
}

/** Pieces of 4-neighbours with one label. */
function connectedPieces(labels: Int32Array, width: number): number {
  const seen = new Set<number>();
  let count = 0;
  for (const start of labels.keys()) {
    if (seen.has(start)) continue;
    count += 1;
    const open = [start];
    seen.add(start);
    for (const pixel of open) {
      const x = pixel % width;
      const near = [
        x > 0 ? pixel - 1 : -1,
        x < width - 1 ? pixel + 1 : -1,
        pixel - width,
        pixel + width,
      ];
      for (const next of near) {
        if (labels[next] !== labels[start] || seen.has(next)) continue;
        seen.add(next);
        open.push(next);
      }
    }
  }
  return count;
}

describe("superpixels", () => {
  test("cover the picture without gaps, each in one piece, about as many as asked", () => {
    const sides = fc.integer({ min: 12, max: 40 });
    const property = fc.property(
      sides,
      sides,
      fc.integer({ min: 2, max: 20 }),
      (h, w, segments) => {
        const { count, labels } = piecesOf(waves(h, w, h * w), [3, h, w], "superpixels", segments);
        expect(new Set(labels)).toEqual(new Set(Array.from({ length: count }, (_, i) => i)));
        expect(connectedPieces(labels, w)).toBe(count);
        expect(count).toBeGreaterThanOrEqual(Math.max(segments / 3, 1));
        // None is smaller than a quarter of a cell of the grid that they start from.
        const [rows, columns] = gridSides(h, w, segments);
        expect(count).toBeLessThanOrEqual(4 * rows * columns);
      },
    );
    fc.assert(property, { numRuns: 40 });
  });

  test("follow an edge that a grid cuts", () => {
    const [h, w] = [24, 24];
    // Dark above a slanted line, bright below.
    const isBright = (pixel: number) => Math.floor(pixel / w) > 7 + (pixel % w) / 3;
    const picture = Float32Array.from({ length: h * w }, (_, pixel) => Number(isBright(pixel)));
    const mixed = (choice: "grid" | "superpixels") => {
      const { count, labels } = piecesOf(picture, [1, h, w], choice, 9);
      let minority = 0;
      for (let piece = 0; piece < count; piece++) {
        const own = [...labels.keys()].filter((pixel) => labels[pixel] === piece);
        const bright = own.filter(isBright).length;
        minority += Math.min(bright, own.length - bright);
      }
      return minority;
    };
    expect(mixed("grid")).toBeGreaterThan(40);
    expect(mixed("superpixels")).toBeLessThan(10);
  });

  test("a picture of one colour falls into squares", () => {
    const { count } = piecesOf(new Float32Array(3 * 400), [3, 20, 20], "superpixels", 16);
    expect(count).toBe(16);
  });

  test("a grid has as many squares as asked where that can be", () => {
    const { count, labels } = piecesOf(new Float32Array(24), [1, 4, 6], "grid", 6);
    expect(count).toBe(6);
    expect(Array.from(labels.slice(0, 12))).toEqual([0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2]);
  });
});
