/** @file Grad-CAM, gradient, Integrated Gradients and occlusion of signals and volumes against slow forms in float64. */
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { elementCount, tensorOf } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { largest } from "../statistics.ts";
import { attributionMethods } from "./index.ts";
import { partMaps } from "./part-maps.ts";

const runtime = createReferenceRuntime();

/** All places of some sides, the last side first. */
function placesOf(sides: readonly number[]): readonly (readonly number[])[] {
  return sides.reduce<readonly (readonly number[])[]>(
    (all, side) => all.flatMap((place) => Array.from({ length: side }, (_, i) => [...place, i])),
    [[]],
  );
}

const indexOf = (place: readonly number[], sides: readonly number[]) =>
  place.reduce((index, at, axis) => index * sides[axis]! + at, 0);

/** A convolution of 2 to 3 channels, tanh, and a weighted sum of all that for each of 2 classes, in float64. */
function toy(sides: readonly number[], seed: string) {
  const random = randomStream("signals-and-volumes", seed);
  const normals = (count: number) =>
    Array.from(Float32Array.from({ length: count }, () => random.normal() / 2));
  const window = sides.map(() => 2);
  const inner = sides.map((side) => side - 1);
  const [kernel, dense] = [
    normals(3 * 2 * elementCount(window)),
    normals(3 * elementCount(inner) * 2),
  ];
  const input = normals(2 * elementCount(sides));
  const [places, taps] = [placesOf(inner), placesOf(window)];
  const size = elementCount(sides);
  const weight = (k: number, c: number, tap: number) => kernel[(k * 2 + c) * taps.length + tap]!;
  const at = (place: readonly number[], tap: readonly number[]) =>
    indexOf(
      place.map((from, axis) => from + tap[axis]!),
      sides,
    );
  const features = (x: readonly number[]) =>
    [0, 1, 2].map((k) =>
      places.map((place) => {
        const sums = taps.map((tap, t) =>
          [0, 1].reduce((sum, c) => sum + weight(k, c, t) * x[c * size + at(place, tap)]!, 0),
        );
        return Math.tanh(sums.reduce((sum, value) => sum + value, 0));
      }),
    );
  const slopeOf = (k: number, p: number, target: number) =>
    dense[(k * places.length + p) * 2 + target]!;
  const score = (x: readonly number[], target: number) =>
    features(x).reduce(
      (total, map, k) => total + map.reduce((sum, a, p) => sum + a * slopeOf(k, p, target), 0),
      0,
    );
  const gradient = (x: readonly number[], target: number) => {
    const slopes = x.map(() => 0);
    for (const [k, map] of features(x).entries()) {
      for (const [p, a] of map.entries()) {
        for (const [t, tap] of taps.entries()) {
          for (const c of [0, 1]) {
            slopes[c * size + at(places[p]!, tap)]! +=
              slopeOf(k, p, target) * (1 - a * a) * weight(k, c, t);
          }
        }
      }
    }
    return slopes;
  };
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2, ...sides]);
  const conv = b.op("Conv", [x, b.constant(kernel, [3, 2, ...window])]);
  const flat = b.op("Flatten", [b.op("Tanh", [conv], {}, "features")]);
  b.output(b.op("Gemm", [flat, b.constant(dense, [3 * places.length, 2])], {}, "logits"));
  const model = new Model({ ...b.build(), shapes: new Map() }, runtime);
  return { model, input, features, slopeOf, score, gradient, inner, size };
}

/** Each number of a map within a share of the largest. */
function expectClose(got: Float32Array, wanted: readonly number[], share = 1e-5): void {
  expect(got).toHaveLength(wanted.length);
  const scale = largest(wanted.map(Math.abs));
  const errors = wanted.map((value, i) => Math.abs(value - got[i]!) / scale);
  expect(largest(errors)).toBeLessThan(share);
}

describe.each([
  ["a signal", [9]],
  ["a volume", [3, 4, 5]],
] as const)("%s", (name, sides) => {
  const { model, input, features, slopeOf, score, gradient, inner, size } = toy(sides, name);
  const dims = [1, 2, elementCount(sides.slice(0, -1)), sides.at(-1)!];
  const fed = tensorOf("float32", dims, input);
  const target = 1;

  async function mapOf(method: keyof typeof attributionMethods, options: object = {}) {
    const maps = await attributionMethods[method].run(model, fed, {
      targets: [target],
      ...options,
    });
    return partMaps(model, maps, dims, await model.at(dims))[0]![0]!;
  }

  test("Grad-CAM is the sum of the channels by the means of their slopes", async () => {
    const maps = features(input);
    const alpha = maps.map(
      (map, k) => map.reduce((sum, _, p) => sum + slopeOf(k, p, target), 0) / map.length,
    );
    const wanted = maps[0]!.map((_, p) =>
      maps.reduce((sum, map, k) => sum + alpha[k]! * map[p]!, 0),
    );
    const map = await mapOf("grad-cam", { signed: true });
    expect(map.dims).toEqual(inner);
    expectClose(map.data, wanted);
  });

  test.each(["hires-cam", "layer-cam"] as const)(
    "%s weighs each place by its own slope",
    async (method) => {
      const maps = features(input);
      const slope = (k: number, p: number) => {
        const own = slopeOf(k, p, target);
        return method === "layer-cam" ? Math.max(own, 0) : own;
      };
      const wanted = maps[0]!.map((_, p) =>
        maps.reduce((sum, map, k) => sum + slope(k, p) * map[p]!, 0),
      );
      const map = await mapOf(method, { signed: true });
      expect(map.dims).toEqual(inner);
      expectClose(map.data, wanted);
    },
  );

  test("the gradient", async () => {
    const map = await mapOf("gradient");
    expect(map.dims).toEqual([2, ...sides]);
    expectClose(map.data, gradient(input, target));
  });

  test("Integrated Gradients is the mean slope on the way from 0, times the input", async () => {
    const steps = 200;
    const sums = input.map(() => 0);
    for (let i = 0; i < steps; i++) {
      const share = (i + 0.5) / steps;
      const slopes = gradient(
        input.map((value) => value * share),
        target,
      );
      for (const [at, slope] of slopes.entries()) sums[at]! += slope / steps;
    }
    const map = await mapOf("integrated-gradients", { baseline: "zero", steps: 200 });
    expect(map.dims).toEqual([2, ...sides]);
    expectClose(
      map.data,
      sums.map((sum, i) => sum * input[i]!),
      1e-4,
    );
    const total = map.data.reduce((sum, value) => sum + value, 0);
    expect(total).toBeCloseTo(
      score(input, target) -
        score(
          input.map(() => 0),
          target,
        ),
      4,
    );
  });

  test("occlusion hides windows along every side", async () => {
    const places = placesOf(sides);
    const lost = places.map(() => [] as number[]);
    for (const start of placesOf(sides.map((side) => side - 1))) {
      const isHidden = places.map((place) =>
        place.every((at, axis) => at >= start[axis]! && at < start[axis]! + 2),
      );
      const changed = input.map((value, i) => (isHidden[i % size] ? 0 : value));
      const loss = score(input, target) - score(changed, target);
      for (const [p, hidden] of isHidden.entries()) if (hidden) lost[p]!.push(loss);
    }
    const wanted = lost.map((all) => all.reduce((sum, value) => sum + value, 0) / all.length);
    const map = await mapOf("occlusion", { window: 2, stride: 1, baseline: "zero" });
    expect(map.dims).toEqual(sides);
    expectClose(map.data, wanted);
  });

  test("a window that is larger than a side is refused in words of no picture", async () => {
    await expect(mapOf("occlusion", { window: 99 })).rejects.toThrow(
      `the input's shortest side ${Math.min(...sides)}, got window 99`,
    );
  });
});
