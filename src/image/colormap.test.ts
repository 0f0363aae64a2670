import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  colorize,
  colorMaps,
  colourAt,
  heatAlone,
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

  test("never leaves a map empty: what is not 0 has a colour of its own", () => {
    const sparse = fc.record({
      count: fc.integer({ min: 200, max: 5000 }),
      seen: fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), {
        minLength: 1,
        maxLength: 9,
      }),
      floor: fc.constantFrom(0, 1e-9),
      sign: fc.constantFrom(1, -1),
    });
    fc.assert(
      fc.property(sparse, ({ count, seen, floor, sign }) => {
        const values = new Float32Array(count).fill(floor);
        for (const [i, value] of seen.entries()) values[7 * i] = sign * value;
        const scale = scaleFor(values, { signed: sign < 0, beyondShare: 0.005 });
        const { data } = colorize(plane(count, 1, values), scale);
        const largest = seen.indexOf(Math.max(...seen));
        const colourOf = (i: number) => Array.from(data.subarray(3 * i, 3 * i + 3));
        expect(scale.max).toBeGreaterThan(scale.min);
        expect(colourOf(7 * largest)).not.toEqual(colourOf(count - 1));
      }),
    );
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

type Rgb = readonly [number, number, number];

/** Light as it adds up, from sRGB 0..255. */
function linearLight(colour: Rgb): readonly number[] {
  return colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
}

/** Lightness of the CIE 1976 colour space, 0..100. */
function lightness(colour: Rgb): number {
  return lightnessOf(linearLight(colour));
}

function lightnessOf(linear: readonly number[]): number {
  const luminance = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance;
}

/** What the colour-blind see, in linear light: Machado, Oliveira and Fernandes 2009, table 1, severity 1. */
const colourBlind = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const;

function seenBy(kind: keyof typeof colourBlind, colour: Rgb): readonly number[] {
  const light = linearLight(colour);
  return colourBlind[kind].map((row) =>
    Math.max(
      row.reduce((sum, factor, c) => sum + factor * light[c]!, 0),
      0,
    ),
  );
}

/** Distance in the CIE 1976 colour space (D65) of colours in linear light; 2.3 is just seen. */
function distance(a: readonly number[], b: readonly number[]): number {
  const [first, second] = [a, b].map((linear) => {
    const [x, y, z] = [
      [0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505],
      [0.2126, 0.7152, 0.0722],
      [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089],
    ].map((row) => {
      const t = row.reduce((sum, factor, c) => sum + factor * linear[c]!, 0);
      return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
    }) as [number, number, number];
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  });
  return Math.hypot(...first!.map((value, i) => value - second![i]!));
}

describe.each(["protanopia", "deuteranopia", "tritanopia"] as const)("with %s", (kind) => {
  test.each(["inferno", "magma", "viridis", "cividis"] as const)("%s still gets lighter", (map) => {
    const light = Array.from({ length: 21 }, (_, i) =>
      lightnessOf(seenBy(kind, colourAt(map, i / 20))),
    );
    for (const [i, value] of light.slice(1).entries()) expect(value).toBeGreaterThan(light[i]!);
  });

  test("for and against are far apart", () => {
    for (const share of [0, 0.1, 0.2, 0.3]) {
      const [against, pro] = [share, 1 - share].map((at) => seenBy(kind, colourAt("red-blue", at)));
      expect(distance(against!, pro!)).toBeGreaterThan(20);
    }
  });
});

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

  test("is the heat alone laid over the photo", () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: false }), { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        (numbers, signed) => {
          const values = plane(numbers.length, 1, Float32Array.from(numbers));
          const scale = scaleFor(values.data, { signed });
          const white = picture(numbers.length, 1, 3, new Uint8Array(3 * numbers.length).fill(255));
          const { data: over } = overlay(white, values, scale);
          const { data: heat, channels } = heatAlone(values, scale);
          expect(channels).toBe(4);
          for (let i = 0; i < over.length; i++) {
            const [place, c] = [Math.floor(i / 3), i % 3];
            const alpha = heat[4 * place + 3]! / 255;
            const laid = (1 - alpha) * 255 + alpha * heat[4 * place + c]!;
            // One step of the colours, and what a byte rounds.
            expect(Math.abs(laid - over[i]!)).toBeLessThan(6);
          }
        },
      ),
    );
  });

  test("needs one size", () => {
    expect(() =>
      overlay(photo, plane(2, 1, new Float32Array(2)), { min: 0, max: 1, map: "inferno" }),
    ).toThrow("overlay: photo and map must have one size, got 3 x 1 and 2 x 1. resize the map.");
  });
});
