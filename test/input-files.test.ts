/** @file Files of every kind of input through the whole job: what shapes and types are taken, what is told, what is written. */
import { describe, expect, test } from "vitest";
import { activations } from "../src/app/activations/activations.ts";
import { attribute } from "../src/app/attribute/attribute.ts";
import type { AttributeRequest } from "../src/app/attribute/request.ts";
import type { JobContext } from "../src/app/context.ts";
import { inspect } from "../src/app/inspect.ts";
import { inspectionText } from "../src/app/inspection-text.ts";
import { jobPlatform } from "../src/app/job-platform.ts";
import { memoryPlatform } from "../src/app/memory-platform.ts";
import { decodeNpy, encodeNpy } from "../src/formats/npy.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import { elementCount, tensorOf, type ElementType } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { commandWords, wordsOf } from "../src/wording/face.ts";
import { recordOf } from "./job-records.ts";

/** Weights that are the same in every run. */
function weights(b: GraphBuilder, ...dims: readonly number[]): Value {
  const random = randomStream("input-files", ...dims);
  return b.constant(
    Array.from({ length: elementCount(dims) }, () => random.normal() / 4),
    dims,
  );
}

/** The means of a convolution's channels, of an input of any axes behind batch and channels. */
function means(b: GraphBuilder, x: Value, name: string): Value {
  const [, channels, ...sides] = x.dims as [number, number, ...number[]];
  const kernel = weights(b, 4, channels, ...sides.map(() => 3));
  const pads = [...sides, ...sides].map(() => 1);
  const maps = b.op("Tanh", [b.op("Conv", [x, kernel], { pads })], {}, name);
  return b.op("Flatten", [b.op("GlobalAveragePool", [maps])]);
}

function network(make: (b: GraphBuilder) => Value): Uint8Array {
  const b = new GraphBuilder();
  const row = make(b);
  b.output(b.op("Gemm", [row, weights(b, row.dims[1]!, 3)], {}, "logits"));
  return encodeOnnx(b.build()).bytes;
}

const one = (dims: readonly number[], type: ElementType = "float32") =>
  network((b) => {
    const x = b.input("x", dims, type);
    return means(b, type === "float32" ? x : b.cast(x, "float32"), "features");
  });

const models = {
  "signal.onnx": one([1, 2, 24]),
  "volume.onnx": one([1, 1, 4, 6, 5]),
  "colours.onnx": one([1, 2, 4, 6, 5]),
  "bands.onnx": one([1, 5, 6, 8]),
  "bytes.onnx": one([1, 1, 6, 6], "uint8"),
  "shorts.onnx": one([1, 1, 6, 6], "int16"),
  "doubles.onnx": one([1, 1, 6, 6], "float64"),
  "halves.onnx": one([1, 1, 6, 6], "float16"),
  "flat.onnx": network((b) =>
    b.op("Relu", [b.op("MatMul", [b.input("x", [1, 36]), weights(b, 36, 4)])]),
  ),
  "rgbd.onnx": network((b) => {
    const [rgb, depth] = [b.input("rgb", [1, 3, 6, 8]), b.input("depth", [1, 1, 6, 8])];
    return means(b, b.op("Concat", [rgb, depth], { axis: 1 }), "features");
  }),
  "aged.onnx": network((b) => {
    const [photo, age] = [b.input("photo", [1, 3, 6, 8]), b.input("age", [1, 1])];
    return b.op("Concat", [means(b, photo, "features"), age], { axis: 1 });
  }),
  "twins.onnx": network((b) => {
    const [left, right] = [b.input("left", [1, 3, 6, 6]), b.input("right", [1, 3, 6, 6])];
    return b.op("Sub", [means(b, left, "lefts"), means(b, right, "rights")]);
  }),
};

type NumberType = Exclude<ElementType, "string" | "float16" | "bfloat16">;

/** Small whole numbers, which every type holds. */
function npy(dims: readonly number[], type: NumberType = "float32", seed = 0): Uint8Array {
  const random = randomStream("input-files", "npy", seed, elementCount(dims));
  const numbers = Array.from({ length: elementCount(dims) }, () => random.below(12));
  return encodeNpy(tensorOf(type, dims, numbers));
}

const runtime = createNodeRuntime({ threads: 1 });

function machine(files: Readonly<Record<string, Uint8Array>>) {
  const platform = memoryPlatform({ files: { ...models, ...files }, runtimes: { cpu: runtime } });
  const notes: string[] = [];
  const failures: string[] = [];
  const context: JobContext = {
    platform: jobPlatform({
      ...platform,
      openRuntime: async () => ({ ...runtime, release: async () => {} }),
    }),
    signal: { aborted: false },
    offline: true,
    words: commandWords,
    onNote: (note) => notes.push(wordsOf(note, commandWords)),
    onFailure: (failure) => failures.push(wordsOf(failure, commandWords)),
  };
  const explain = async (
    model: string,
    inputs: string | readonly string[],
    more: Partial<AttributeRequest> = {},
  ) => {
    const request = {
      model: `${model}.onnx`,
      inputs: [inputs].flat(),
      methods: ["gradient", "grad-cam"],
      target: "0",
      check: "off",
      runtime: "cpu",
      ...more,
    } as const;
    return recordOf(await attribute(request, context));
  };
  const mapAt = async (path: string) => decodeNpy(await platform.readBytes(`maps/${path}.npy`));
  return { platform, context, notes, failures, explain, mapAt };
}

describe.each([
  [
    "signal",
    [
      [1, 2, 24],
      [2, 24],
    ],
    [2, 24],
    [24],
  ],
  [
    "volume",
    [
      [1, 1, 4, 6, 5],
      [1, 4, 6, 5],
      [4, 6, 5],
    ],
    [1, 4, 6, 5],
    [4, 6, 5],
  ],
  [
    "colours",
    [
      [1, 2, 4, 6, 5],
      [2, 4, 6, 5],
    ],
    [2, 4, 6, 5],
    [4, 6, 5],
  ],
  [
    "bands",
    [
      [1, 5, 6, 8],
      [5, 6, 8],
    ],
    [5, 6, 8],
    [6, 8],
  ],
  ["flat", [[1, 36], [36]], [36], undefined],
] as const)("a file of a %s", (model, shapes, ofPixels, ofLayer) => {
  test("is taken with and without a batch and channels, and maps have its own axes", async () => {
    const files = shapes.map((dims, i) => [`f${i}.npy`, npy(dims)] as const);
    const { explain, mapAt } = machine(Object.fromEntries(files));
    const methods = ["gradient", ...(ofLayer ? ["grad-cam"] : [])];
    const { results } = await explain(
      model,
      files.map(([name]) => name),
      { methods, out: "maps" },
    );
    const scores = new Set(results.map(({ score }) => score));
    expect(scores.size).toBe(1);
    expect(results.map(({ layer }) => layer)).toEqual(
      files.flatMap(() => ["x", ...(ofLayer ? ["features"] : [])]),
    );
    for (const [i] of files.entries()) {
      expect((await mapAt(`f${i}/gradient`)).dims).toEqual([1, ...ofPixels]);
      if (ofLayer) expect((await mapAt(`f${i}/grad-cam`)).dims).toEqual([1, ...ofLayer]);
    }
  });
});

test("a row of numbers is a picture where its shape is told, also of a file that has it", async () => {
  const files = {
    "row.npy": npy([36]),
    "square.npy": npy([6, 6], "uint8"),
    "all.npy": npy([1, 1, 6, 6]),
  };
  const { explain, mapAt } = machine(files);
  const asked = { shape: "6x6", methods: ["gradient", "occlusion"], out: "maps" };
  const { results } = await explain("flat", Object.keys(files), asked);
  expect(new Set(results.map(({ score }) => score)).size).toBe(1);
  expect((await mapAt("square/gradient")).dims).toEqual([1, 1, 6, 6]);
  expect((await mapAt("row/occlusion")).dims).toEqual([1, 6, 6]);
  await expect(explain("flat", "square.npy")).rejects.toThrow(/say what its numbers are/);
});

describe("types of numbers", () => {
  const types = ["float32", "float64", "uint8", "int8", "uint16", "int16", "int64"] as const;

  test.each(["bytes", "shorts", "doubles", "halves"])(
    "%s take files of every type",
    async (model) => {
      const files = Object.fromEntries(
        types.map((type) => [`${type}.npy`, npy([1, 1, 6, 6], type)]),
      );
      const { explain, notes } = machine(files);
      const { results } = await explain(model, Object.keys(files), { methods: ["gradient"] });
      expect(results).toHaveLength(types.length);
      expect(new Set(results.map(({ score }) => score)).size).toBe(1);
      const isTold = notes.some((note) =>
        /the uint8 numbers of "uint8.npy", 0 to \d+, are fed as they are/.test(note),
      );
      expect(isTold).toBe(model === "doubles" || model === "halves");
    },
  );

  test.each([
    [
      "bytes",
      tensorOf("int16", [1, 1, 6, 6], Array(36).fill(256)),
      /must hold numbers that uint8 has, got 256 to 256 in int16/,
    ],
    ["shorts", tensorOf("int32", [6, 6], Array(36).fill(-32_769)), /numbers that int16 has/],
    ["doubles", tensorOf("int64", [6, 6], Array(36).fill(2 ** 24 + 1)), /numbers that float32 has/],
  ] as const)("%s refuse whole numbers that do not fit", async (model, value, message) => {
    const { explain } = machine({ "a.npy": encodeNpy(value) });
    await expect(explain(model, "a.npy", { methods: ["gradient"] })).rejects.toThrow(message);
  });
});

test("a folder of arrays is explained file by file", async () => {
  const { explain } = machine({
    "beats/b.npy": npy([2, 24]),
    "beats/a.npy": npy([2, 24], "int16", 1),
    "beats/notes.txt": npy([1]),
  });
  const { results } = await explain("signal", "beats", { methods: ["grad-cam"] });
  expect(results.map(({ input }) => input)).toEqual(["beats/a.npy", "beats/b.npy"]);
  await expect(machine({}).explain("signal", ".")).rejects.toThrow(/pictures or files of numbers/);
});

describe("several inputs", () => {
  const files = {
    "rgb.npy": npy([3, 6, 8]),
    "other.npy": npy([3, 6, 8], "float32", 1),
    "depth.npy": npy([6, 8], "uint16", 2),
    "left.npy": npy([3, 6, 6]),
    "right.npy": npy([3, 6, 6], "float32", 3),
  };

  test("maps are called by the inputs of the file, in files of their own", async () => {
    const { explain, mapAt, notes } = machine(files);
    const methods = ["gradient", "occlusion", "grad-cam"];
    const asked = { methods, given: ["depth=depth.npy"], out: "maps" };
    const { results } = await explain("rgbd", "rgb.npy", asked);
    expect(results.map(({ method, layer, part }) => [method, layer, part])).toEqual([
      ["gradient", "rgb", "rgb"],
      ["gradient", "depth", "depth"],
      ["occlusion", "rgb", "rgb"],
      ["occlusion", "depth", "depth"],
      ["grad-cam", "features", "rgb"],
    ]);
    expect((await mapAt("gradient--depth")).dims).toEqual([1, 1, 6, 8]);
    expect(notes.join("\n")).toContain('the uint16 numbers of "depth.npy"');
  });

  test("a single number has a slope and no places to hide, and is never guessed", async () => {
    const { explain, notes } = machine(files);
    const methods = ["gradient", "occlusion"];
    const { results } = await explain("aged", "rgb.npy", { methods, given: ["age=41"] });
    expect(results.map(({ method, part }) => `${method} ${part}`)).toEqual([
      "gradient photo",
      "gradient age",
      "occlusion photo",
    ]);
    expect(results.flatMap(({ warnings }) => warnings)).toEqual([]);
    expect(notes.join("\n")).toContain('Occlusion makes no map of input "age"');
    await expect(explain("aged", "rgb.npy")).rejects.toThrow(/"age" \[1, 1\] must be given/);
  });

  test("a pair of pictures; which of them the file is shown to is told", async () => {
    const { explain, notes } = machine(files);
    const given = ["right=right.npy"];
    const { results } = await explain("twins", "left.npy", { methods: ["gradient"], given });
    expect(results.map(({ part }) => part)).toEqual(["left", "right"]);
    await explain("twins", "left.npy", { methods: ["gradient"] });
    expect(notes.join("\n")).toMatch(
      /shown to input "left", the first of 2[^]*"right" .* assumed to be 0/,
    );
  });

  test("a reference is shown with the same other inputs", async () => {
    const { explain, mapAt } = machine(files);
    const given = ["depth=depth.npy"];
    const asked = {
      methods: ["integrated-gradients"],
      given,
      reference: "other.npy",
      out: "maps",
    };
    const [own] = (await explain("rgbd", "rgb.npy", { methods: ["gradient"], given })).results;
    const [other] = (await explain("rgbd", "other.npy", { methods: ["gradient"], given })).results;
    const { results } = await explain("rgbd", "rgb.npy", asked);
    expect(results[0]!.reference).toMatchObject({ name: "other.npy" });
    expect(results[0]!.reference!.own).toBeCloseTo(own!.score!, 5);
    expect(results[0]!.reference!.value).toBeCloseTo(other!.score!, 5);
    // Of the depths, which are the same, nothing is due to the difference.
    const depth = await mapAt("integrated-gradients--depth");
    expect(new Set(depth.data as Float32Array)).toEqual(new Set([0]));
  });
});

test("inspect tells what each input is taken for, and shows the file's own layers alone", async () => {
  const { context } = machine({});
  const found = await inspect("aged.onnx", context);
  expect(found.inputs.map(({ name, kind, axes }) => [name, kind, axes])).toEqual([
    ["photo", "picture", ["N", "C", "H", "W"]],
    ["age", "numbers", ["N", "K"]],
  ]);
  const text = inspectionText(found);
  expect(text).toContain("age  float32 [1, 1]  numbers [N, K]");
  expect(text).not.toMatch(/step-|\/picture|\+|\/cut/);
  const operators = found.layers.map(({ operator }) => operator).join(" ");
  expect(operators).toBe("Conv Tanh GlobalAveragePool Flatten Concat Gemm");
  const signal = await inspect("signal.onnx", context);
  expect(inspectionText(signal)).toContain("x  float32 [1, 2, 24]  signal [N, C, T]");
});

describe.each(["LSTM", "GRU", "RNN"] as const)("a network with %s", (operator) => {
  const gates = { LSTM: 4, GRU: 3, RNN: 1 }[operator];

  /** A dense layer over steps, in whose place the recurrent operator is put. */
  function recurrent(): Uint8Array {
    const b = new GraphBuilder();
    const x = b.input("x", [6, 1, 4]);
    const steps = b.op("MatMul", [x, weights(b, 4, 5)], {}, "steps");
    const mean = b.op("ReduceMean", [steps, b.ints([0])], { keepdims: 0 });
    b.output(b.op("Gemm", [mean, weights(b, 5, 3)], {}, "logits"));
    const graph = b.build();
    const kernels = { w: [1, gates * 5, 4], r: [1, gates * 5, 5] };
    const nodes = graph.nodes.flatMap((node) => {
      if (node.outputs[0] !== "steps") return [node];
      const hidden = { hidden_size: { kind: "int", value: 5 } } as const;
      const names = { domain: "", outputs: ["rows"] };
      const over = { ...node, ...names, operator, inputs: ["x", "w", "r"], attributes: hidden };
      return [
        over,
        { ...node, name: "squeeze", operator: "Squeeze", inputs: ["rows", "one"], attributes: {} },
      ];
    });
    const constants = Object.entries(kernels).map(
      ([name, dims]) =>
        [name, tensorOf("float32", dims, Array(elementCount(dims)).fill(0.1))] as const,
    );
    const initializers = new Map([
      ...graph.initializers,
      ...constants,
      ["one", tensorOf("int64", [1], [1])] as const,
    ]);
    return encodeOnnx({ ...graph, nodes, initializers, shapes: new Map() }).bytes;
  }

  test("is refused by name where a gradient is needed, and explained by what hides", async () => {
    const { explain } = machine({ "steps.onnx": recurrent(), "x.npy": npy([6, 1, 4]) });
    const refused = explain("steps", "x.npy", { methods: ["gradient"] });
    await expect(refused).rejects.toThrow(new RegExp(`${operator} .*occlusion needs no gradient`));
    const { results } = await explain("steps", "x.npy", { methods: ["occlusion"] });
    expect(results[0]!.max).toBeGreaterThan(0);
  });
});

describe.each([
  ["signal", [2, 24], [4, 24]],
  ["volume", [4, 6, 5], [4, 4, 6, 5]],
] as const)("layers of a %s", (model, dims, shape) => {
  test("keep their own axes, and are measured over all their places", async () => {
    const { context, platform } = machine({ "a.npy": npy(dims) });
    const request = {
      model: `${model}.onnx`,
      input: "a.npy",
      out: "layers",
      scale: "layer",
    } as const;
    await activations({ ...request, runtime: "cpu", top: 1 }, context);
    const record = JSON.parse(await platform.readText("layers/activations.json"));
    const [features] = record.layers;
    expect(features).toMatchObject({ name: "features", shape });
    const { data, dims: written } = decodeNpy(await platform.readBytes(features.tensor));
    expect(written).toEqual(shape);
    const numbers = [...(data as Float32Array)];
    const mean = numbers.reduce((total, value) => total + value, 0) / numbers.length;
    const square = numbers.reduce((total, value) => total + value ** 2, 0) / numbers.length;
    expect(features.mean).toBeCloseTo(mean, 6);
    expect(features.spread).toBeCloseTo(Math.sqrt(square - mean ** 2), 6);
    expect("pictureLikeness" in features).toBe(model === "signal");
  });
});
