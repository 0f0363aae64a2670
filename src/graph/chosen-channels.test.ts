/** @file Channels that are computed alone are those of the whole layer: in networks of the field, in drawn ones, and in awkward graphs. */
import { assert, asyncProperty, boolean, integer, nat, property, subarray } from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { goldenNames, loadGoldenModel } from "../../test/goldens/load.ts";
import { randomNetwork } from "../../test/random-networks/network.ts";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { decodeOnnx } from "../formats/onnx/decode.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { GraphBuilder, type Value } from "./builder.ts";
import { withChannels } from "./chosen-channels.ts";
import { cut } from "./edit.ts";
import { producers, type Graph } from "./graph.ts";
import { trace } from "./trace.ts";
import { elementCount, tensor, tensorOf, toNumbers, type Tensor } from "./tensor.ts";

const cpu = createNodeRuntime({ threads: 1 });
afterAll(() => cpu.release());

/** Values [N, C, ...] of rows and maps that nodes make, of two channels and more. */
function layersWithChannels(traced: Graph): readonly string[] {
  return traced.nodes
    .flatMap(({ outputs }) => outputs)
    .filter((name) => {
      const shape = traced.shapes.get(name);
      const isLayer = shape?.type === "float32" && [2, 4].includes(shape.dims.length);
      return isLayer && shape.dims[1]! > 1 && elementCount(shape.dims) > 0;
    });
}

/** At least one channel and not all, in rising order. */
function drawnChannels(count: number, seed: number): readonly number[] {
  const random = randomStream("chosen channels", seed);
  const share = random.uniform();
  const drawn = Array.from({ length: count }, (_, i) => i).filter(() => random.uniform() < share);
  return drawn.length === 0 || drawn.length === count ? [random.below(count)] : drawn;
}

function fedTo(graph: Graph, seed: number): Readonly<Record<string, Tensor>> {
  const random = randomStream("chosen feeds", seed);
  return Object.fromEntries(
    graph.inputs.map(({ name }) => {
      const { dims } = graph.shapes.get(name)!;
      const data = Float32Array.from({ length: elementCount(dims) }, () => random.normal());
      return [name, tensor("float32", dims, data)];
    }),
  );
}

/** Holds the channels of the narrowed graph against those of the whole layer; whether something was spared. */
async function compare(
  runtime: Runtime,
  traced: Graph,
  layer: string,
  channels: readonly number[],
  feeds = fedTo(traced, 1),
): Promise<boolean> {
  const narrowed = withChannels(traced, layer, channels);
  if (!narrowed) return false;
  const whole = cut(traced, { outputs: [layer] });
  const { [layer]: all } = await runtime.run(whole, feeds);
  const { [layer]: some } = await runtime.run(narrowed, feeds);
  const [count, places] = [all!.dims[1]!, elementCount(all!.dims.slice(2))];
  expect(some!.dims).toEqual(all!.dims.with(1, channels.length));
  expect(narrowed.shapes.get(layer)!.dims).toEqual(some!.dims);
  const numbers = toNumbers(all!);
  const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  const wanted = Array.from({ length: all!.dims[0]! }, (_, n) =>
    channels.map((channel) => {
      const first = (n * count + channel) * places;
      return numbers.slice(first, first + places);
    }),
  ).flat(2);
  const apart = toNumbers(some!).map((value, i) => Math.abs(value - wanted[i]!));
  expect(apart.reduce((most, gap) => Math.max(most, gap), 0)).toBeLessThan(1e-5 * largest);
  return true;
}

describe.each(goldenNames)("%s", (name) => {
  test("drawn channels of drawn layers are those of the whole layer", async () => {
    const model = new Model(decodeOnnx(loadGoldenModel(name)), cpu);
    const traced = await model.at(model.inputDims());
    const layers = layersWithChannels(traced);
    const makers = producers(traced);
    await assert(
      asyncProperty(nat(layers.length - 1), nat(), async (at, seed) => {
        const layer = layers[at]!;
        const channels = drawnChannels(traced.shapes.get(layer)!.dims[1]!, seed);
        const isSpared = await compare(cpu, traced, layer, channels);
        if (makers.get(layer)!.operator === "Gemm") expect(isSpared).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});

test("of drawn networks too", async () => {
  let spared = 0;
  for (let number = 0; number < 80; number++) {
    const drawn = randomNetwork("chosen-channels", number);
    if (!drawn.runsAsItIs || drawn.computesInHalf || drawn.hasControlFlow) continue;
    const input = drawn.graph.inputs[0]!.name;
    const traced = await trace(drawn.graph, { [input]: drawn.fed }, (graph, feeds) =>
      cpu.run(graph, feeds),
    );
    const random = randomStream("chosen layer", number);
    const layers = layersWithChannels(traced);
    for (const layer of [layers.at(-1)!, layers[random.below(layers.length)]!]) {
      const channels = drawnChannels(traced.shapes.get(layer)!.dims[1]!, number);
      const feeds = { [input]: drawn.fed };
      if (await compare(cpu, traced, layer, channels, feeds)) spared++;
    }
  }
  expect(spared).toBeGreaterThan(20);
});

/** A map of four channels and more, and what draws weights. */
function drawnStart(seed: number, channels: number) {
  const b = new GraphBuilder();
  const random = randomStream("chosen start", seed);
  const weights = (dims: readonly number[]) =>
    b.initializer(
      "w",
      tensorOf(
        "float32",
        dims,
        Array.from({ length: elementCount(dims) }, () => random.normal()),
      ),
    );
  const x = b.input("x", [2, 3, 5, 4]);
  const map = b.op("Conv", [x, weights([channels, 3, 3, 3]), weights([channels])], {
    pads: [1, 1, 1, 1],
  });
  return { b, weights, map, random };
}

type Ending = (drawn: ReturnType<typeof drawnStart>, channels: number) => Value;

/** What stands behind a convolution where a value, a weight or a channel is used in more than one way. */
const endings: Readonly<Record<string, Ending>> = {
  "joined with itself": ({ b, map }) => b.concat([map, map, b.op("Relu", [map])], 1),
  "added to itself": ({ b, map }) => b.add(map, map),
  "times its own sigmoid": ({ b, map }) => b.mul(map, b.op("Sigmoid", [map])),
  "times its own clipped sum": ({ b, map }) => {
    const clipped = b.op("Clip", [b.add(map, b.scalar(3)), b.scalar(0), b.scalar(6)]);
    return b.op("Relu", [b.div(b.mul(map, clipped), b.scalar(6))]);
  },
  "gated by its own means": ({ b, map, weights }, c) => {
    const gate = b.op("Conv", [b.op("GlobalAveragePool", [map]), weights([c, c, 1, 1])]);
    return b.mul(map, b.op("Sigmoid", [gate]));
  },
  "gated at its places": ({ b, map, weights }, c) =>
    b.mul(map, b.op("Sigmoid", [b.op("Conv", [map, weights([1, c, 1, 1])])])),
  "one kernel for each channel, read by two layers": ({ b, map, weights }, c) => {
    const kernels = weights([c, 1, 3, 3]);
    const first = b.op("Conv", [map, kernels], { group: c, pads: [1, 1, 1, 1] });
    return b.concat([first, b.op("Conv", [first, kernels], { group: c, pads: [1, 1, 1, 1] })], -3);
  },
  "scaled by numbers of every rank": ({ b, map, weights }, c) =>
    b.add(
      b.mul(b.mul(map, weights([c, 1, 1])), weights([1])),
      b.mul(weights([1, c, 1, 1]), weights([5, 4])),
    ),
  "normalised and clipped": ({ b, map, weights }, c) => {
    const positive = b.initializer(
      "v",
      tensorOf(
        "float32",
        [c],
        Array.from({ length: c }, (_, i) => 1 + i),
      ),
    );
    const normal = b.op("BatchNormalization", [
      map,
      weights([c]),
      weights([c]),
      weights([c]),
      positive,
    ]);
    return b.op("Clip", [b.op("LeakyRelu", [normal], { alpha: 0.2 }), null, b.scalar(1)]);
  },
  "a slope for each channel": ({ b, map, weights }, c) => b.op("PRelu", [map, weights([c, 1, 1])]),
  "normalised across channels": ({ b, map }) =>
    b.op("MaxPool", [b.op("LRN", [map], { size: 3 })], { kernel_shape: [2, 2] }),
  "joined along its rows": ({ b, map }) => b.concat([map, b.op("Relu", [map])], 2),
  "groups of channels": ({ b, map, weights }, c) =>
    b.op("Conv", [map, weights([c, c / 2, 1, 1])], { group: 2 }),
  "rows of a dense layer": ({ b, map, weights }, c) =>
    b.op("Gemm", [b.op("Flatten", [map]), weights([7, 20 * c]), weights([7])], {
      transB: 1,
      alpha: 0.5,
    }),
  "columns of a dense layer": ({ b, map, weights }, c) =>
    b.add(b.op("MatMul", [b.op("Flatten", [map]), weights([20 * c, 6])]), weights([6])),
  "a dense layer with one bias": ({ b, map, weights }, c) =>
    b.op("Gemm", [b.op("Flatten", [map]), weights([20 * c, 6]), weights([1])]),
};

describe.each(Object.entries(endings))("%s", (_, ending) => {
  test("gives the channels of the whole", async () => {
    const reference = createReferenceRuntime({ outputs: "float64" });
    await assert(
      asyncProperty(integer({ min: 2, max: 4 }), nat(), async (half, seed) => {
        const drawn = drawnStart(seed, 2 * half);
        const { b } = drawn;
        const end = ending(drawn, 2 * half);
        b.output(end);
        const traced = b.build();
        const channels = drawnChannels(end.dims[1]!, seed);
        await compare(reference, traced, end.name, channels);
      }),
      { numRuns: 20 },
    );
  });
});

test("what is left out is neither kept nor computed", () => {
  const { b, map, weights } = drawnStart(1, 8);
  const joined = b.concat([map, b.op("Conv", [map, weights([16, 8, 1, 1])], {}, "other")], 1);
  b.output(joined);
  const narrowed = withChannels(b.build(), joined.name, [1, 4])!;
  expect(narrowed.nodes.map(({ operator }) => operator)).toEqual(["Conv", "Gather", "Concat"]);
  expect([...narrowed.initializers.values()].map(({ dims }) => dims)).toContainEqual([8, 3, 3, 3]);
  expect([...narrowed.initializers.values()].map(({ dims }) => dims)).not.toContainEqual([
    16, 8, 1, 1,
  ]);
});

test("what is read twice, for the same channels, is computed for those alone", () => {
  const { b, map } = drawnStart(1, 8);
  b.output(b.mul(map, b.op("Sigmoid", [map])));
  const traced = b.build();
  const narrowed = withChannels(traced, traced.outputs[0]!.name, [1, 4])!;
  expect(narrowed.nodes.map(({ operator }) => operator)).toEqual(["Conv", "Sigmoid", "Mul"]);
  const weights = narrowed.initializers.get(narrowed.nodes[0]!.inputs[1]!)!;
  expect(weights.dims).toEqual([2, 3, 3, 3]);
});

test("where nothing is spared there is no such graph", () => {
  const { b, map } = drawnStart(1, 6);
  b.output(b.op("Relu", [b.op("LRN", [map], { size: 3 })], {}, "end"));
  expect(withChannels(b.build(), "end", [2])).toBeUndefined();
});

test("weights that lie on disk are read in pieces of any size", () => {
  assert(
    property(
      subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1, maxLength: 6 }),
      integer({ min: 1, max: 50 }),
      boolean(),
      (channels, size, areRows) => {
        const { b, map } = drawnStart(3, 4);
        const flat = b.op("Flatten", [map]);
        const dims = areRows ? [7, 80] : [80, 7];
        const data = Float32Array.from({ length: 560 }, (_, i) => i);
        let read = 0;
        const pieces = function* () {
          for (let at = 0; at < data.length; at += size) {
            read = at;
            yield data.subarray(at, at + size);
          }
        };
        const weights = b.initializer("big", { ...tensor("float32", dims, data), pieces });
        b.output(b.op("Gemm", [flat, weights], { transB: areRows ? 1 : 0 }, "end"));
        const narrowed = withChannels(b.build(), "end", channels)!;
        const own = narrowed.initializers.get(narrowed.nodes.at(-1)!.inputs[1]!)!;
        const wanted = areRows
          ? channels.flatMap((c) => Array.from({ length: 80 }, (_, i) => 80 * c + i))
          : Array.from({ length: 80 }, (_, i) => channels.map((c) => 7 * i + c)).flat();
        expect(toNumbers(own)).toEqual(wanted);
        // What lies behind the last number that is wanted is not read.
        expect(read).toBeLessThanOrEqual(wanted.at(-1)!);
      },
    ),
  );
});
