import { describe, expect, test } from "vitest";
import {
  colorize,
  colorMaps,
  colourAt,
  overlay,
  scaleFor,
  shareOf,
  type ColorMap,
} from "./colormap.ts";
import { picture, plane } from "./picture.ts";

describe("scaleFor", () => {
  test("goes from 0 to the largest number where none is negative", () => {
    expect(scaleFor([3, 1, 2], { signed: false })).toEqual({ min: 0, max: 3, map: "inferno" });
  });

  test("is symmetric around 0 for signed numbers", () => {
    expect(scaleFor([-1, 4, 2], { signed: true })).toEqual({ min: -4, max: 4, map: "red-blue" });
    expect(scaleFor([1, 2], { signed: true })).toMatchObject({ min: -2 });
  });

  test("takes no notice of numbers that are not finite", () => {
    expect(scaleFor([Number.NaN, 2, Number.POSITIVE_INFINITY], { signed: false }).max).toBe(2);
    expect(scaleFor([Number.NaN], { signed: false })).toMatchObject({ min: 0, max: 0 });
  });

  test("leaves the farthest numbers beyond its ends where asked, and says how far they go", () => {
    const values = Array.from({ length: 100 }, (_, i) => (i === 40 ? -50 : i / 100));
    expect(scaleFor(values, { signed: true, beyondShare: 0.01 })).toEqual({
      min: -0.99,
      max: 0.99,
      map: "red-blue",
      beyond: [-50, 0.99],
    });
    expect(scaleFor(values, { signed: true })).not.toHaveProperty("beyond");
    const positive = [1, 2, 3, 40];
    expect(scaleFor(positive, { signed: false, beyondShare: 0.25 })).toMatchObject({
      min: 0,
      max: 3,
      beyond: [0, 40],
    });
  });

  test("refuses maps whose middle would lie", () => {
    expect(() => scaleFor([1], { signed: true, map: "viridis" })).toThrow(
      'colour map: signed numbers need a diverging map, got "viridis".',
    );
    expect(() => scaleFor([1], { signed: false, map: "red-blue" })).toThrow(
      'colour map: numbers of one sign need a map from dark to light, got "red-blue".',
    );
  });
});

/** Lightness of the CIE 1976 colour space, 0..100. */
function lightness([r, g, b]: readonly [number, number, number]): number {
  const linear = [r, g, b].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance;
}

describe("maps", () => {
  const shares = Array.from({ length: 51 }, (_, i) => i / 50);

  test.each(["inferno", "magma", "viridis", "cividis"] as const)(
    "%s gets lighter in even steps, so that it reads without colours too",
    (map) => {
      const steps = shares.slice(1).map((share, i) => {
        return lightness(colourAt(map, share)) - lightness(colourAt(map, shares[i]!));
      });
      const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
      expect(Math.min(...steps)).toBeGreaterThan(0);
      expect(Math.max(...steps)).toBeLessThan(2.2 * mean);
    },
  );

  test("red-blue is lightest at 0, about as dark on both sides, and red is positive", () => {
    const light = shares.map((share) => lightness(colourAt("red-blue", share)));
    expect(light.indexOf(Math.max(...light))).toBe(25);
    for (const i of [0, 5, 10, 15, 20])
      expect(Math.abs(light[i]! - light[50 - i]!)).toBeLessThan(15);
    const [white, red] = [colourAt("red-blue", 0.5), colourAt("red-blue", 0.9)];
    expect(Math.max(...white) - Math.min(...white)).toBeLessThan(6);
    expect(red[0]).toBeGreaterThan(red[2] + 50);
  });

  test("are all listed", () => {
    const all: readonly ColorMap[] = colorMaps;
    expect(all).toHaveLength(5);
  });
});

test("a scale without extent puts its number where 0 is", () => {
  expect(shareOf(scaleFor([0, 0], { signed: true }), 0)).toBe(0.5);
  expect(shareOf(scaleFor([0, 0], { signed: false }), 0)).toBe(0);
});

test("colorize takes each number's colour, and grey for what is no number", () => {
  const values = plane(2, 2, Float32Array.of(-2, 0, 2, Number.NaN));
  const { data, channels } = colorize(values, scaleFor(values.data, { signed: true }));
  expect(channels).toBe(3);
  const expected = [0, 0.5, 1].flatMap((share) => [...colourAt("red-blue", share)]);
  expect([...data]).toEqual([...expected, 128, 128, 128]);
});

describe("overlay", () => {
  const photo = picture(3, 1, 3, Uint8Array.of(200, 10, 10, 200, 10, 10, 200, 10, 10));

  test("leaves a grey photo where the number is small and covers it where it is large", () => {
    const values = plane(3, 1, Float32Array.of(0, 10, Number.NaN));
    const { data } = overlay(photo, values, { min: 0, max: 10, map: "inferno" });
    const grey = [...data.subarray(0, 3)];
    expect(new Set(grey).size).toBe(1);
    expect([...data.subarray(6, 9)]).toEqual(grey);
    const [r, g, b] = data.subarray(3, 6);
    const top = colourAt("inferno", 1);
    expect(r! > grey[0]! && g! > grey[0]!).toBe(true);
    expect(Math.abs(b! - top[2])).toBeLessThan(25);
  });

  test("needs one size", () => {
    expect(() =>
      overlay(photo, plane(2, 1, new Float32Array(2)), { min: 0, max: 1, map: "inferno" }),
    ).toThrow("overlay: photo and map must have one size, got 3 x 1 and 2 x 1. resize the map.");
  });
});
