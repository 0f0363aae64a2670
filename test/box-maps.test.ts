/** @file Maps of detected squares: each lies on its own square, in 200 scenes, and not on others of the same class. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AttributionOptions } from "../src/attribution/method.ts";
import type { Model } from "../src/network/model.ts";
import { randomStream } from "../src/random.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { correlation } from "../src/statistics.ts";
import { boxMap, hitShare, peaksIn, type MethodName } from "./box-map.ts";
import { drawnDetector, drawnScene, scaleNames, type Square } from "./drawn-detector.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

let detector: Model;
beforeAll(() => {
  detector = drawnDetector(runtime);
});

const methods: readonly (readonly [MethodName, Partial<AttributionOptions>])[] = [
  ["gradient", {}],
  ["layer-cam", {}],
  ["occlusion", { window: 8, stride: 8 }],
];

const others: readonly (readonly [MethodName, Partial<AttributionOptions>])[] = [
  ["input-x-gradient", {}],
  ["hires-cam", {}],
  ["smooth-grad", { samples: 4 }],
  ["integrated-gradients", { steps: 8 }],
  ["rise", { samples: 60, cells: 8 }],
];

describe("the map of a box peaks in it, beside others of its class", () => {
  test.each(methods)("by %s", async (name, options) => {
    expect(await hitShare(detector, name, "pairs", 200, options)).toBeGreaterThanOrEqual(0.95);
  });

  test.each(others)("by %s, in fewer scenes", async (name, options) => {
    expect(await hitShare(detector, name, "pairs", 20, options)).toBeGreaterThanOrEqual(0.95);
  });
});

describe("weights of whole channels find the only one of its class", () => {
  test.each(["grad-cam", "grad-cam-plus-plus"] as const)("by %s", async (name) => {
    expect(await hitShare(detector, name, "one each", 200)).toBeGreaterThanOrEqual(0.95);
  });
});

test.each([...methods, ...others])(
  "maps of two boxes of one class differ by %s",
  async (name, options) => {
    for (let seed = 0; seed < 3; seed++) {
      const scene = drawnScene(randomStream("two", seed));
      const [one, other] = scene.squares;
      const maps = await Promise.all(
        [one!, other!].map((square) => boxMap(detector, name, scene, square, options)),
      );
      const [a, b] = maps.map(({ data }) => data) as [Float32Array, Float32Array];
      expect(correlation(Array.from(a), Array.from(b))).toBeLessThan(0.5);
    }
  },
);

test("a class over all its boxes lights each of them", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const scene = drawnScene(randomStream("all", seed));
    const [{ class: named }] = scene.squares as [Square];
    const own = scene.squares.filter((square) => square.class === named);
    const map = await boxMap(detector, "layer-cam", scene, named);
    expect(map).toMatchObject({ layer: scaleNames.join(" + "), layers: scaleNames, dims: [8, 8] });
    const largest = map.data.reduce((most, value) => Math.max(most, value));
    for (const { left, top, side } of own) {
      const places = [...map.data].filter((_, i) => {
        const [x, y] = [8 * (i % 8) + 4, 8 * Math.floor(i / 8) + 4];
        return x > left && x < left + side && y > top && y < top + side;
      });
      expect(Math.max(...places)).toBeGreaterThan(0.2 * largest);
    }
    expect(own.some((square) => peaksIn(map, square))).toBe(true);
  }
});
