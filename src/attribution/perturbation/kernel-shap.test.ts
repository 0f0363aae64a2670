/** @file KernelSHAP against Shapley's formula over all coalitions, and Shapley's axioms on random networks. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { channels, height, places, threeLayers, width } from "../../../test/three-layers.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { kernelShap } from "./kernel-shap.ts";
import { piecesOf } from "./pieces.ts";

const network = threeLayers(2);
const { model, input } = network;

/** Stripes of one column each. */
const stripes = Int32Array.from({ length: places }, (_, pixel) => pixel % width);

/** Shapley's values of the columns: each one's gains, weighted by the orders in which it joins the others so. */
function slowShapley(n: number, target: number): number[] {
  const picture = network.picture(n);
  const worth = (visible: number) => {
    const seen = picture.map((value, i) => ((visible >> (i % width)) & 1 ? value : 0));
    return network.logits(seen)[target]!;
  };
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  return Array.from({ length: width }, (_, piece) => {
    let value = 0;
    for (let others = 0; others < 2 ** width; others++) {
      if ((others >> piece) & 1) continue;
      const size = others.toString(2).replaceAll("0", "").length;
      const share = (factorial(size) * factorial(width - size - 1)) / factorial(width);
      value += share * (worth(others | (1 << piece)) - worth(others));
    }
    return value;
  });
}

describe("KernelSHAP", () => {
  const options = { targets: [2, 0], pieces: stripes, baseline: "zero" } as const;

  test("of all coalitions gives Shapley's values", async () => {
    const maps = await kernelShap(model, input, options);
    for (const [n, target] of [2, 0].entries()) {
      const values = slowShapley(n, target);
      const expected = Array.from(stripes, (piece) => values[piece]!);
      expect(maps[n]!.data).toBeWithinL2(expected, 1e-5);
    }
  });

  test("of drawn coalitions comes near them, and sums to the gain exactly", async () => {
    const [map] = await kernelShap(model, input, { ...options, samples: 60 });
    const values = slowShapley(0, 2);
    expect(map!.data.slice(0, width)).toBeWithinL2(values, 0.2);
    const sum = map!.data.slice(0, width).reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(
      values.reduce((total, value) => total + value),
      4,
    );
  });

  test("the same seed gives the same bytes, another one others", async () => {
    const map = async (seed: number) =>
      (await kernelShap(model, input, { ...options, samples: 40, seed }))[0]!.data;
    expect(await map(1)).toEqual(await map(1));
    expect(await map(2)).not.toEqual(await map(1));
  });

  test.each([
    [{ samples: 3 }, /samples: there must be enough for 5 unknowns/],
    [{ pieces: "hexagons", segments: 4 }, /superpixels or grid, got "hexagons"/],
    [{ pieces: new Int32Array(4) }, /a label a pixel \(30\), counted from 0 without gaps, got 4/],
    [{ pieces: stripes.map((piece) => 2 * piece) }, /with 6 different ones up to 10/],
    [{ pieces: "grid", segments: 31 }, /at most as many as pixels \(30\), got 31/],
    [{ samples: 0 }, /samples: it must be a positive whole number, got 0/],
    [{ signal: { aborted: true } }, /stopped before it was done/],
  ])("%o is refused", async (changed, message) => {
    await expect(kernelShap(model, input, { ...options, ...changed })).rejects.toThrow(message);
  });
});

const pixels = 8;

/** Dense to 5, tanh unless linear, dense to 3, on pictures [1, 1, 2, 4]; weights [pixels, 5] by `adjust`. */
function denseNetwork(seed: number, isLinear: boolean, adjust: (weights: number[]) => void) {
  const random = randomStream("dense", seed);
  const normals = (count: number) => Array.from({ length: count }, () => random.normal());
  const [first, second] = [normals(pixels * 5), normals(15)];
  adjust(first);
  const b = new GraphBuilder();
  const flat = b.op("Flatten", [b.input("x", [1, 1, 2, 4])]);
  const hidden = b.op("MatMul", [flat, b.constant(first, [pixels, 5])]);
  const bent = isLinear ? hidden : b.op("Tanh", [hidden]);
  b.output(b.op("MatMul", [bent, b.constant(second, [5, 3])], {}, "logits"));
  const model = new Model(b.build(), createReferenceRuntime());
  const slopes = Array.from({ length: pixels }, (_, p) =>
    [0, 1, 2, 3, 4].reduce((sum, k) => sum + first[p * 5 + k]! * second[k * 3 + 1]!, 0),
  );
  return { model, slopes };
}

/** Values of the pixels of a picture for class 1. */
async function valuesOf(model: Model, picture: readonly number[], samples = 256) {
  const input = tensorOf("float32", [1, 1, 2, 4], picture);
  const pieces = Int32Array.from({ length: pixels }, (_, p) => p);
  const options = { targets: [1], pieces, baseline: [0], samples };
  const [map] = await kernelShap(model, input, options);
  const [empty] = await kernelShap(
    model,
    tensorOf("float32", [1, 1, 2, 4], Array(8).fill(0)),
    options,
  );
  return { values: Array.from(map!.data), gain: map!.logit - empty!.logit };
}

const pictures = fc.array(fc.float({ min: -2, max: 2, noNaN: true }), {
  minLength: pixels,
  maxLength: pixels,
});
const seeds = fc.integer({ min: 0, max: 1e6 });
const runs = { numRuns: 12 };

describe("Shapley's axioms", () => {
  test("completeness, with all coalitions and with few", async () => {
    const property = fc.asyncProperty(seeds, pictures, async (seed, picture) => {
      const { model: random } = denseNetwork(seed, false, () => {});
      for (const samples of [256, 80]) {
        const { values, gain } = await valuesOf(random, picture, samples);
        expect(values.reduce((sum, value) => sum + value)).toBeCloseTo(gain, 4);
      }
    });
    await fc.assert(property, runs);
  });

  test("a pixel that the network does not look at gets nothing", async () => {
    const property = fc.asyncProperty(seeds, pictures, async (seed, picture) => {
      const { model: random } = denseNetwork(seed, false, (weights) => weights.fill(0, 10, 15));
      const { values } = await valuesOf(random, picture);
      expect(values[2]).toBeCloseTo(0, 5);
    });
    await fc.assert(property, runs);
  });

  test("equal pixels with equal weights get the same", async () => {
    const property = fc.asyncProperty(seeds, pictures, async (seed, picture) => {
      const { model: random } = denseNetwork(seed, false, (weights) =>
        weights.copyWithin(0, 30, 35),
      );
      const { values } = await valuesOf(random, picture.with(0, picture[6]!));
      expect(values[0]).toBeCloseTo(values[6]!, 5);
    });
    await fc.assert(property, runs);
  });

  test("of a linear network: slope times pixel, with few coalitions too", async () => {
    const property = fc.asyncProperty(seeds, pictures, async (seed, picture) => {
      const { model: linear, slopes } = denseNetwork(seed, true, () => {});
      for (const samples of [256, 80]) {
        const { values } = await valuesOf(linear, picture, samples);
        for (const [p, value] of values.entries()) {
          expect(value).toBeCloseTo(slopes[p]! * picture[p]!, 4);
        }
      }
    });
    await fc.assert(property, runs);
  });
});

test("a picture of fewer than 50 pixels has a piece a pixel at most, unless more are asked for", async () => {
  for (const pieces of ["superpixels", "grid"] as const) {
    const [map] = await kernelShap(model, input, { targets: [0], pieces, samples: 300 });
    expect(new Set(map!.data).size).toBeGreaterThan(places / 3);
    const asked = kernelShap(model, input, { targets: [0], pieces, segments: 50 });
    await expect(asked).rejects.toThrow(/at most as many as pixels \(30\), got 50/);
  }
});

test("pieces of superpixels and of a grid carry one value each", async () => {
  for (const pieces of ["superpixels", "grid"] as const) {
    const [map] = await kernelShap(model, input, { targets: [0], pieces, segments: 6 });
    expect(map!.dims).toEqual([height, width]);
    const picture = Float32Array.from(network.picture(0));
    const { count, labels } = piecesOf(picture, [channels, height, width], pieces, 6);
    const firsts = Array.from({ length: count }, (_, piece) => map!.data[labels.indexOf(piece)]!);
    expect(Array.from(map!.data)).toEqual(Array.from(labels, (piece) => firsts[piece]!));
    expect(new Set(firsts).size).toBeGreaterThan(1);
  }
});
