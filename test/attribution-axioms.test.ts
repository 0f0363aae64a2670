/** @file What attributions must hold on random networks besides adding up: axioms that tie methods to each other. */
import { array, asyncProperty, assert, integer } from "fast-check";
import { expect, test } from "vitest";
import { attributionMethods } from "../src/attribution/index.ts";
import type { AttributionOptions } from "../src/attribution/method.ts";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import { tensorOf, type Tensor } from "../src/graph/tensor.ts";
import { Model, type ModelOptions } from "../src/network/model.ts";
import { randomStream } from "../src/random.ts";
import { createReferenceRuntime } from "./reference/reference-runtime.ts";

type MethodName = keyof typeof attributionMethods;

const runs = { numRuns: 8 } as const;
const seeds = integer({ min: 0, max: 1e6 });
const runtime = createReferenceRuntime();
const pixels = 6;
/** Each pixel a piece of its own. */
const pieces = Int32Array.from({ length: pixels }, (_, pixel) => pixel);

async function mapOf(
  method: MethodName,
  model: Model,
  input: Tensor,
  options: Partial<Omit<AttributionOptions, "pieces">> & { readonly pieces?: Int32Array } = {},
): Promise<number[]> {
  // Pieces are a name on the command line, and labels too in the library.
  const request = { targets: [1], ...options } as unknown as AttributionOptions;
  const [map] = await attributionMethods[method].run(model, input, request);
  return Array.from(map!.data);
}

function normals(key: string, seed: number, count: number): number[] {
  const random = randomStream(key, seed);
  return Array.from({ length: count }, () => random.normal());
}

const pictureOf = (values: readonly number[]) => tensorOf("float32", [1, 1, 2, 3], values);
const randomPicture = (seed: number) => pictureOf(normals("picture", seed, pixels));

/** Builds the score [1, 2] from the pixels [1, 6]. */
type Body = (b: GraphBuilder, flat: Value) => Value;

function modelOf(body: Body, options: ModelOptions = {}): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 2, 3], "float32", ["N", 1, 2, 3]);
  b.output(body(b, b.reshape(x, [-1, pixels])));
  return new Model({ ...b.build(), shapes: new Map() }, runtime, options);
}

/** Dense to 5, tanh, dense to 2; weights of the pixels in `unread` are 0. */
function bent(seed: number, unread: readonly number[] = []): Body {
  const first = normals("first", seed, pixels * 5).map((weight, i) =>
    unread.includes(Math.floor(i / 5)) ? 0 : weight,
  );
  const second = normals("second", seed, 10);
  return (b, flat) => {
    const hidden = b.op("Tanh", [b.op("MatMul", [flat, b.constant(first, [pixels, 5])])]);
    return b.op("MatMul", [hidden, b.constant(second, [5, 2])]);
  };
}

/** The same with ReLUs, so that the network is linear in regions. */
function cornered(seed: number): Body {
  const [first, second] = [normals("first", seed, pixels * 5), normals("second", seed, 10)];
  return (b, flat) => {
    const hidden = b.op("Relu", [b.op("MatMul", [flat, b.constant(first, [pixels, 5])])]);
    return b.op("MatMul", [hidden, b.constant(second, [5, 2])]);
  };
}

const hides = { baseline: "zero" } as const;
/** Methods of pixels that change with what they explain, and the options with which they are exact. */
const ofPixels = {
  gradient: {},
  "input-x-gradient": {},
  "smooth-grad": { samples: 4 },
  "integrated-gradients": { steps: 16 },
  occlusion: { ...hides, window: 1, stride: 1 },
  "kernel-shap": { ...hides, pieces },
} as const;

test("dummy: a pixel that the network does not read gets 0", async () => {
  const property = asyncProperty(
    seeds,
    integer({ min: 0, max: pixels - 1 }),
    async (seed, unread) => {
      const model = modelOf(bent(seed, [unread]));
      for (const [method, options] of Object.entries(ofPixels)) {
        const map = await mapOf(method as MethodName, model, randomPicture(seed), options);
        expect(Math.abs(map[unread]!), method).toBeLessThan(1e-5);
        expect(Math.max(...map.map(Math.abs)), method).toBeGreaterThan(1e-3);
      }
    },
  );
  await assert(property, runs);
});

test("sensitivity: where one pixel alone differs from the baseline and the score does too, it gets all", async () => {
  const property = asyncProperty(
    seeds,
    integer({ min: 0, max: pixels - 1 }),
    async (seed, pixel) => {
      const model = modelOf(bent(seed));
      const lone = Array<number>(pixels).fill(0).with(pixel, 1.5);
      const [map] = await attributionMethods.gradient.run(model, pictureOf(lone), { targets: [1] });
      const empty = pictureOf(Array<number>(pixels).fill(0));
      const [none] = await attributionMethods.gradient.run(model, empty, { targets: [1] });
      const rise = map!.logit - none!.logit;
      const expected = Array<number>(pixels).fill(0).with(pixel, rise);
      for (const [method, options] of [
        ["integrated-gradients", { tolerance: 1e-4 }],
        ["occlusion", ofPixels.occlusion],
        ["kernel-shap", ofPixels["kernel-shap"]],
      ] as const) {
        const found = await mapOf(method, model, pictureOf(lone), options);
        expect(found, method).toBeAllclose(expected, { rtol: 1e-3, atol: 1e-5 });
      }
    },
  );
  await assert(property, runs);
});

test("linearity: the map of a f + b g is a times that of f and b times that of g", async () => {
  const property = asyncProperty(
    seeds,
    array(integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 2 }),
    async (seed, factors) => {
      const [f, g] = [bent(seed), bent(seed + 1)];
      const [a, c] = factors as [number, number];
      const sum: Body = (b, flat) => b.add(b.scale(f(b, flat), a), b.scale(g(b, flat), c));
      const input = randomPicture(seed);
      for (const [method, options] of Object.entries(ofPixels)) {
        const [ofSum, ofF, ofG] = [
          await mapOf(method as MethodName, modelOf(sum), input, options),
          await mapOf(method as MethodName, modelOf(f), input, options),
          await mapOf(method as MethodName, modelOf(g), input, options),
        ];
        const expected = ofF.map((value, i) => a * value + c * ofG[i]!);
        expect(ofSum, method).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-5 });
      }
    },
  );
  await assert(property, runs);
});

test("implementation invariance: ReLU(ReLU(x0) - 1 - ReLU(x1)) and ReLU(ReLU(x0 - 1) - ReLU(x1)) for any x >= 0", async () => {
  const twin = (isEarly: boolean) =>
    modelOf((b, flat) => {
      const [x0, x1] = [b.slice(flat, [0], [1], [1]), b.slice(flat, [1], [2], [1])];
      const [relu, one] = [(value: Value) => b.op("Relu", [value]), b.scalar(1)];
      const first = isEarly ? relu(b.sub(x0, one)) : b.sub(relu(x0), one);
      const y = relu(b.sub(first, relu(x1)));
      return b.op("Concat", [b.neg(y), y], { axis: 1 });
    });
  const [late, early] = [twin(false), twin(true)];
  const property = asyncProperty(
    integer({ min: 0, max: 400 }),
    integer({ min: 0, max: 200 }),
    async (x0, x1) => {
      const input = pictureOf([x0 / 100, x1 / 100, 0, 0, 0, 0]);
      for (const [method, options] of Object.entries(ofPixels)) {
        // A kink on the path is where the slopes of both are chosen by convention.
        if (method.includes("grad") && x0 - x1 === 100) continue;
        const [a, b] = [
          await mapOf(method as MethodName, late, input, options),
          await mapOf(method as MethodName, early, input, options),
        ];
        expect(a, method).toBeAllclose(b, { rtol: 1e-4, atol: 1e-5 });
      }
    },
  );
  await assert(property, { ...runs, numRuns: 20 });
});

test("linear networks: input x gradient, Integrated Gradients, exact Shapley and occlusion agree", async () => {
  const property = asyncProperty(seeds, async (seed) => {
    const weights = normals("linear", seed, pixels * 2);
    const model = modelOf((b, flat) => b.op("MatMul", [flat, b.constant(weights, [pixels, 2])]));
    const picture = normals("picture", seed, pixels);
    const expected = picture.map((value, i) => value * weights[i * 2 + 1]!);
    for (const method of [
      "input-x-gradient",
      "integrated-gradients",
      "occlusion",
      "kernel-shap",
    ] as const) {
      const options = method === "integrated-gradients" ? {} : ofPixels[method];
      const map = await mapOf(method, model, pictureOf(picture), options);
      expect(map, method).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-5 });
    }
  });
  await assert(property, runs);
});

test("inside one linear region SmoothGrad is the gradient, which does not change there", async () => {
  const property = asyncProperty(seeds, async (seed) => {
    const model = modelOf(cornered(seed));
    const input = randomPicture(seed);
    const plain = await mapOf("gradient", model, input);
    const noise = { samples: 5, noise: 1e-5 };
    expect(await mapOf("smooth-grad", model, input, noise)).toBeAllclose(plain, { rtol: 1e-5 });
    expect(Math.max(...(await mapOf("var-grad", model, input, noise)))).toBeLessThan(1e-9);
    const moved = pictureOf(
      normals("picture", seed, pixels).map((value, i) => value + (i % 2 ? 1e-5 : -1e-5)),
    );
    expect(await mapOf("gradient", model, moved)).toEqual(plain);
  });
  await assert(property, runs);
});

test("saturation: as p nears 1, the probability's gradient vanishes and the logit's does not", async () => {
  const length = (map: readonly number[]) => Math.hypot(...map);
  const property = asyncProperty(seeds, async (seed) => {
    const weights = normals("linear", seed, pixels).flatMap((weight) => [0, weight]);
    const body: Body = (b, flat) =>
      b.op("Softmax", [b.op("MatMul", [flat, b.constant(weights, [pixels, 2])])], { axis: 1 });
    const [kept, plain] = [modelOf(body, { keepActivation: true }), modelOf(body)];
    const towards = weights.filter((_, i) => i % 2 === 1);
    const scale = towards.reduce((sum, weight) => sum + weight * weight, 0);
    let last = Number.POSITIVE_INFINITY;
    for (const logit of [1, 4, 8, 14]) {
      const input = pictureOf(towards.map((weight) => (weight * logit) / scale));
      const slope = length(await mapOf("gradient", kept, input));
      expect(slope).toBeLessThan(last / 2);
      last = slope;
      expect(length(await mapOf("gradient", plain, input))).toBeCloseTo(Math.sqrt(scale), 4);
    }
    expect(last).toBeLessThan(1e-5 * Math.sqrt(scale));
  });
  await assert(property, runs);
});

/** Pictures [N, 1, 5, 6]; conv 1 to 3 of mirrored filters, ReLU, then `end`. */
function spatial(seed: number, end: (b: GraphBuilder, maps: Value) => Value): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 5, 6], "float32", ["N", 1, 5, 6]);
  const [left, middle] = [normals("left", seed, 9), normals("middle", seed, 9)];
  const filters = left.flatMap((side, row) => [side, middle[row]!, side]);
  const conv = b.op("Conv", [x, b.constant(filters, [3, 1, 3, 3])], { pads: [1, 1, 1, 1] });
  b.output(end(b, b.op("Relu", [conv], {}, "maps")));
  return new Model({ ...b.build(), shapes: new Map() }, runtime);
}

/** The mean over all places, and a dense layer. */
function pooled(seed: number): (b: GraphBuilder, maps: Value) => Value {
  const weights = normals("dense", seed, 6);
  return (b, maps) => {
    const means = b.op("Flatten", [b.op("GlobalAveragePool", [maps])]);
    return b.op("MatMul", [means, b.constant(weights, [3, 2])]);
  };
}

const spatialPicture = (values: readonly number[]) => tensorOf("float32", [1, 1, 5, 6], values);

test("behind a mean over places and a dense layer, HiResCAM is Grad-CAM, and XGrad-CAM too", async () => {
  const property = asyncProperty(seeds, async (seed) => {
    const model = spatial(seed, pooled(seed));
    const input = spatialPicture(normals("spatial", seed, 30));
    const expected = await mapOf("grad-cam", model, input, { layer: "maps", signed: true });
    for (const method of ["hires-cam", "xgrad-cam"] as const) {
      const map = await mapOf(method, model, input, { layer: "maps", signed: true });
      expect(map, method).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-6 });
    }
  });
  await assert(property, runs);
});

test("symmetry: a mirrored picture of a network that cannot tell has the mirrored map", async () => {
  const mirrored = (values: readonly number[]) =>
    values.map((_, i) => values[i - (i % 6) + 5 - (i % 6)]!);
  const ofPlaces = {
    gradient: {},
    "input-x-gradient": {},
    "integrated-gradients": { steps: 8 },
    "guided-backprop": {},
    deconvolution: {},
    rectified: {},
    "grad-cam": { layer: "maps" },
    "grad-cam-plus-plus": { layer: "maps" },
    "hires-cam": { layer: "maps" },
    "xgrad-cam": { layer: "maps" },
    "layer-cam": { layer: "maps" },
    "eigen-cam": { layer: "maps" },
    "score-cam": { layer: "maps" },
    "ablation-cam": { layer: "maps" },
    "guided-grad-cam": { layer: "maps" },
    occlusion: { window: 2, stride: 1 },
  } as const;
  const property = asyncProperty(seeds, async (seed) => {
    const model = spatial(seed, pooled(seed));
    const values = normals("spatial", seed, 30);
    for (const [method, options] of Object.entries(ofPlaces)) {
      const [plain, turned] = [
        await mapOf(method as MethodName, model, spatialPicture(values), options),
        await mapOf(method as MethodName, model, spatialPicture(mirrored(values)), options),
      ];
      expect(turned, method).toBeAllclose(mirrored(plain), { rtol: 1e-4, atol: 1e-5 });
    }
  });
  await assert(property, { ...runs, numRuns: 4 });
});
