/** @file What pixel maps must hold on any network, over random ones: axioms of the papers, and randomised weights. */
import { asyncProperty, assert, integer } from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { attributionMethods } from "../src/attribution/index.ts";
import type { AttributionOptions } from "../src/attribution/method.ts";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import { tensorOf, type Tensor } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { randomStream } from "../src/random.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { createReferenceRuntime } from "./reference/reference-runtime.ts";
import { channels, height, places, threeLayers, width, type ThreeLayers } from "./three-layers.ts";

type MethodName = keyof typeof attributionMethods;

const runs = { numRuns: 3 } as const;
const seeds = integer({ min: 0, max: 1e6 });
const runtime = createNodeRuntime();
afterAll(() => runtime.release());

function mapsOf(
  method: MethodName,
  model: Model,
  input: Tensor,
  options: Partial<AttributionOptions> = {},
) {
  return attributionMethods[method].run(model, input, { targets: [1], ...options });
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}

/** Slopes by central differences in float64, without the library. */
function slopes({ logits }: ThreeLayers, picture: readonly number[], target: number): number[] {
  const step = 1e-6;
  return picture.map((value, i) => {
    const at = (x: number) => logits(picture.with(i, x))[target]!;
    return (at(value + step) - at(value - step)) / (2 * step);
  });
}

/** Pictures [N, 1, 1, 4] through dense weights and `end`. */
function dense(seed: number, end: (b: GraphBuilder, x: Value) => Value): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 1, 4], "float32", ["N", 1, 1, 4]);
  const random = randomStream("dense", seed);
  const weights = b.constant(
    Array.from({ length: 12 }, () => random.normal()),
    [4, 3],
  );
  b.output(end(b, b.op("MatMul", [b.op("Flatten", [x]), weights])));
  return new Model({ ...b.build(), shapes: new Map() }, createReferenceRuntime());
}

function row(seed: number): Tensor {
  const random = randomStream("row", seed);
  return tensorOf(
    "float32",
    [1, 1, 1, 4],
    Array.from({ length: 4 }, () => random.normal()),
  );
}

describe("three layers in float64", () => {
  test("input x gradient", async () => {
    const property = asyncProperty(seeds, async (seed) => {
      const network = threeLayers(seed);
      const maps = await mapsOf("input-x-gradient", network.model, network.input);
      for (const [n, map] of maps.entries()) {
        const picture = network.picture(n);
        const expected = slopes(network, picture, 1).map((slope, i) => slope * picture[i]!);
        expect(map.data).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-5 });
      }
    });
    await assert(property, runs);
  });

  test("SmoothGrad, its square and its variance, of the same noise", async () => {
    const network = threeLayers(3);
    const options = { samples: 6, noise: 0.2, seed: 9 };
    const picture = network.picture(0);
    const deviation = 0.2 * (Math.max(...picture) - Math.min(...picture));
    const gradients = Array.from({ length: 6 }, (_, index) => {
      const drawn = new Float32Array(picture.length);
      randomStream("smooth-grad", 9, 0, index).normals(drawn);
      const noisy = picture.map((value, i) => Math.fround(value + deviation * drawn[i]!));
      return slopes(network, noisy, 1);
    });
    const mean = picture.map((_, i) => sum(gradients.map((g) => g[i]!)) / 6);
    const square = picture.map((_, i) => sum(gradients.map((g) => g[i]! ** 2)) / 6);
    const variance = square.map((value, i) => value - mean[i]! ** 2);
    const near = { rtol: 1e-3, atol: 1e-4 };
    const [smooth] = await mapsOf("smooth-grad", network.model, network.input, options);
    const [squared] = await mapsOf("smooth-grad-squared", network.model, network.input, options);
    const [spread] = await mapsOf("var-grad", network.model, network.input, options);
    expect(smooth!.data).toBeAllclose(mean, near);
    expect(squared!.data).toBeAllclose(square, near);
    expect(spread!.data).toBeAllclose(variance, near);
  });

  test("Integrated Gradients of equal steps", async () => {
    const network = threeLayers(5);
    const picture = network.picture(1);
    const expected = Array<number>(picture.length).fill(0);
    for (let step = 0; step < 8; step++) {
      const share = (step + 0.5) / 8;
      const place = picture.map((value) => Math.fround(Math.fround(share) * value));
      for (const [i, slope] of slopes(network, place, 1).entries()) {
        expected[i]! += (slope * picture[i]!) / 8;
      }
    }
    const options = { steps: 8 };
    const [, map] = await mapsOf("integrated-gradients", network.model, network.input, options);
    expect(map!.data).toBeAllclose(expected, { rtol: 1e-3, atol: 1e-4 });
  });
});

describe("axioms", () => {
  test("completeness: Integrated Gradients add up to 1e-3 of what they explain", async () => {
    const property = asyncProperty(seeds, async (seed) => {
      const { model, input, logits, picture } = threeLayers(seed);
      const maps = await mapsOf("integrated-gradients", model, input, { tolerance: 1e-3 });
      const empty = logits(Array<number>(channels * places).fill(0))[1]!;
      for (const [n, map] of maps.entries()) {
        const score = logits(picture(n))[1]!;
        const scale = Math.max(Math.abs(score - empty), 1e-3 * Math.abs(score));
        expect(Math.abs(sum(map.data) - (score - empty))).toBeLessThan(1.05e-3 * scale);
        expect(map.warnings.filter(({ cause }) => cause === "incomplete")).toEqual([]);
      }
    });
    await assert(property, runs);
  });

  test("linear networks: input x gradient, Integrated Gradients and slope times pixel agree", async () => {
    const property = asyncProperty(seeds, async (seed) => {
      const model = dense(seed, (_, x) => x);
      const input = row(seed);
      const [plain] = await mapsOf("gradient", model, input);
      const expected = plain!.data.map((slope, i) => slope * (input.data[i] as number));
      for (const method of ["input-x-gradient", "integrated-gradients"] as const) {
        const [map] = await mapsOf(method, model, input);
        expect(map!.data).toBeAllclose(expected, { rtol: 1e-5, atol: 1e-6 });
      }
      const [smooth] = await mapsOf("smooth-grad", model, input, { samples: 3 });
      expect(smooth!.data).toBeAllclose(plain!.data, { rtol: 1e-5, atol: 1e-6 });
    });
    await assert(property, runs);
  });

  test("dummy: a pixel that the network does not read gets 0 from every method", async () => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 1, 1, 4], "float32", ["N", 1, 1, 4]);
    const read = b.op("Relu", [b.mul(x, b.constant([2, 0, -1, 1], [1, 1, 1, 4]))]);
    const end = b.constant([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]);
    b.output(b.op("MatMul", [b.op("Flatten", [read]), end]));
    const model = new Model({ ...b.build(), shapes: new Map() }, createReferenceRuntime());
    const methods = [
      "input-x-gradient",
      "smooth-grad",
      "var-grad",
      "integrated-gradients",
    ] as const;
    for (const method of [...methods, "guided-backprop", "deconvolution", "rectified"] as const) {
      const [map] = await mapsOf(method, model, row(7));
      expect(map!.data[1], method).toBeCloseTo(0, 12);
    }
  });

  test("implementation invariance: the same function from another graph", async () => {
    // ReLU(ReLU(x0) - 1 - ReLU(x1)) and ReLU(ReLU(x0 - 1) - ReLU(x1)) are the same for x0, x1 >= 0.
    const twin = (early: boolean) => {
      const b = new GraphBuilder();
      const x = b.input("x", [1, 1, 1, 2], "float32", ["N", 1, 1, 2]);
      const flat = b.op("Flatten", [x]);
      const [x0, x1] = [b.slice(flat, [0], [1], [1]), b.slice(flat, [1], [2], [1])];
      const one = b.scalar(1);
      const relu = (value: Value) => b.op("Relu", [value]);
      const first = early ? relu(b.sub(x0, one)) : b.sub(relu(x0), one);
      const y = relu(b.sub(first, relu(x1)));
      b.output(b.op("Concat", [b.neg(y), y], { axis: 1 }));
      return new Model({ ...b.build(), shapes: new Map() }, createReferenceRuntime());
    };
    const input = tensorOf("float32", [1, 1, 1, 2], [3, 1]);
    const [late] = await mapsOf("integrated-gradients", twin(false), input, { tolerance: 1e-4 });
    const [early] = await mapsOf("integrated-gradients", twin(true), input, { tolerance: 1e-4 });
    expect(late!.data).toBeAllclose(early!.data, { rtol: 1e-3 });
    expect(late!.data).toBeAllclose([1.5, -0.5], { rtol: 1e-3 });
  });
});

test("networks without a ReLU are refused in one line", async () => {
  const model = dense(1, (b, x) => b.op("Sigmoid", [x]));
  for (const method of ["guided-backprop", "deconvolution", "rectified"] as const) {
    await expect(mapsOf(method, model, row(1))).rejects.toThrow(
      `${method}: the network must have a ReLU or ReLU6 before the class, got none.`,
    );
  }
});

/** Two convolutions and a dense layer, whose dense weights come from `top`. */
function deeper(seed: number, top: number): Model {
  const b = new GraphBuilder();
  const normals = (key: string, dims: readonly number[], from: number) => {
    const random = randomStream(key, from);
    const count = dims.reduce((product, dim) => product * dim, 1);
    return b.constant(
      Array.from({ length: count }, () => random.normal()),
      dims,
    );
  };
  let x = b.input("x", [1, channels, height, width], "float32", ["N", channels, height, width]);
  x = b.op("Relu", [b.op("Conv", [x, normals("a", [32, channels, 3, 3], seed)])]);
  const maps = b.op("Relu", [b.op("Conv", [x, normals("b", [32, 32, 1, 1], seed)])], {}, "maps");
  const last = normals("c", [32 * (height - 2) * (width - 2), 4], top);
  b.output(b.op("MatMul", [b.op("Flatten", [maps]), last]));
  return new Model({ ...b.build(), shapes: new Map() }, runtime);
}

/** Correlation of two maps (Pearson). */
function correlation(a: Float32Array, b: Float32Array): number {
  const centred = (values: Float32Array) => {
    const mean = sum(values) / values.length;
    return Float64Array.from(values, (value) => value - mean);
  };
  const [x, y] = [centred(a), centred(b)];
  const inner = (u: Float64Array, v: Float64Array) => sum(u.map((value, i) => value * v[i]!));
  return inner(x, y) / Math.sqrt(inner(x, x) * inner(y, y));
}

test("randomised weights of the last layer change gradient and Grad-CAM, and Guided Backprop little", async () => {
  const random = randomStream("sanity");
  const input = tensorOf(
    "float32",
    [1, channels, height, width],
    Array.from({ length: channels * places }, () => random.normal()),
  );
  const likeness = { gradient: 0, "grad-cam": 0, "guided-backprop": 0 };
  const count = 6;
  for (let top = 1; top <= count; top++) {
    for (const method of Object.keys(likeness) as (keyof typeof likeness)[]) {
      const options = method === "grad-cam" ? { signed: true, layer: "maps" } : {};
      const [trained] = await mapsOf(method, deeper(1, 0), input, options);
      const [randomised] = await mapsOf(method, deeper(1, top), input, options);
      likeness[method] += Math.abs(correlation(trained!.data, randomised!.data)) / count;
    }
  }
  // As Adebayo et al. 2018 published: the first two pass, Guided Backprop fails.
  expect(likeness.gradient).toBeLessThan(0.5);
  expect(likeness["grad-cam"]).toBeLessThan(0.6);
  expect(likeness["guided-backprop"]).toBeGreaterThan(0.8);
});
