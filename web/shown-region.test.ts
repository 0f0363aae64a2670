/** @file Parts of a picture are the same again behind their texts, and strange texts are no parts. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { boxRegion, paintedRegion, regionIn } from "./shown-region.ts";

const grids = fc
  .record({ width: fc.integer({ min: 1, max: 60 }), height: fc.integer({ min: 1, max: 60 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      inside: fc
        .array(fc.integer({ min: 0, max: 1 }), {
          minLength: width * height,
          maxLength: width * height,
        })
        .map((cells) => Uint8Array.from(cells)),
    }),
  );

test("what is painted is the same again behind its text, in letters that addresses keep", () => {
  fc.assert(
    fc.property(grids, (grid) => {
      const text = paintedRegion(grid);
      if (!grid.inside.includes(1)) {
        expect(text).toBeUndefined();
        return;
      }
      expect(regionIn(text)).toEqual({ kind: "painted", ...grid });
      expect(encodeURIComponent(text!)).toBe(text);
    }),
  );
});

test("a box is the same again to a ten thousandth", () => {
  const share = fc.integer({ min: 0, max: 9999 }).map((k) => k / 10_000);
  fc.assert(
    fc.property(share, share, share, share, (a, b, c, d) => {
      const box = {
        left: Math.min(a, b),
        top: Math.min(c, d),
        right: Math.max(a, b) + 1e-4,
        bottom: Math.max(c, d) + 1e-4,
      };
      const again = regionIn(boxRegion(box));
      expect(again?.kind).toBe("box");
      for (const [side, value] of Object.entries(box)) {
        expect((again as unknown as Record<string, number>)[side]).toBeCloseTo(value, 6);
      }
    }),
  );
});

test("texts that are no parts are told apart, whatever they hold", () => {
  const near = fc.stringMatching(/^(box|painted)_[\d.xa-z_]{0,24}$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), near), (text) => {
      const region = regionIn(text);
      if (region?.kind === "painted") expect(region.inside).toContain(1);
      if (region?.kind === "box") expect(region.left).toBeLessThan(region.right);
    }),
  );
  const none = [
    "box_0_0_0_1",
    "box_0_0_2_1",
    "box_0_0_1",
    "painted_2x2_4",
    "painted_2x2_1.4",
    "painted_2x2_1.2",
    "painted_0x2_0",
    "painted_999x999_0.zzzz",
    "painted_2x2_",
  ];
  for (const text of none) expect(regionIn(text), text).toBeUndefined();
  expect(regionIn("painted_2x2_1.2.1")).toMatchObject({ inside: Uint8Array.of(0, 1, 1, 0) });
});
