/** @file What methods must say of networks beside the ordinary ones: units, linear paths, equal units, sums that are off. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { attributionMethods } from "../src/attribution/index.ts";
import { withReasons } from "../src/attribution/diagnosis/why-blank.ts";
import { camLayer } from "../src/attribution/cam/cam-layer.ts";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensorOf, type Tensor } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { randomStream } from "../src/random.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { explainedModelOf } from "../src/scores/explained-model.ts";
import { libraryWords, wordsOf } from "../src/wording/face.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

const dims = [1, 2, 8, 8] as const;
const activations = ["Relu", "HardSwish", "Elu", "Tanh", "Mish"] as const;

interface Design {
  readonly seed: number;
  readonly activation?: (typeof activations)[number] | "SiLU";
  readonly normalised?: boolean;
}

/** Two blocks of convolution, normalisation and activation, a pool, and a dense layer. */
function network({ seed, activation, normalised = false }: Design): Graph {
  const random = randomStream("told", seed);
  const b = new GraphBuilder();
  const weights = (shape: readonly number[]) =>
    b.constant(
      Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => 0.4 * random.normal()),
      shape,
    );
  const activate = (x: Value, name: string) => {
    if (activation === undefined) return x;
    if (activation === "SiLU") return b.op("Mul", [x, b.op("Sigmoid", [x])], {}, name);
    return b.op(activation, [x], {}, name);
  };
  const block = (x: Value, channels: number, name: string) => {
    const kernel = weights([channels, x.dims[1]!, 3, 3]);
    let y = b.op("Conv", [x, kernel, weights([channels])], { pads: [1, 1, 1, 1] }, `${name}/conv`);
    if (normalised) {
      const positive = b.constant(Array<number>(channels).fill(1.5), [channels]);
      const statistics = [positive, weights([channels]), weights([channels]), positive];
      y = b.op("BatchNormalization", [y, ...statistics], {}, `${name}/norm`);
    }
    return activate(y, `${name}/act`);
  };
  const low = block(b.input("x", [...dims]), 4, "low");
  const high = block(low, 3, "high");
  const pool = b.op("MaxPool", [high], { kernel_shape: [2, 2], strides: [2, 2] }, "pool");
  b.output(b.op("MatMul", [b.reshape(pool, [1, 48]), weights([48, 2])], {}, "logits"));
  return { ...b.build(), shapes: new Map() };
}

function picture(seed: number): Tensor {
  const random = randomStream("picture", seed);
  return tensorOf(
    "float32",
    dims,
    Array.from({ length: 128 }, () => random.normal()),
  );
}

test("a unit's class activation map lies on a layer before the unit's own", async () => {
  const kinds = fc.constantFrom(...activations, "SiLU" as const);
  await fc.assert(
    fc.asyncProperty(fc.nat(1e6), kinds, fc.boolean(), async (seed, activation, normalised) => {
      const model = new Model(network({ seed, activation, normalised }), runtime);
      for (const [layer, before] of [
        ["high/act", "low/act"],
        ["high/conv", "low/act"],
        ["pool", "high/act"],
      ] as const) {
        const target = { kind: "unit", layer, channel: 0 } as const;
        const { model: explained } = await explainedModelOf(model, target, dims);
        expect(camLayer(await explained.at(dims), explained, undefined).name).toBe(before);
      }
    }),
    { numRuns: 15 },
  );
});

test("DeepLIFT of what has no activation function on its way is the gradient times the difference", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1e6), async (seed) => {
      const model = new Model(network({ seed, activation: "Relu" }), runtime);
      const target = { kind: "unit", layer: "low/conv", channel: seed % 4 } as const;
      const { model: explained, targets } = await explainedModelOf(model, target, dims);
      const input = picture(seed);
      const [lift] = await attributionMethods["deep-lift"].run(explained, input, {
        targets,
        baseline: "zero",
      });
      const [slope] = await attributionMethods["input-x-gradient"].run(explained, input, {
        targets,
      });
      expect(lift!.data).toBeAllclose(slope!.data, { rtol: 1e-4, atol: 1e-6 });
    }),
    { numRuns: 15 },
  );
});

test("FullGrad says when it does not add up, and only then", async () => {
  const run = async (design: Design) => {
    const model = new Model(network(design), runtime);
    const [map] = await attributionMethods["full-grad"].run(model, picture(5), { targets: [1] });
    return map!;
  };
  const smooth = await run({ seed: 5, activation: "SiLU" });
  expect(smooth.warnings.map(({ message }) => wordsOf(message, libraryWords)).join()).toMatch(
    /do not add up to what is explained/,
  );
  const rectified = await run({ seed: 5, activation: "Relu", normalised: true });
  expect(Math.abs(rectified.figures!["delta"]!)).toBeLessThan(1e-3);
  expect(rectified.warnings).toEqual([]);
});

/** Three filters of the same weights over a picture that is the same everywhere in the middle. */
function equalUnits(bias: number): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 4, 4]);
  const kernel = b.constant(Array<number>(3).fill(2), [3, 1, 1, 1]);
  const conv = b.op("Conv", [x, kernel, b.constant([bias, bias, bias], [3])]);
  const act = b.op("Relu", [conv], {}, "act");
  b.output(
    b.op("MatMul", [b.reduceMean(act, [2, 3], false), b.constant([1, 0, 1, 0, 1, 0], [3, 2])]),
  );
  return new Model({ ...b.build(), shapes: new Map() }, runtime);
}

test.each([
  ["alive", 1, false],
  ["dead", -9, true],
])("units that are equal and %s", async (_, bias, isStuck) => {
  const model = equalUnits(bias);
  const input = tensorOf("float32", [1, 1, 4, 4], Array<number>(16).fill(1).with(3, 1.0001));
  const maps = await attributionMethods.gradient.run(model, input, { targets: [0] });
  const [map] = await withReasons(model, input, maps);
  const causes = map!.warnings.map(({ cause }) => cause);
  expect(causes.includes("dead-layer")).toBe(isStuck);
});
