import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomStream, type RandomStream } from "../../random.ts";
import { augment, augmentationOf, augmentations, type Augmentation } from "./augment.ts";

/** A stream whose uniform numbers are given; `between` gets shares of its range. */
function drawn(shares: readonly number[]): RandomStream {
  let next = 0;
  const uniform = () => shares[next++ % shares.length]!;
  const between = (low: number, high: number) => low + (high - low) * uniform();
  return { ...randomStream(0), uniform, between };
}

/** The order in which a picture's changes are drawn. */
const order = [
  "rotate",
  "down",
  "right",
  "shear",
  "zoomY",
  "flip",
  "zoomX",
  "brightness",
  "contrast",
  "colour",
];

/** Shares for the named draws, and the middle of the range for the rest, which changes nothing. */
function shares(named: Record<string, number>): readonly number[] {
  return order.map((name) => named[name] ?? 0.5);
}

function noise(dims: readonly [number, number, number], seed = 1): Float32Array {
  const random = randomStream(seed);
  return Float32Array.from({ length: dims[0] * dims[1] * dims[2] }, () => random.uniform());
}

const dims = [3, 5, 7] as const;
const source = noise(dims);
const at = (data: Float32Array, c: number, y: number, x: number) => data[(c * 5 + y) * 7 + x]!;
const clamp = (value: number, last: number) => Math.min(Math.max(value, 0), last);

function expectEach(
  data: Float32Array,
  value: (c: number, y: number, x: number) => number,
  digits?: number,
) {
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < 5; y++)
      for (let x = 0; x < 7; x++) {
        if (digits === undefined) expect(at(data, c, y, x)).toBe(value(c, y, x));
        else expect(at(data, c, y, x)).toBeCloseTo(value(c, y, x), digits);
      }
}

describe("augment", () => {
  test("changes nothing without a recipe, in an array of its own", () => {
    const same = augment(source, dims, augmentations.none, randomStream(1));
    expect(same).toEqual(source);
    expect(same).not.toBe(source);
  });

  test("changes nothing where the middle of every range is drawn", () => {
    const { zoom: _, flip: __, ...rest } = augmentations.strong;
    expect(augment(source, dims, rest, drawn([0.5]))).toEqual(source);
  });

  test("mirrors exactly", () => {
    const mirrored = augment(source, dims, { flip: true }, drawn(shares({ flip: 0 })));
    expectEach(mirrored, (c, y, x) => at(source, c, y, 6 - x));
  });

  test("mirrors half of the pictures", () => {
    const flips = Array.from({ length: 400 }, (_, i) =>
      Number(augment(source, dims, { flip: true }, randomStream(i))[0] === source[6]),
    );
    const count = flips.reduce((sum, flip) => sum + flip, 0);
    expect(count).toBeGreaterThan(160);
    expect(count).toBeLessThan(240);
  });

  test("shifts by whole pixels exactly and repeats the border", () => {
    // A share of 1 shifts by the whole side: the draws give 1 row of 5 up and 2 columns of 7 left.
    const shifted = augment(
      source,
      dims,
      { shift: 1 },
      drawn(shares({ down: 0.6, right: 9 / 14 })),
    );
    expectEach(shifted, (c, y, x) => at(source, c, clamp(y + 1, 4), clamp(x + 2, 6)), 5);
  });

  test("reflects what lies beyond the border", () => {
    const shifted = augment(
      source,
      dims,
      { shift: 1, edge: "reflect" },
      drawn(shares({ right: 11 / 14 })),
    );
    expectEach(shifted, (c, y, x) => at(source, c, y, x + 4 > 6 ? 13 - (x + 4) : x + 4), 5);
  });

  test("turns a square by a quarter exactly", () => {
    const square = noise([1, 6, 6]);
    const turned = augment(square, [1, 6, 6], { rotateDegrees: 90 }, drawn(shares({ rotate: 1 })));
    const expected = Array.from(turned, (_, i) => square[(5 - (i % 6)) * 6 + Math.floor(i / 6)]!);
    for (const [i, value] of expected.entries()) expect(turned[i]).toBeCloseTo(value, 5);
  });

  test("follows the matrices as Keras multiplies them", () => {
    const augmentation: Augmentation = { ...augmentations.keras, rotateDegrees: 20 };
    const draws = { rotate: 0.8, down: 0.3, right: 0.6, shear: 0.9, zoomY: 0.2, zoomX: 0.7 };
    const result = augment(source, dims, { ...augmentation, flip: false }, drawn(shares(draws)));
    const angle = ((0.8 * 2 - 1) * 20 * Math.PI) / 180;
    const shear = (0.9 * 2 - 1) * 0.2;
    const matrices = [
      [1, 0, 2, 0, 1, 3, 0, 0, 1],
      [Math.cos(angle), -Math.sin(angle), 0, Math.sin(angle), Math.cos(angle), 0, 0, 0, 1],
      [1, 0, 5 * (0.3 * 0.4 - 0.2), 0, 1, 7 * (0.6 * 0.4 - 0.2), 0, 0, 1],
      [1, -Math.sin(shear), 0, 0, Math.cos(shear), 0, 0, 0, 1],
      [0.8 + 0.4 * 0.2, 0, 0, 0, 0.8 + 0.4 * 0.7, 0, 0, 0, 1],
      [1, 0, -2, 0, 1, -3, 0, 0, 1],
    ];
    const product = matrices.reduce((a, b) =>
      a.map((_, i) =>
        [0, 1, 2].reduce((sum, k) => sum + a[i - (i % 3) + k]! * b[3 * k + (i % 3)]!, 0),
      ),
    );
    expectEach(
      result,
      (c, y, x) => {
        const row = clamp(product[0]! * y + product[1]! * x + product[2]!, 4);
        const column = clamp(product[3]! * y + product[4]! * x + product[5]!, 6);
        const [top, left] = [Math.floor(row), Math.floor(column)];
        let value = 0;
        for (const [dy, dx] of [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ] as const) {
          const weight = (1 - Math.abs(row - top - dy)) * (1 - Math.abs(column - left - dx));
          value += weight * at(source, c, clamp(top + dy, 4), clamp(left + dx, 6));
        }
        return value;
      },
      5,
    );
  });

  test("brightens, flattens and greys as the formulas say", () => {
    const brighter = augment(source, dims, { brightness: 0.5 }, drawn(shares({ brightness: 1 })));
    expectEach(brighter, (c, y, x) => Math.min(1.5 * at(source, c, y, x), 1), 6);
    const lumaOf = (y: number, x: number) =>
      0.299 * at(source, 0, y, x) + 0.587 * at(source, 1, y, x) + 0.114 * at(source, 2, y, x);
    const grey = augment(source, dims, { colour: 1 }, drawn(shares({ colour: 0 })));
    expectEach(grey, (_, y, x) => lumaOf(y, x), 6);
    let mean = 0;
    for (let y = 0; y < 5; y++) for (let x = 0; x < 7; x++) mean += lumaOf(y, x) / 35;
    const flat = augment(source, dims, { contrast: 1 }, drawn(shares({ contrast: 0 })));
    expectEach(flat, () => mean, 6);
  });

  test("stays in 0..1 and depends on the stream alone", () => {
    const recipes = fc.constantFrom(...Object.values(augmentations));
    fc.assert(
      fc.property(recipes, fc.nat(), fc.constantFrom(1, 3), (recipe, seed, channels) => {
        const shape = [channels, 9, 6] as const;
        const data = noise(shape, seed);
        const before = data.slice();
        const result = augment(data, shape, recipe, randomStream(seed));
        expect(result.every((value) => value >= 0 && value <= 1)).toBe(true);
        expect(result).toEqual(augment(data, shape, recipe, randomStream(seed)));
        expect(data).toEqual(before);
      }),
    );
  });

  test("keeps a picture of one colour as it is, whatever moves", () => {
    const data = new Float32Array(105).fill(0.25);
    for (const edge of ["nearest", "reflect"] as const) {
      const moved = augment(data, dims, { ...augmentations.keras, edge }, randomStream(edge));
      for (const value of moved) expect(value).toBeCloseTo(0.25, 6);
    }
  });
});

test("augmentationOf names the closest recipe", () => {
  expect(augmentationOf("keras")).toBe(augmentations.keras);
  expect(() => augmentationOf("kera")).toThrow('got "kera". closest: "keras".');
  expect(() => augmentationOf("toString")).toThrow("none, light, keras, photos, strong");
});
