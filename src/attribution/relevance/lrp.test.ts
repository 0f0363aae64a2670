/** @file LRP against its papers' formulas on dense matrices, and what must hold of any relevance. */
import { array, asyncProperty, assert, boolean, constantFrom, integer } from "fast-check";
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import {
  activationsOf,
  averageMatrix,
  convolutionMatrix,
  maximumWindows,
  plainRules,
  relevanceOf,
  type PlainLayer,
  type PlainRule,
} from "../../../test/relevance-by-matrix.ts";
import { GraphBuilder, type Value } from "../../graph/builder.ts";
import { tensorOf, type Tensor } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { inputXGradient } from "../gradient/input-x-gradient.ts";
import { lrpRules } from "./infos.ts";
import { lrp } from "./lrp.ts";

const grid = { channels: 2, height: 6, width: 5 } as const;
const first = { kernel: 3, stride: 2, pad: 1 } as const;
const pooled = { channels: 4, height: 3, width: 3 } as const;
const pool = { kernel: 2, stride: 1, pad: 0 } as const;
const second = { kernel: 2, stride: 1, pad: 1 } as const;
const target = 1;

interface Network {
  readonly model: Model;
  readonly layers: readonly PlainLayer[];
  readonly input: Tensor;
  readonly picture: readonly number[];
}

/** Conv 2 to 4, strided and padded; ReLU; pool; Conv 4 to 6 in two groups; ReLU; dense to 3; as model and as matrices. */
function network(seed: number, kind: "MaxPool" | "AveragePool", biased: boolean): Network {
  const random = randomStream("lrp", seed);
  const normals = (count: number) =>
    Array.from({ length: count }, () => Math.fround(random.normal()));
  const biases = (count: number) => normals(count).map((bias) => (biased ? bias : 0));
  const weights = [normals(4 * 2 * 9), normals(6 * 2 * 4), normals(3 * 54)];
  const bias = [biases(4), biases(6), biases(3)];
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2, 6, 5], "float32", ["N", 2, 6, 5]);
  const conv = (
    of: Value,
    i: number,
    dims: readonly number[],
    sweep: typeof first | typeof second,
  ) =>
    b.op("Relu", [
      b.op("Conv", [of, b.constant(weights[i]!, dims), b.constant(bias[i]!, [dims[0]!])], {
        strides: [sweep.stride, sweep.stride],
        pads: Array<number>(4).fill(sweep.pad),
        group: i + 1,
      }),
    ]);
  const one = conv(x, 0, [4, 2, 3, 3], first);
  const smaller = b.op(kind, [one], { kernel_shape: [2, 2] });
  const two = conv(smaller, 1, [6, 2, 2, 2], second);
  const dense = [
    b.op("Flatten", [two]),
    b.constant(weights[2]!, [3, 54]),
    b.constant(bias[2]!, [3]),
  ];
  b.output(b.op("Gemm", dense, { transB: 1 }));
  const picture = normals(60);
  const layers: PlainLayer[] = [
    convolutionMatrix(grid, first, 1, weights[0]!, bias[0]!),
    { kind: "relu" },
    kind === "MaxPool"
      ? { kind: "max", windows: maximumWindows(pooled, pool) }
      : averageMatrix(pooled, pool),
    convolutionMatrix({ channels: 4, height: 2, width: 2 }, second, 2, weights[1]!, bias[1]!),
    { kind: "relu" },
    {
      kind: "linear",
      weights: [0, 1, 2].map((row) => weights[2]!.slice(row * 54, (row + 1) * 54)),
      bias: bias[2]!,
    },
  ];
  return {
    model: new Model({ ...b.build(), shapes: new Map() }, createReferenceRuntime()),
    layers,
    input: tensorOf("float32", [1, 2, 6, 5], picture),
    picture,
  };
}

/** Range of each number's channel. */
function boundsOf(picture: readonly number[]): [number, number][] {
  const ranges = [0, 1].map((c) => {
    const plane = picture.slice(c * 30, (c + 1) * 30);
    return [Math.min(...plane), Math.max(...plane)] as [number, number];
  });
  return picture.map((_, i) => ranges[Math.floor(i / 30)]!);
}

/** Rules of the convolutions and the dense layer by the name of the composite. */
const plain: Readonly<Record<string, readonly [PlainRule, PlainRule]>> = {
  epsilon: [plainRules.epsilon(0.1), plainRules.epsilon(0.1)],
  gamma: [plainRules.gamma(0.25, 0.1), plainRules.gamma(0.25, 0.1)],
  "z-plus": [plainRules.alphaBeta(1, 0.1), plainRules.alphaBeta(1, 0.1)],
  "alpha-beta": [plainRules.alphaBeta(2, 0.1), plainRules.alphaBeta(2, 0.1)],
  "epsilon-plus": [plainRules.alphaBeta(1, 0.1), plainRules.epsilon(0.1)],
  "epsilon-gamma": [plainRules.gamma(0.25, 0.1), plainRules.epsilon(0.1)],
  "epsilon-alpha2-beta1": [plainRules.alphaBeta(2, 0.1), plainRules.epsilon(0.1)],
};

function plainRelevance({ layers, picture }: Network, rule: string, atFirst: string): number[] {
  const [convolution, dense] = plain[rule]!;
  const special: Readonly<Record<string, PlainRule>> = {
    same: convolution,
    "z-box": plainRules.zBox(boundsOf(picture), 0.1),
    "w-square": plainRules.wSquare(0.1),
    flat: plainRules.flat(0.1),
  };
  const ruleOf = (layer: number) => {
    if (layer === 0) return special[atFirst]!;
    if (layer === 2) return plainRules.epsilon(0.1);
    return layer === 5 ? dense : convolution;
  };
  return relevanceOf(layers, picture, target, ruleOf);
}

describe("on matrices in float64", () => {
  const kinds = ["MaxPool", "AveragePool"] as const;
  const plainNames = Object.keys(plain).flatMap((rule) =>
    kinds.map((kind) => [rule, kind] as const),
  );

  test.each(plainNames)("%s, %s", async (rule, kind) => {
    for (const seed of [1, 2, 3]) {
      const made = network(seed, kind, true);
      const [map] = await lrp(made.model, made.input, { targets: [target], rule, epsilon: 0.1 });
      const expected = plainRelevance(made, rule, "same");
      expect(map!.data).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-5 });
      expect(map!.logit).toBeCloseTo(activationsOf(made.layers, made.picture).at(-1)![target]!, 4);
    }
  });

  test.each(["z-box", "w-square", "flat"])("%s at the picture", async (atFirst) => {
    const made = network(4, "MaxPool", true);
    const options = { targets: [target], rule: "epsilon-gamma", first: atFirst, epsilon: 0.1 };
    const [map] = await lrp(made.model, made.input, options);
    const expected = plainRelevance(made, "epsilon-gamma", atFirst);
    expect(map!.data).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-5 });
  });

  test.each([
    ["epsilon-gamma-box", "epsilon-gamma", "z-box"],
    ["epsilon-plus-flat", "epsilon-plus", "flat"],
    ["epsilon-alpha2-beta1-flat", "epsilon-alpha2-beta1", "flat"],
  ])("%s is %s with %s", async (rule, body, atFirst) => {
    const made = network(5, "AveragePool", true);
    const [map] = await lrp(made.model, made.input, { targets: [target], rule, epsilon: 0.1 });
    const expected = plainRelevance(made, body, atFirst);
    expect(map!.data).toBeAllclose(expected, { rtol: 1e-4, atol: 1e-5 });
  });

  test("every rule has a plain form here", () => {
    const ends = /-(box|flat)$/;
    expect(Object.keys(lrpRules).filter((rule) => !ends.test(rule))).toEqual(Object.keys(plain));
  });
});

const seeds = integer({ min: 0, max: 1e6 });

/** Pieces of networks without biases that keep four channels; `filters` makes new ones [4, 4, 3, 3]. */
const blocks: Readonly<Record<string, (b: GraphBuilder, x: Value, filters: () => Value) => Value>> =
  {
    convolution: (b, x, filters) => b.op("Relu", [b.op("Conv", [x, filters()], same)]),
    transposed: (b, x, filters) => b.op("ConvTranspose", [x, filters()], same),
    residual: (b, x, filters) => b.op("Relu", [b.add(x, b.op("Conv", [x, filters()], same))]),
    dense: (b, x, filters) => {
      const both = b.concat([x, b.op("Conv", [x, filters()], same)], 1);
      return b.slice(both, [2], [6], [1]);
    },
    shuffle: (b, x) => {
      const split = b.reshape(x, [1, 2, 2, ...x.dims.slice(2)]);
      return b.reshape(b.transpose(split, [0, 2, 1, 3, 4]), x.dims);
    },
    gate: (b, x) => b.mul(b.op("Sigmoid", [b.op("GlobalAveragePool", [x])]), x),
    swish: (b, x) => b.mul(x, b.op("Sigmoid", [x])),
    maximum: (b, x) => b.op("MaxPool", [x], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
    average: (b, x) => b.op("AveragePool", [x], { kernel_shape: [2, 2], pads: [0, 0, 1, 1] }),
    enlarged: (b, x) => {
      const sizes = b.ints([1, 4, x.dims[2]! + 2, x.dims[3]! + 3]);
      return b.op("Resize", [x, null, null, sizes], { mode: "linear" });
    },
    divided: (b, x) => b.div(x, b.add(b.op("Abs", [x]), b.scalar(1))),
  };

const same = { pads: [1, 1, 1, 1] };

test("a map that is more than 5 % off the logit says to how much of it it adds up, and no other does", async () => {
  const property = asyncProperty(seeds, boolean(), async (seed, isBiased) => {
    const { model, input } = network(seed, "AveragePool", isBiased);
    const [map] = await lrp(model, input, { targets: [target] });
    const { conserved } = map!.figures as { readonly conserved: number };
    const told = map!.warnings.filter(({ cause }) => cause === "incomplete");
    expect(told).toHaveLength(Math.abs(conserved - 1) > 0.05 ? 1 : 0);
  });
  await assert(property, { numRuns: 12 });
});

describe("without biases", () => {
  test.each([
    "epsilon",
    "gamma",
    "z-plus",
    "epsilon-plus",
    "epsilon-gamma-box",
    "epsilon-plus-flat",
  ])("%s conserves the logit", async (rule) => {
    const property = asyncProperty(seeds, async (seed) => {
      const { model, input } = network(seed, "AveragePool", false);
      const [map] = await lrp(model, input, { targets: [target], rule, epsilon: 1e-9 });
      const sum = map!.data.reduce((total, value) => total + value, 0);
      const size = map!.data.reduce((total, value) => total + Math.abs(value), 0);
      expect(Math.abs(sum - map!.logit)).toBeLessThan(1e-4 * Math.max(size, Math.abs(map!.logit)));
      expect(map!.figures!["conserved"]).toBeCloseTo(sum / map!.logit, 6);
    });
    await assert(property, { numRuns: 5 });
  });

  test("epsilon conserves the logit through random chains of operators", async () => {
    const chain = array(constantFrom(...Object.keys(blocks)), { minLength: 2, maxLength: 5 });
    const property = asyncProperty(seeds, chain, async (seed, names) => {
      const random = randomStream("lrp-chain", seed);
      const normals = (...dims: readonly number[]) =>
        Array.from({ length: dims.reduce((p, q) => p * q) }, () => random.normal());
      const b = new GraphBuilder();
      let value = b.input("x", [1, 4, 6, 6]);
      const filters = () => b.constant(normals(4, 4, 3, 3), [4, 4, 3, 3]);
      for (const name of ["convolution", ...names]) value = blocks[name]!(b, value, filters);
      const flat = b.op("Flatten", [b.op("GlobalAveragePool", [value])]);
      b.output(b.op("MatMul", [flat, b.constant(normals(4, 3), [4, 3])]));
      const model = new Model(b.build(), createReferenceRuntime());
      const input = tensorOf("float32", [1, 4, 6, 6], normals(144));
      const options = { targets: [target], rule: "epsilon", epsilon: 1e-9 };
      const [map] = await lrp(model, input, options);
      const sum = map!.data.reduce((total, part) => total + part, 0);
      const size = map!.data.reduce((total, part) => total + Math.abs(part), 0);
      expect(Math.abs(sum - map!.logit)).toBeLessThan(1e-3 * Math.max(size, Math.abs(map!.logit)));
    });
    await assert(property, { numRuns: 12 });
  });

  // An output all of whose contributions have one sign, as at a padded corner, is not conserved by this rule.
  test("alpha-beta conserves the logit where every output has contributions of both signs", async () => {
    const property = asyncProperty(seeds, async (seed) => {
      const random = randomStream("lrp-dense", seed);
      const normals = (count: number) => Array.from({ length: count }, () => random.normal());
      const b = new GraphBuilder();
      const x = b.op("Flatten", [b.input("x", [1, 3, 5, 4])]);
      const hidden = b.op("Relu", [b.op("MatMul", [x, b.constant(normals(3600), [60, 60])])]);
      b.output(b.op("MatMul", [hidden, b.constant(normals(180), [60, 3])]));
      const model = new Model(b.build(), createReferenceRuntime());
      const input = tensorOf("float32", [1, 3, 5, 4], normals(60));
      const options = { targets: [target], rule: "alpha-beta", epsilon: 1e-9 };
      const [map] = await lrp(model, input, options);
      expect(map!.figures!["conserved"]).toBeCloseTo(1, 2);
    });
    await assert(property, { numRuns: 5 });
  });

  test("LRP-0 is input x gradient", async () => {
    const kinds = constantFrom("MaxPool" as const, "AveragePool" as const);
    const property = asyncProperty(seeds, kinds, async (seed, kind) => {
      const { model, input } = network(seed, kind, false);
      const options = { targets: [target] };
      const [map] = await lrp(model, input, { ...options, rule: "epsilon", epsilon: 1e-12 });
      const [product] = await inputXGradient(model, input, options);
      expect(map!.data).toBeAllclose(product!.data, { rtol: 1e-3, atol: 1e-4 });
    });
    await assert(property, { numRuns: 5 });
  });
});
