/** @file D-RISE: likeness by hand, maps against plain sums, 200 scenes of squares, and what is refused. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boxMap, hitShare } from "../../../test/box-map.ts";
import {
  drawnDetector,
  drawnScene,
  explainedSquare,
  sidePx,
} from "../../../test/drawn-detector.ts";
import { tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import type { FoundObject } from "../../scores/sought-objects.ts";
import { correlation } from "../../statistics.ts";
import { dRise } from "./d-rise.ts";
import { likeness } from "./object-likeness.ts";
import { RandomMasks } from "./random-masks.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

let detector: Model;
beforeAll(() => {
  detector = drawnDetector(runtime);
});

function object(
  [left, top, right, bottom]: readonly [number, number, number, number],
  more: Partial<FoundObject> = {},
): FoundObject {
  return { left, top, right, bottom, class: 0, score: 0.8, objectness: 1, ...more };
}

describe("likeness", () => {
  const sought = object([0, 0, 2, 2], { classes: Float32Array.of(0.8, 0.2) });
  const classes = Float32Array.of(0.6, 0.4);

  test("is intersection over union times the cosine of the classes", () => {
    const proposal = object([1, 1, 3, 3], { classes });
    expect(likeness(sought, proposal)).toBeCloseTo(0.134535, 6);
    expect(7 * likeness(sought, proposal)).toBeCloseTo(0.941742, 6);
    expect(likeness(object([0, 0, 2, 2]), object([1, 1, 3, 3], { score: 1 }))).toBeCloseTo(1 / 7);
  });

  test.each<[string, FoundObject, number]>([
    ["times objectness", object([1, 1, 3, 3], { classes, objectness: 0.5 }), 0.0672673],
    ["1 of itself", sought, 1],
    ["0 beside it", object([2, 0, 4, 2], { classes }), 0],
    ["0 without extent", object([1, 1, 1, 1], { classes }), 0],
    ["0 of no class", object([1, 1, 3, 3], { classes: new Float32Array(2) }), 0],
  ])("%s", (_, proposal, expected) => {
    expect(likeness(sought, proposal)).toBeCloseTo(expected, 6);
  });

  test("without probabilities of all classes is the score of the same class", () => {
    const one = object([0, 0, 2, 2]);
    expect(likeness(one, object([0, 0, 2, 1], { score: 0.6 }))).toBeCloseTo(0.3, 6);
    expect(likeness(one, object([0, 0, 2, 2], { class: 1 }))).toBe(0);
  });
});

describe("D-RISE", () => {
  const options = { samples: 20, cells: 5, keep: 0.4, seed: 3 };

  test("as plain sums have it, of one object and of several", async () => {
    const scene = drawnScene(randomStream("sums"));
    const { picture, squares } = scene;
    const places = sidePx ** 2;
    const masks = new RandomMasks(sidePx, sidePx, options);
    for (const meant of [squares[0]!, squares[0]!.class]) {
      const sought = (await explainedSquare(detector, scene, meant)).sought!;
      const { length: count } = sought.objects;
      expect(count > 1).toBe(typeof meant === "number");
      const [sums, seen] = [new Float64Array(places), new Float64Array(places)];
      let mean = 0;
      for (let index = 0; index < options.samples; index++) {
        const shown = masks.whole(index);
        const data = (picture.data as Float32Array).map((value, i) => value * shown[i % places]!);
        const masked = tensor("float32", picture.dims, data);
        const [found] = await sought.find(masked, { leastScore: 0.01 });
        const best = sought.objects.map((one) =>
          Math.max(0, ...found!.map((proposal) => likeness(one, proposal))),
        );
        const weight = best.reduce((sum, value) => sum + value / count, 0);
        mean += weight / options.samples;
        for (let p = 0; p < places; p++) {
          sums[p]! += weight * shown[p]!;
          seen[p]! += shown[p]!;
        }
      }
      const map = await boxMap(detector, "d-rise", scene, meant, options);
      expect(map.dims).toEqual([sidePx, sidePx]);
      expect(map.data).toBeWithinL2(
        Array.from(sums, (sum, p) => (seen[p]! > 0 ? sum / seen[p]! - mean : 0)),
        1e-5,
      );
    }
  });

  test("peaks in the box in 95 % of 200 scenes, beside others of its class", async () => {
    const few = { samples: 40, cells: 8 };
    expect(await hitShare(detector, "d-rise", "pairs", 200, few)).toBeGreaterThanOrEqual(0.95);
  });

  test("tells two boxes of one class apart", async () => {
    const scene = drawnScene(randomStream("two"));
    const [one, other] = await Promise.all(
      scene.squares
        .slice(0, 2)
        .map((square) => boxMap(detector, "d-rise", scene, square, { samples: 80, cells: 8 })),
    );
    expect(correlation(one!.data, other!.data)).toBeLessThan(0.3);
  });

  test("the same seed gives the same bytes, another one others", async () => {
    const scene = drawnScene(randomStream("seed"));
    const map = async (seed: number) =>
      (await boxMap(detector, "d-rise", scene, scene.squares[0]!, { ...options, seed })).data;
    expect(await map(1)).toEqual(await map(1));
    expect(await map(2)).not.toEqual(await map(1));
  });

  test("tells how far it is, and stops where it is told to", async () => {
    const scene = drawnScene(randomStream("stop"));
    const shares: number[] = [];
    const signal = { aborted: false };
    const onProgress = (share: number) => {
      shares.push(share);
      signal.aborted = shares.length === 2;
    };
    const stopped = boxMap(detector, "d-rise", scene, scene.squares[0]!, {
      samples: 64,
      onProgress,
      signal,
    });
    await expect(stopped).rejects.toThrow(/stopped before it was done/);
    expect(shares).toEqual([0.25, 0.5]);
  });

  test("a target without boxes is refused by name", async () => {
    const scene = drawnScene(randomStream("none"));
    const { model, sought } = await explainedSquare(detector, scene, scene.squares[0]!);
    const message = /^d-rise: .* objects with boxes, .* got none\. choose rise/;
    for (const given of [{}, { sought: { ...sought!, objects: [] } }]) {
      await expect(dRise(model, scene.picture, { targets: [0], ...given })).rejects.toThrow(
        message,
      );
    }
  });
});
