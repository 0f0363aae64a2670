/** @file DeepLIFT, expected gradients, FullGrad and CAM against slow forms of their papers, and what they add up to. */
import { asyncProperty, assert, integer } from "fast-check";
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { channels, height, places, threeLayers, width } from "../../test/three-layers.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { tensorOf, type Tensor } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { classActivationMap } from "./cam/class-activation-map.ts";
import { deepLift } from "./relevance/deep-lift.ts";
import { fullGrad } from "./gradient/full-grad.ts";
import { inputXGradient } from "./gradient/input-x-gradient.ts";
import { gradientShap } from "./gradient/gradient-shap.ts";
import { gradCam } from "./cam/grad-cam.ts";
import { hiresCam } from "./cam/hires-cam.ts";

const seeds = integer({ min: 0, max: 1e6 });
const size = channels * places;

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}

/** Slopes by central differences in float64, without the library. */
function slopes(logit: (picture: readonly number[]) => number, picture: readonly number[]) {
  const step = 1e-6;
  return picture.map((value, i) => {
    const at = (x: number) => logit(picture.with(i, x));
    return (at(value + step) - at(value - step)) / (2 * step);
  });
}

/** Weights of the network: its first layer [3, 2, 3, 3] with bias, its last [36, 4]. */
function weightsOf(model: Model) {
  const conv = model.graph.nodes.find(({ operator }) => operator === "Conv")!;
  const dense = model.graph.nodes.find(({ operator }) => operator === "MatMul")!;
  const numbers = (name: string) =>
    Array.from(model.graph.initializers.get(name)!.data as Float32Array);
  return {
    filters: numbers(conv.inputs[1]!),
    biases: numbers(conv.inputs[2]!),
    dense: numbers(dense.inputs[1]!),
  };
}

const [rows, columns] = [height - 2, width - 2];

/** Each value of the hidden layer with its pixels and their weights. */
function hidden({ filters, biases }: ReturnType<typeof weightsOf>) {
  return Array.from({ length: 3 * rows * columns }, (_, at) => {
    const k = Math.floor(at / (rows * columns));
    const [top, left] = [Math.floor(at / columns) % rows, at % columns];
    const taps = Array.from({ length: channels * 9 }, (__, i) => {
      const c = Math.floor(i / 9);
      const pixel = (top + (Math.floor(i / 3) % 3)) * width + left + (i % 3);
      return { pixel: c * places + pixel, weight: filters[k * channels * 9 + i]! };
    });
    const before = (picture: readonly number[]) =>
      taps.reduce((total, { pixel, weight }) => total + weight * picture[pixel]!, biases[k]!);
    return { k, taps, before };
  });
}

describe("three layers", () => {
  test("DeepLIFT: multipliers of the rescale rule, and their sum", () =>
    assert(
      asyncProperty(seeds, async (seed) => {
        const { model, input, picture, logits } = threeLayers(seed);
        const colour = [0.3, -0.2];
        const maps = await deepLift(model, input, { targets: [2], baseline: colour });
        const parts = weightsOf(model);
        for (const [n, { data, figures }] of maps.entries()) {
          const x = picture(n);
          const start = x.map((_, i) => colour[Math.floor(i / places)]!);
          const expected = Array<number>(size).fill(0);
          for (const [at, { taps, before }] of hidden(parts).entries()) {
            const [z, other] = [before(x), before(start)];
            const slope = (Math.max(z, 0) - Math.max(other, 0)) / (z - other);
            const weight = slope * parts.dense[at * 4 + 2]!;
            for (const tap of taps) expected[tap.pixel]! += weight * tap.weight;
          }
          expect(data).toBeAllclose(
            expected.map((slope, i) => slope * (x[i]! - start[i]!)),
            { rtol: 1e-4, atol: 1e-4 },
          );
          expect(sum(data)).toBeCloseTo(logits(x)[2]! - logits(start)[2]!, 3);
          expect(Math.abs(figures!["delta"]!)).toBeLessThan(1e-3);
        }
      }),
      { numRuns: 3 },
    ));

  test("GradientSHAP: the mean of distance times slope over the drawn baselines and places", async () => {
    const { model, input, picture, logits } = threeLayers(5);
    const options = { targets: [1], samples: 6, noise: 0.2, seed: 9, baseline: "zero" } as const;
    const maps = await gradientShap(model, input, options);
    for (const [n, { data }] of maps.entries()) {
      const x = picture(n);
      const deviation = 0.2 * (Math.max(...x) - Math.min(...x));
      const shares = randomStream("gradient-shap", 9, n, "places");
      const expected = Array<number>(size).fill(0);
      for (let i = 0; i < 6; i++) {
        const share = (i + shares.uniform()) / 6;
        const drawn = new Float32Array(size);
        randomStream("gradient-shap", 9, n, i).normals(drawn);
        const start = Array.from(drawn, (noise) => deviation * noise);
        const at = x.map((value, p) => start[p]! + share * (value - start[p]!));
        for (const [p, slope] of slopes((one) => logits(one)[1]!, at).entries()) {
          expected[p]! += (slope * (x[p]! - start[p]!)) / 6;
        }
      }
      expect(data).toBeAllclose(expected, { rtol: 1e-3, atol: 1e-3 });
    }
  });

  test("GradientSHAP nears the difference from the mean baseline with more samples", async () => {
    const { model, input } = threeLayers(6);
    const [few] = await gradientShap(model, input, { targets: [0], samples: 4 });
    const [many] = await gradientShap(model, input, { targets: [0], samples: 400 });
    const off = (map: typeof few) => Math.abs(map!.figures!["delta"]!);
    expect(off(many)).toBeLessThan(0.2);
    expect(off(many)).toBeLessThan(off(few));
  });

  test("FullGrad: input and biases add up to the logit, and each part is rescaled", async () => {
    const { model, input, picture, logits } = threeLayers(8);
    const maps = await fullGrad(model, input, { targets: [3] });
    const parts = weightsOf(model);
    for (const [n, { data, dims, figures }] of maps.entries()) {
      const x = picture(n);
      const own = slopes((one) => logits(one)[3]!, x).map((slope, i) => slope * x[i]!);
      const bias = hidden(parts).map(({ k, before }, at) =>
        before(x) > 0 ? parts.biases[k]! * parts.dense[at * 4 + 3]! : 0,
      );
      expect(sum(own) + sum(bias)).toBeCloseTo(logits(x)[3]!, 5);
      expect(Math.abs(figures!["delta"]!)).toBeLessThan(1e-4);
      const rescaled = (values: readonly number[]) => {
        const sizes = values.map(Math.abs);
        const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
        return sizes.map((value) => (value - low) / (high - low));
      };
      const [pixels, hiddenPart] = [rescaled(own), rescaled(bias)];
      const layer = (y: number, col: number) =>
        [0, 1, 2].reduce((total, k) => total + hiddenPart[(k * rows + y) * columns + col]!, 0);
      const expected = Array.from({ length: places }, (_, at) => {
        const [y, col] = [Math.floor(at / width), at % width];
        const [v, u] = [
          Math.min(Math.max(((y + 0.5) * rows) / height - 0.5, 0), rows - 1),
          Math.min(Math.max(((col + 0.5) * columns) / width - 0.5, 0), columns - 1),
        ];
        const [top, left] = [Math.floor(v), Math.floor(u)];
        const [low, right] = [Math.min(top + 1, rows - 1), Math.min(left + 1, columns - 1)];
        const across = (line: number) =>
          layer(line, left) * (1 - (u - left)) + layer(line, right) * (u - left);
        return (
          pixels[at]! +
          pixels[places + at]! +
          across(top) * (1 - (v - top)) +
          across(low) * (v - top)
        );
      });
      expect(dims).toEqual([height, width]);
      expect(data).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-4 });
    }
  });
});

/** A picture [1, 2, 6, 6] through `body`, which ends in logits [1, 3]. */
function network(seed: number, body: (b: GraphBuilder, x: Value, draw: Draw) => Value): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2, 6, 6]);
  const random = randomStream("difference methods", seed);
  const draw: Draw = (...dims) => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    return b.constant(
      Array.from({ length: count }, () => random.normal() / 2),
      dims,
    );
  };
  b.output(body(b, x, draw));
  return new Model({ ...b.build(), shapes: new Map() }, createReferenceRuntime());
}

type Draw = (...dims: readonly number[]) => Value;

function pictureOf(seed: number): Tensor {
  const random = randomStream("difference picture", seed);
  return tensorOf(
    "float32",
    [1, 2, 6, 6],
    Array.from({ length: 72 }, () => random.normal()),
  );
}

const zeroPicture = tensorOf("float32", [1, 2, 6, 6], Array<number>(72).fill(0));

function ending(b: GraphBuilder, x: Value, draw: Draw): Value {
  return b.op("MatMul", [
    b.op("Flatten", [x]),
    draw(
      x.dims.slice(1).reduce((a, c) => a * c),
      3,
    ),
  ]);
}

/** What lies between picture and logits, by the operator that is in question. */
const bodies: Readonly<Record<string, (b: GraphBuilder, x: Value, draw: Draw) => Value>> = {
  MaxPool: (b, x) =>
    b.op("MaxPool", [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  GlobalMaxPool: (b, x) => b.op("GlobalMaxPool", [x]),
  LRN: (b, x) => b.op("LRN", [x], { size: 2, alpha: 0.9, beta: 0.75, bias: 1 }),
  Mul: (b, x) => b.mul(x, b.op("Sigmoid", [x])),
  Div: (b, x) => b.div(x, b.op("Exp", [x])),
  HardSwish: (b, x) => b.op("HardSwish", [x]),
  Clip: (b, x) => b.op("Clip", [x, b.scalar(0), b.scalar(0.7)]),
  BatchNormalization: (b, x, draw) =>
    b.op("BatchNormalization", [x, draw(2), draw(2), draw(2), b.constant([0.5, 2], [2])]),
};

describe("DeepLIFT adds up to the difference from the baseline", () => {
  test.each(Object.keys(bodies))("through %s", (name) =>
    assert(
      asyncProperty(seeds, async (seed) => {
        const model = network(seed, (b, x, draw) => {
          const filtered = b.op("Conv", [x, draw(2, 2, 1, 1), draw(2)]);
          return ending(b, b.op("Tanh", [bodies[name]!(b, filtered, draw)]), draw);
        });
        const [map] = await deepLift(model, pictureOf(seed), { targets: [1], baseline: "zero" });
        const [empty] = await inputXGradient(model, zeroPicture, { targets: [1] });
        const rise = map!.logit - empty!.logit;
        expect(Math.abs(sum(map!.data) - rise)).toBeLessThan(1e-3);
        expect(Math.abs(map!.figures!["delta"]!)).toBeLessThan(1e-3);
        // Where all is clipped, as with seed 7, the picture changes nothing and the map is rightly 0.
        expect(map!.data.some((value) => value !== 0)).toBe(rise !== 0);
      }),
      { numRuns: 5 },
    ),
  );

  test("in a linear network it is input x gradient of the difference", async () => {
    const model = network(3, (b, x, draw) => ending(b, b.op("Conv", [x, draw(2, 2, 3, 3)]), draw));
    const [map] = await deepLift(model, pictureOf(4), { targets: [0], baseline: "zero" });
    const [shap] = await gradientShap(model, pictureOf(4), {
      targets: [0],
      baseline: "zero",
      noise: 1e-6,
      samples: 1,
    });
    expect(map!.data).toBeAllclose(shap!.data, { rtol: 1e-3, atol: 1e-4 });
  });

  test("attention is refused by its operator", async () => {
    const model = network(1, (b, x, draw) => ending(b, b.op("Softmax", [x], { axis: 1 }), draw));
    await expect(deepLift(model, pictureOf(1), { targets: [0] })).rejects.toThrow(
      "deep-lift: every operator on the path must have a rescale rule, got Softmax",
    );
  });
});

describe("CAM", () => {
  const headed = (seed: number) =>
    network(seed, (b, x, draw) => {
      const features = b.op("Relu", [b.op("Conv", [x, draw(4, 2, 3, 3), draw(4)])], {}, "features");
      const means = b.op("Flatten", [b.op("GlobalAveragePool", [features])]);
      return b.op("Gemm", [means, draw(3, 4), draw(3)], { transB: 1 });
    });

  test("its mean is the logit without bias; Grad-CAM and HiResCAM are it over the places", () =>
    assert(
      asyncProperty(seeds, async (seed) => {
        const model = headed(seed);
        const input = pictureOf(seed);
        const signed = { targets: [2], signed: true };
        const [cam] = await classActivationMap(model, input, { targets: [2] });
        const bias = model.graph.nodes.find(({ operator }) => operator === "Gemm")!.inputs[2]!;
        const added = (model.graph.initializers.get(bias)!.data as Float32Array)[2]!;
        expect(sum(cam!.data) / 16 + added).toBeCloseTo(cam!.logit, 4);
        for (const method of [gradCam, hiresCam]) {
          const [map] = await method(model, input, signed);
          expect(map!.data.map((value) => 16 * value)).toBeAllclose(cam!.data, {
            rtol: 1e-4,
            atol: 1e-4,
          });
        }
      }),
      { numRuns: 3 },
    ));

  test("heads that read places are refused, and so are nonlinear ones", async () => {
    const flat = network(1, (b, x, draw) => ending(b, b.op("Relu", [x], {}, "features"), draw));
    const options = { targets: [0], layer: "features" };
    await expect(classActivationMap(flat, pictureOf(1), options)).rejects.toThrow(
      "weights that differ from place to place",
    );
    const bent = network(1, (b, x, draw) => {
      const features = b.op("Relu", [x], {}, "features");
      const means = b.op("Flatten", [b.op("Sigmoid", [b.op("GlobalAveragePool", [features])])]);
      return b.op("MatMul", [means, draw(2, 3)]);
    });
    await expect(classActivationMap(bent, pictureOf(1), options)).rejects.toThrow("got Sigmoid");
  });
});
