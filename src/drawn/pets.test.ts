import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { petKinds, pets, petScene, type Box, type PetScene } from "./pets.ts";

const dims = [3, 40, 48] as const;
const anyScene = fc.record({ seed: fc.nat(), index: fc.nat() });

/** Whether two pictures differ at a pixel. */
function differs(a: Float32Array, b: Float32Array, at: number): boolean {
  const places = dims[1] * dims[2];
  return [0, 1, 2].some((c) => a[c * places + at] !== b[c * places + at]);
}

function changed(a: PetScene, b: PetScene): readonly number[] {
  return Array.from({ length: dims[1] * dims[2] }, (_, at) => at).filter((at) =>
    differs(a.picture, b.picture, at),
  );
}

function isInside({ x, y, width, height }: Box, at: number): boolean {
  const [row, column] = [Math.floor(at / dims[2]), at % dims[2]];
  return column >= x && column < x + width && row >= y && row < y + height;
}

describe("petScene", () => {
  test("draws the same bytes for the same seed and number", () => {
    const hash = createHash("sha256");
    for (let i = 0; i < 20; i++) {
      const { picture, parts } = petScene(1, i);
      hash.update(Uint8Array.from(picture, (value) => Math.round(255 * value)));
      hash.update(JSON.stringify(parts));
    }
    expect(hash.digest("hex").slice(0, 16)).toBe("117664d75d6fa305");
  });

  test("is in whole steps of 1/255, its boxes whole pixels of the picture", () => {
    fc.assert(
      fc.property(anyScene, ({ seed, index }) => {
        const { picture, label, parts } = petScene(seed, index, dims);
        expect(label).toBe(index % 2);
        expect(picture).toHaveLength(3 * 40 * 48);
        expect(picture).toEqual(picture.map((value) => Math.round(value * 255) / 255));
        expect(picture.every((value) => value >= 0 && value <= 1)).toBe(true);
        for (const { x, y, width, height } of parts.map(({ box }) => box)) {
          expect([x, y, width, height].every(Number.isInteger)).toBe(true);
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
          expect(Math.min(width, height)).toBeGreaterThan(0);
          expect(x + width).toBeLessThanOrEqual(48);
          expect(y + height).toBeLessThanOrEqual(40);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("a part changes pixels in its box and nowhere else", () => {
    fc.assert(
      fc.property(anyScene, ({ seed, index }) => {
        const scene = petScene(seed, index, dims);
        for (const { name, box } of scene.parts) {
          const pixels = changed(scene, petScene(seed, index, dims, { omit: [name] }));
          if (name.endsWith("eye") || name === "muzzle") expect(pixels.length).toBeGreaterThan(8);
          expect(pixels.every((at) => isInside(box, at))).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("a cat and a dog in the same scene differ in the boxes of their parts and nowhere else", () => {
    fc.assert(
      fc.property(anyScene, ({ seed, index }) => {
        const [cat, dog] = petKinds.map((kind) => petScene(seed, index, dims, { kind }));
        const boxes = [...cat!.parts, ...dog!.parts].map(({ box }) => box);
        const pixels = changed(cat!, dog!);
        expect(pixels.length).toBeGreaterThan(100);
        expect(pixels.every((at) => boxes.some((box) => isInside(box, at)))).toBe(true);
        expect([cat!.label, dog!.label]).toEqual([0, 1]);
      }),
      { numRuns: 30 },
    );
  });

  test("shows both ears, both eyes and the muzzle, where they belong", () => {
    fc.assert(
      fc.property(anyScene, ({ seed, index }) => {
        const parts = new Map(petScene(seed, index).parts.map(({ name, box }) => [name, box]));
        const middle = (name: "left eye" | "right eye" | "left ear" | "right ear" | "muzzle") => {
          const box = parts.get(name);
          if (!box) throw new Error(`no ${name}`);
          return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        };
        expect(middle("left ear").x).toBeLessThan(middle("right ear").x);
        expect(middle("left eye").x).toBeLessThan(middle("right eye").x);
        const eyes = (middle("left eye").y + middle("right eye").y) / 2;
        expect(eyes).toBeLessThan(middle("muzzle").y);
      }),
      { numRuns: 60 },
    );
  });

  test("is the same scene at twice the size", () => {
    const [small, large] = [petScene(3, 8, [3, 32, 32]), petScene(3, 8, [3, 64, 64])];
    expect(large.parts.map(({ name }) => name)).toEqual(small.parts.map(({ name }) => name));
    for (const [i, { box }] of large.parts.entries()) {
      const half = small.parts[i]!.box;
      expect(Math.abs(box.x / 2 - half.x)).toBeLessThanOrEqual(1.5);
      expect(Math.abs(box.y / 2 - half.y)).toBeLessThanOrEqual(1.5);
    }
  });

  test("one channel is the luma of three", () => {
    const colour = petScene(2, 5, [3, 20, 24]).picture;
    const grey = petScene(2, 5, [1, 20, 24]).picture;
    expect(grey).toHaveLength(480);
    for (const [i, value] of grey.entries()) {
      const luma = 0.299 * colour[i]! + 0.587 * colour[480 + i]! + 0.114 * colour[960 + i]!;
      expect(Math.abs(value - luma)).toBeLessThan(0.51 / 255);
    }
  });

  test.each([[[2, 32, 32]], [[3, 8, 32]], [[3, 32, 20.5]]] as const)("refuses [%s]", (wrong) => {
    expect(() => petScene(0, 0, wrong)).toThrow(
      "pictures must be [1 or 3, at least 16, at least 16]",
    );
  });
});

describe("pets", () => {
  test("has two parts that share no scene, each class as often", async () => {
    const { training, heldOut } = pets(4, { training: 6, heldOut: 4 }, [3, 16, 16]);
    expect(training.classes).toEqual(["cat", "dog"]);
    expect(training.dims).toEqual([3, 16, 16]);
    const { picture, label } = petScene(4, 6, [3, 16, 16]);
    expect(await heldOut.read(0)).toEqual({ picture, label });
    expect(await heldOut.read(0)).toEqual({ picture, label });
    expect([0, 1, 2, 3].map((i) => heldOut.label(i))).toEqual([0, 1, 0, 1]);
    expect(() => pets(4, { training: 6, heldOut: 4 }, [3, 9, 9])).toThrow("got [3, 9, 9]");
  });
});
