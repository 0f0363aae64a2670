/** @file A channel followed by hand equals ONNX Runtime at every place: drawn convolutions, pools, dense layers, and what follows them. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AttributeInput } from "../graph/attributes.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensor, toFloat32, type Tensor } from "../graph/tensor.ts";
import { channelSteps, type ChannelSteps } from "../network/channel-steps.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { stepsAt } from "./window-sums.ts";

const runtime = createNodeRuntime({ threads: 1 });

function drawn(seed: number, dims: readonly number[], of = (x: number) => x): Tensor {
  const random = randomStream(seed, "steps", dims.join());
  const count = dims.reduce((product, size) => product * size, 1);
  return tensor(
    "float32",
    dims,
    Float32Array.from({ length: count }, () => of(random.normal())),
  );
}

function followed(graph: Graph, layer: string, channel: number): ChannelSteps {
  const steps = channelSteps(graph, layer, channel);
  if ("refused" in steps) throw new Error(steps.refused);
  return steps;
}

/** Runs the graph, follows every place of every channel, and compares each step with the network's own number. */
async function compareAll(graph: Graph, layer: string, input: Tensor): Promise<number> {
  const [, channels] = graph.shapes.get(layer)!.dims as [number, number];
  let compared = 0;
  for (let channel = 0; channel < channels; channel++) {
    const steps = followed(graph, layer, channel);
    const named = [...steps.reads.map((read) => read.layer), steps.value];
    const wanted = [...new Set([...named, ...steps.stages.map(({ value }) => value), layer])];
    const outputs = wanted.filter((name) => name !== "x").map((name) => ({ name }));
    const results = await runtime.run(
      { ...graph, outputs: outputs.map(({ name }) => ({ name, ...graph.shapes.get(name)! })) },
      { x: input },
    );
    const own = (name: string, at: number) => {
      const value = name === "x" ? input : results[name]!;
      const places = value.data.length / (value.dims[1] ?? 1);
      return toFloat32(value).subarray(at * places, (at + 1) * places);
    };
    const maps = steps.reads.map((read) => own(read.layer, read.channel));
    const [rows, columns] = steps.windows.output;
    for (let place = 0; place < rows * columns; place++) {
      const { sum, parts } = stepsAt(steps, maps, Math.floor(place / columns), place % columns);
      const size = parts.reduce((all, part) => all + Math.abs(part), Math.abs(steps.bias)) + 1e-3;
      expect(Math.abs(sum - own(steps.value, steps.channel)[place]!)).toBeLessThan(
        1e-5 * size + 1e-5,
      );
      let before = own(steps.value, steps.channel)[place]!;
      for (const { value, channel: at, of, operator } of steps.stages) {
        const after = own(value, at)[place]!;
        expect(of(before), operator).toBeCloseTo(after, 4);
        before = after;
      }
      expect(before).toBe(own(layer, channel)[place]!);
      compared += 1;
    }
  }
  return compared;
}

const small = fc.integer({ min: 1, max: 3 });
const padding = fc.oneof(
  fc.record({ pads: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }) }),
  fc.record({ auto_pad: fc.constantFrom("SAME_UPPER", "SAME_LOWER", "VALID") }),
);
const activations = [
  "Relu",
  "LeakyRelu",
  "Sigmoid",
  "Tanh",
  "HardSwish",
  "HardSigmoid",
  "Elu",
  "Selu",
  "Softplus",
  "Softsign",
  "Mish",
];

/** A convolution, then perhaps batch normalisation, then an activation function, `layer`. */
const networks = fc.record({
  groups: fc.integer({ min: 1, max: 3 }),
  perGroup: fc.integer({ min: 1, max: 2 }),
  made: fc.integer({ min: 1, max: 2 }),
  kernel: fc.tuple(small, small),
  strides: fc.tuple(small, small),
  dilations: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
  padding,
  hasBias: fc.boolean(),
  behind: fc.constantFrom("normalization", "constants", "nothing"),
  activation: fc.constantFrom(...activations, "Swish", "Clip", "PRelu"),
  seed: fc.nat(),
});

function activated(b: GraphBuilder, value: Value, kind: string, channels: number): Value {
  if (kind === "Swish") return b.op("Mul", [value, b.op("Sigmoid", [value])], {}, "layer");
  if (kind === "Clip")
    return b.op("Clip", [value, b.constant([0], []), b.constant([1], [])], {}, "layer");
  if (kind === "PRelu") {
    const slopes = Array.from({ length: channels }, (_, i) => 0.1 * (i + 1));
    return b.op("PRelu", [value, b.constant(slopes, [channels, 1, 1])], {}, "layer");
  }
  return b.op(kind, [value], {}, "layer");
}

test("drawn convolutions with strides, dilations, groups, paddings, normalisation and activation", async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(networks, async (net) => {
      const { groups, perGroup, made, kernel, strides, padding: pad, seed } = net;
      // ONNX Runtime knows no dilations with automatic padding.
      const dilations = "auto_pad" in pad && pad.auto_pad !== "VALID" ? [1, 1] : net.dilations;
      const [inputs, outputs] = [groups * perGroup, groups * made];
      const b = new GraphBuilder();
      const x = b.input("x", [1, inputs, 9, 8]);
      const weights = b.initializer("w", drawn(seed, [outputs, perGroup, ...kernel]));
      const bias = b.initializer("b", drawn(seed + 1, [outputs]));
      const attributes: Record<string, AttributeInput> = {
        ...pad,
        group: groups,
        strides,
        dilations,
      };
      let value = b.op("Conv", net.hasBias ? [x, weights, bias] : [x, weights], attributes);
      const numbers = (name: string, of?: (x: number) => number, dims = [outputs]) =>
        b.initializer(name, drawn(seed + name.length, dims, of));
      if (net.behind === "normalization") {
        value = b.op("BatchNormalization", [
          value,
          numbers("scale"),
          numbers("shift"),
          numbers("mean"),
          numbers("variance", (n) => n * n + 0.1),
        ]);
      }
      if (net.behind === "constants") {
        value = b.op("Mul", [numbers("times", undefined, [1, outputs, 1, 1]), value]);
        value = b.op("Sub", [value, numbers("less", undefined, [outputs, 1, 1])]);
      }
      b.output(activated(b, value, net.activation, outputs));
      compared += await compareAll(b.build(), "layer", drawn(seed + 7, [1, inputs, 9, 8]));
    }),
    { numRuns: 60 },
  );
  expect(compared).toBeGreaterThan(1000);
});

test("drawn pools with strides, paddings and last windows that reach beyond", async () => {
  const pools = fc.record({
    operator: fc.constantFrom("MaxPool", "AveragePool"),
    kernel: fc.tuple(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 2, max: 3 })),
    strides: fc.tuple(small, small),
    pads: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 4, maxLength: 4 }),
    ceil_mode: fc.integer({ min: 0, max: 1 }),
    count_include_pad: fc.integer({ min: 0, max: 1 }),
    seed: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(pools, async ({ operator, kernel, seed, count_include_pad, ...others }) => {
      const b = new GraphBuilder();
      const x = b.input("x", [1, 2, 9, 8]);
      const counts = operator === "AveragePool" ? { count_include_pad } : {};
      b.output(b.op(operator, [x], { ...others, ...counts, kernel_shape: kernel }, "layer"));
      await compareAll(b.build(), "layer", drawn(seed, [1, 2, 9, 8]));
    }),
    { numRuns: 40 },
  );
});

describe("other layers", () => {
  const input = drawn(3, [1, 3, 4, 5]);
  const built = async (make: (b: GraphBuilder, x: Value) => Value) => {
    const b = new GraphBuilder();
    b.output(make(b, b.input("x", [1, 3, 4, 5])));
    const graph = b.build();
    await compareAll(graph, "layer", input);
    return followed(graph, "layer", 1);
  };

  test("a dense layer behind maps reads them by kernels as large as they are", async () => {
    const steps = await built((b, x) => {
      const weights = b.initializer("w", drawn(4, [2, 60]));
      const flat = b.op("Flatten", [x], { axis: 1 });
      const sum = b.op("Gemm", [flat, weights, b.constant([1, -2], [2])], {
        transB: 1,
        alpha: 0.5,
        beta: 2,
      });
      return b.op("Relu", [sum], {}, "layer");
    });
    expect(steps).toMatchObject({ isDense: false, bias: -4, windows: { kernel: [4, 5] } });
    expect(steps.reads).toHaveLength(3);
  });

  test("a dense layer behind maps whose channels were put last", async () => {
    const steps = await built((b, x) => {
      const turned = b.op("Transpose", [x], { perm: [0, 2, 3, 1] });
      const flat = b.op("Flatten", [turned], { axis: 1 });
      return b.op("MatMul", [flat, b.initializer("w", drawn(5, [60, 2]))], {}, "layer");
    });
    expect(steps.reads.map(({ layer, channel }) => [layer, channel])).toEqual([
      ["x", 0],
      ["x", 1],
      ["x", 2],
    ]);
  });

  test("a dense layer behind a mean over all places reads numbers", async () => {
    const steps = await built((b, x) => {
      const flat = b.op("Flatten", [b.op("GlobalAveragePool", [x])], { axis: 1 });
      const again = b.op("Relu", [flat], {});
      return b.op("Gemm", [again, b.initializer("w", drawn(5, [3, 2]))], {}, "layer");
    });
    expect(steps.isDense).toBe(true);
  });

  test.each(["GlobalAveragePool", "GlobalMaxPool"])("%s", async (operator) => {
    expect((await built((b, x) => b.op(operator, [x], {}, "layer"))).windows.output).toEqual([
      1, 1,
    ]);
  });

  test("sums of layers and layers that are joined", async () => {
    const steps = await built((b, x) => {
      const sum = b.op("Add", [x, b.op("Tanh", [x])]);
      const pooled = b.op("MaxPool", [x], { kernel_shape: [1, 1] });
      const joined = b.op("Concat", [pooled, b.op("Relu", [sum])], { axis: 1 });
      return b.op("Elu", [joined], {}, "layer");
    });
    expect(steps.kind).toBe("max");
  });
});

describe("what cannot be followed says why", () => {
  const refusal = (make: (b: GraphBuilder, x: Value) => Value, dims = [1, 3, 4, 5]) => {
    const b = new GraphBuilder();
    b.output(make(b, b.input("x", dims)));
    const steps = channelSteps(b.build(), "layer", 0);
    return "refused" in steps ? steps.refused : "";
  };

  test("normalisation over neighbours, softmax, transposed convolutions", () => {
    expect(refusal((b, x) => b.op("LRN", [x], { size: 3 }, "layer"))).toContain("LRN");
    expect(refusal((b, x) => b.op("Softmax", [x], { axis: 1 }, "layer"))).toContain("Softmax");
    const weights = (b: GraphBuilder) => b.initializer("w", drawn(1, [3, 2, 2, 2]));
    expect(refusal((b, x) => b.op("ConvTranspose", [x, weights(b)], {}, "layer"))).toContain(
      "ConvTranspose",
    );
  });

  test("gates and attention, which multiply two values of the picture", () => {
    expect(refusal((b, x) => b.op("Mul", [x, b.op("Tanh", [x])], {}, "layer"))).toContain(
      "mixes 2",
    );
    expect(refusal((b, x) => b.op("MatMul", [x, x], {}, "layer"), [1, 3, 4, 4])).toContain(
      "computed",
    );
  });

  test("three axes, tokens, and what nothing computes", () => {
    const weights = (b: GraphBuilder) => b.initializer("w", drawn(1, [2, 3, 1, 1, 1]));
    expect(
      refusal((b, x) => b.op("Conv", [x, weights(b)], {}, "layer"), [1, 3, 2, 2, 2]),
    ).toContain("more than two axes");
    const matrix = (b: GraphBuilder) => b.initializer("w", drawn(1, [5, 2]));
    expect(refusal((b, x) => b.op("MatMul", [x, matrix(b)], {}, "layer"))).toContain("tokens");
    const b = new GraphBuilder();
    b.output(b.op("Relu", [b.input("x", [1, 1, 2, 2])], {}, "layer"));
    expect(channelSteps(b.build(), "layer", 0)).toMatchObject({
      refused: expect.stringContaining("given"),
    });
  });
});
