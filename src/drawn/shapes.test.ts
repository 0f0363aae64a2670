/** @file Drawn scenes: the same bytes for a seed, and masks and boxes that are those of what is seen. */
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mostShapes, shapeKinds, shapePlaceClasses, shapeScene, shapeScenes } from "./shapes.ts";

const dims = [3, 40, 48] as const;
const anyScene = fc.record({ seed: fc.nat(), index: fc.nat() });

describe("shapeScene", () => {
  test("draws the same bytes for the same seed and number", () => {
    const hash = createHash("sha256");
    for (let i = 0; i < 10; i++) {
      const { picture, shapes, owners } = shapeScene(1, i, [3, 64, 64]);
      hash.update(Uint8Array.from(picture, (value) => Math.round(255 * value)));
      hash.update(JSON.stringify(shapes));
      hash.update(Uint8Array.from(owners, (owner) => owner + 1));
    }
    expect(hash.digest("hex").slice(0, 16)).toBe("697b2cf3bb5cfdff");
  });

  test("has two to five shapes, each seen, in boxes that just hold what is seen of them", () => {
    fc.assert(
      fc.property(anyScene, ({ seed, index }) => {
        const { picture, shapes, owners } = shapeScene(seed, index, dims);
        expect(picture).toEqual(picture.map((value) => Math.round(value * 255) / 255));
        expect(shapes.length).toBeGreaterThanOrEqual(2);
        expect(shapes.length).toBeLessThanOrEqual(mostShapes);
        for (const [i, { kind, box }] of shapes.entries()) {
          expect(shapeKinds[kind]).toBeDefined();
          const places = [...owners.keys()].filter((p) => owners[p] === i);
          const columns = places.map((p) => p % dims[2]);
          const rows = places.map((p) => Math.floor(p / dims[2]));
          expect(places.length).toBeGreaterThan(12);
          expect(box.x).toBe(Math.min(...columns));
          expect(box.y).toBe(Math.min(...rows));
          expect(box.x + box.width).toBe(Math.max(...columns) + 1);
          expect(box.y + box.height).toBe(Math.max(...rows) + 1);
        }
      }),
      { numRuns: 25 },
    );
  });

  test("fills as much of a shape's box as its kind does, whatever its turn", () => {
    const shares = shapeKinds.map(() => [] as number[]);
    for (let i = 0; i < 60; i++) {
      const { shapes, owners } = shapeScene(5, i, [3, 64, 64]);
      const { kind, box } = shapes.at(-1)!;
      const area = owners.filter((owner) => owner === shapes.length - 1).length;
      shares[kind]!.push(area / (box.width * box.height));
    }
    for (const [kind, [low, high]] of [
      [0.66, 0.9],
      [0.45, 1.01],
      [0.25, 0.65],
    ].entries()) {
      expect(Math.min(...shares[kind]!)).toBeGreaterThan(low!);
      expect(Math.max(...shares[kind]!)).toBeLessThan(high!);
    }
  });

  test("is the same scene at twice the size", () => {
    const [small, large] = [shapeScene(3, 8, [3, 48, 48]), shapeScene(3, 8, [3, 96, 96])];
    expect(large.shapes.map(({ kind }) => kind)).toEqual(small.shapes.map(({ kind }) => kind));
    for (const [i, { box }] of large.shapes.entries()) {
      expect(Math.abs(box.x / 2 - small.shapes[i]!.box.x)).toBeLessThanOrEqual(1.5);
      expect(Math.abs(box.y / 2 - small.shapes[i]!.box.y)).toBeLessThanOrEqual(1.5);
    }
  });

  test.each([[[1, 32, 32]], [[3, 16, 32]], [[3, 32, 40.5]]] as const)("refuses [%s]", (wrong) => {
    expect(() => shapeScene(0, 0, wrong)).toThrow("[3, at least 32, at least 32]");
  });
});

describe("shapeScenes", () => {
  const sizes = { training: 3, heldOut: 2 };

  test("labels every place with what is seen there", async () => {
    const { heldOut } = shapeScenes("places", 4, [3, 32, 32], sizes);
    expect(heldOut.classes).toEqual(["background", "circle", "square", "triangle"]);
    expect(heldOut.labelForm).toEqual({ kind: "places", dims: [32, 32] });
    const { picture, shapes, owners } = shapeScene(4, 3, [3, 32, 32]);
    const first = await heldOut.read(0);
    expect(first.picture).toEqual(picture);
    expect(await heldOut.read(0)).toEqual(first);
    for (const [p, owner] of owners.entries()) {
      const kind = owner < 0 ? "background" : shapeKinds[shapes[owner]!.kind];
      expect(shapePlaceClasses[first.labels![p]!]).toBe(kind);
    }
  });

  test("labels objects with class and box, and says where there is none", async () => {
    const { training } = shapeScenes("boxes", 4, [3, 32, 32], sizes);
    expect(training.classes).toEqual(shapeKinds);
    expect(training.labelForm).toEqual({ kind: "boxes", dims: [5, 5] });
    const { shapes } = shapeScene(4, 1, [3, 32, 32]);
    const { labels } = await training.read(1);
    for (let i = 0; i < 5; i++) {
      const shape = shapes[i];
      if (!shape) expect(labels![5 * i]).toBe(-1);
      else {
        const { x, y, width, height } = shape.box;
        const row = [shape.kind, x, y, x + width, y + height];
        expect([...labels!.subarray(5 * i, 5 * i + 5)]).toEqual(row);
      }
    }
  });
});
