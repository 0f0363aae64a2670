/** @file Fields that hold a gradient: against sums of drawn gradients, and inside the picture wherever they are moved. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { movedBy, movedField } from "./moved-by.ts";

const sides = fc.record({
  height: fc.integer({ min: 1, max: 24 }),
  width: fc.integer({ min: 1, max: 24 }),
});

const gradients = fc.tuple(sides, fc.integer({ min: 1, max: 3 })).chain(([size, channels]) =>
  fc.record({
    size: fc.constant(size),
    gradient: fc
      .array(fc.constantFrom(0, 0, 0, 0.01, -1, 3), {
        minLength: channels * size.height * size.width,
        maxLength: channels * size.height * size.width,
      })
      .map((data) => Float32Array.from(data)),
  }),
);

test("at most a twentieth of a gradient's energy lies beyond each side of its field", () => {
  fc.assert(
    fc.property(gradients, ({ size, gradient }) => {
      const { left, top, widthPx, heightPx } = movedBy(gradient, size);
      const [right, bottom] = [left + widthPx, top + heightPx];
      expect(left >= 0 && top >= 0 && right <= size.width && bottom <= size.height).toBe(true);
      expect([widthPx, heightPx].every((side) => side > 0)).toBe(true);
      const beyond = { left: 0, right: 0, top: 0, bottom: 0 };
      let total = 0;
      for (const [i, value] of gradient.entries()) {
        const [x, y] = [i % size.width, Math.floor(i / size.width) % size.height];
        const energy = value ** 2;
        total += energy;
        if (x < left) beyond.left += energy;
        if (x >= right) beyond.right += energy;
        if (y < top) beyond.top += energy;
        if (y >= bottom) beyond.bottom += energy;
      }
      for (const part of Object.values(beyond))
        expect(part).toBeLessThanOrEqual(0.05 * total + 1e-9);
    }),
  );
});

test("one pixel that moves a unit is in the middle of a small field, none gives the whole picture", () => {
  const gradient = new Float32Array(3 * 64 * 48);
  expect(movedBy(gradient, { height: 64, width: 48 })).toEqual({
    left: 0,
    top: 0,
    widthPx: 48,
    heightPx: 64,
  });
  gradient[64 * 48 + 20 * 48 + 30] = -2;
  expect(movedBy(gradient, { height: 64, width: 48 })).toEqual({
    left: 27,
    top: 17,
    widthPx: 7,
    heightPx: 7,
  });
});

test("a field that is moved keeps its sides, and stays in the picture", () => {
  const shift = fc.integer({ min: -60, max: 60 });
  fc.assert(
    fc.property(gradients, shift, shift, ({ size, gradient }, x, y) => {
      const field = movedBy(gradient, size);
      const moved = movedField(field, { x, y }, size);
      expect([moved.widthPx, moved.heightPx]).toEqual([field.widthPx, field.heightPx]);
      expect(moved.left).toBe(Math.min(Math.max(field.left + x, 0), size.width - field.widthPx));
      expect(moved.top).toBe(Math.min(Math.max(field.top + y, 0), size.height - field.heightPx));
    }),
  );
});
