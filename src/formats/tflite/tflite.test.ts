/** @file Models of TensorFlow Lite: quantised numbers, metadata, refusals. */
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { runGraph } from "../../../test/tensorflow/compared.ts";
import { flatFile, type FlatFields } from "../../../test/tensorflow/flat-writer.ts";
import { counted } from "../../../test/tensorflow/graph-model.ts";
import { modelOf, openLite } from "../../../test/tensorflow/lite-case.ts";
import {
  liteFile,
  type WrittenLite,
  type WrittenTensor,
} from "../../../test/tensorflow/lite-file.ts";
import { bytesOf, floats, ints, map, row, value } from "../../../test/tensorflow/lite-parts.ts";
import { halfBits } from "../../graph/half.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import { openGraph } from "../index.ts";
import { memorySource } from "../source.ts";

describe("numbers that are stored otherwise", () => {
  const quantization = { scales: [0.5], zeroPoints: [10], axis: 0 };
  const bytes: WrittenLite = {
    tensors: [
      { name: "x", type: "UINT8", shape: [1, 2, 2, 1], quantization },
      {
        name: "kernel",
        type: "INT8",
        shape: [2, 1, 1, 1],
        data: Uint8Array.of(2, 0xfc),
        quantization: { scales: [0.5, 0.25], zeroPoints: [0, 0], axis: 0 },
      },
      {
        ...ints("bias", 4, -8),
        quantization: { scales: [0.25, 0.125], zeroPoints: [0, 0], axis: 0 },
      },
      { name: "y", type: "UINT8", shape: [1, 2, 2, 2], quantization },
    ],
    operators: [
      {
        builtin: "CONV_2D",
        inputs: ["x", "kernel", "bias"],
        outputs: ["y"],
        options: { 1: { int32: 1 }, 2: { int32: 1 } },
      },
    ],
    inputs: ["x"],
    outputs: ["y"],
  };

  test("whole numbers are computed as the floats that they stand for, which is told", async () => {
    const graph = await openLite(bytes);
    const x = map(2, 2, 1, [1, 2, 3, 4]);
    expect((await runGraph(graph, { x }, "y")).data).toEqual([2, 3, 4, 5, -2, -3, -4, -5]);
    expect(graph.metadata.get(metadataKeys.reading)).toContain("computed in floats");
    // A picture's byte p is (p - 10) / 2 to the network.
    const told = JSON.parse(graph.metadata.get(metadataKeys.preprocessing)!) as object;
    expect(told).toMatchObject({ scale: 0.5, mean: [5], std: [1], channels: "grey" });
  });

  test("half precision becomes float32", async () => {
    const half: WrittenTensor = {
      name: "half",
      type: "FLOAT16",
      shape: [1, 2],
      data: bytesOf(Uint16Array.of(halfBits(0.5), halfBits(-3))),
    };
    const graph = await openLite({
      tensors: [value("x", [1, 2]), half, value("kernel", [1, 2]), value("y", [1, 1])],
      operators: [
        { builtin: "DEQUANTIZE", inputs: ["half"], outputs: ["kernel"] },
        { builtin: "FULLY_CONNECTED", inputs: ["x", "kernel", undefined], outputs: ["y"] },
      ],
      inputs: ["x"],
      outputs: ["y"],
    });
    expect((await runGraph(graph, { x: row(2, 1) }, "y")).data).toEqual([-2]);
  });

  test.each([
    ["CONV_2D", [2, 1, 1, 2], { 1: { int32: 1 }, 2: { int32: 1 } }, [2, -6]],
    ["DEPTHWISE_CONV_2D", [1, 1, 1, 2], { 1: { int32: 1 }, 2: { int32: 1 } }, [2, -3]],
  ] as const)("weights of half precision for %s", async (builtin, shape, options, wanted) => {
    const halves = [1, 0, 0, -6].map((each, i) => (builtin === "CONV_2D" ? each : [1, -3][i % 2]!));
    const count = builtin === "CONV_2D" ? 4 : 2;
    const half: WrittenTensor = {
      name: "half",
      type: "FLOAT16",
      shape: [...shape],
      data: bytesOf(Uint16Array.from(halves.slice(0, count), halfBits)),
    };
    const [x, y] = [value("x", [1, 1, 1, 2]), value("y", [1, 1, 1, 2])];
    const graph = await openLite({
      tensors: [x, half, value("kernel", [...shape]), y],
      operators: [
        { builtin: "DEQUANTIZE", inputs: ["half"], outputs: ["kernel"] },
        { builtin, inputs: ["x", "kernel", undefined], outputs: ["y"], options },
      ],
      inputs: ["x"],
      outputs: ["y"],
    });
    expect((await runGraph(graph, { x: map(1, 1, 2, [2, 1]) }, "y")).data).toEqual([...wanted]);
  });
});

test("tensors of one name, and of those that others are given, are told apart", async () => {
  const names = ["a", "a_3", "a"];
  const others = names.map((written, i) => ({ ...floats(`${i}`, [1, 1], [10 ** i]), written }));
  const graph = await openLite(modelOf({ builtin: "ADD_N", x: row(1), others, wanted: [] }));
  expect((await runGraph(graph, { x: row(1) }, "y")).data).toEqual([112]);
});

test("weights that many operators read are read once, and never become far more than the file", async () => {
  const side = 256;
  const count = 600;
  const values = Array.from({ length: count }, (_, i) => value(`v${i}`, [1, 1, 1, side]));
  const chain = (builtin: string, shape: readonly number[]): WrittenLite => ({
    tensors: [...values, { ...floats("kernel", shape, Array<number>(side * side).fill(0)) }],
    operators: values.slice(1).map(({ name }, i) => ({
      builtin,
      inputs: [`v${i}`, "kernel", undefined],
      outputs: [name],
      options: { 1: { int32: 1 }, 2: { int32: 1 } },
    })),
    inputs: ["v0"],
    outputs: [values.at(-1)!.name],
  });
  const shared = await openLite(chain("CONV_2D", [side, 1, 1, side]));
  const kernels = [...shared.initializers.values()].filter(({ dims }) => dims.length === 4);
  expect([kernels.length, new Set(kernels).size]).toEqual([count - 1, 1]);
  await expect(openLite(chain("DEPTHWISE_CONV_2D", [1, side, 1, side]))).rejects.toThrow(
    "weights must be read a few times",
  );
});

test("a batch of one is open where the network lets it", async () => {
  const graph = await openLite(
    modelOf({
      builtin: "RESHAPE",
      x: map(1, 2, 2, []),
      options: { 0: { ints: [1, 4] } },
      wanted: [],
    }),
  );
  expect(graph.inputs[0]!.dims).toEqual(["N", 2, 1, 2]);
  const x = counted([3, 1, 2, 2]);
  const { data } = await runGraph(graph, { x }, "y");
  expect(data).toEqual(x.data.map((number) => expect.closeTo(number, 6)));
});

describe("metadata", () => {
  const normalization: FlatFields = { 0: { floats: [127.5] }, 1: { floats: [127.5] } };
  const table: FlatFields = {
    3: {
      tables: [
        {
          2: { tables: [{ 4: { tables: [{ 0: { int8: 1 }, 1: { table: normalization } }] } }] },
          3: { tables: [{ 6: { tables: [{ 0: { text: "labels.txt" }, 2: { int8: 2 } }] } }] },
        },
      ],
    },
  };
  const metadata = flatFile(table, "M001");
  const model: WrittenLite = {
    ...modelOf({ builtin: "RELU", x: map(1, 1, 3, [1, 2, 3]), wanted: [] }),
    metadata,
  };

  /** A model and an archive behind it, whose places count from the file's start. */
  function withLabels(text: string): Uint8Array<ArrayBuffer> {
    const start = liteFile(model);
    const archive = zipSync({ "labels.txt": new TextEncoder().encode(text) });
    const view = new DataView(archive.buffer, archive.byteOffset);
    const end = archive.length - 22;
    const directory = view.getUint32(end + 16, true);
    view.setUint32(end + 16, directory + start.length, true);
    view.setUint32(directory + 42, start.length, true);
    const result = new Uint8Array(start.length + archive.length);
    result.set(start);
    result.set(archive, start.length);
    return result;
  }

  test("has the normalisation, and the names of classes behind the model", async () => {
    const graph = await openGraph(memorySource("m.tflite", withLabels("cat\ndog\n")));
    expect(JSON.parse(graph.metadata.get(metadataKeys.classes)!)).toEqual(["cat", "dog"]);
    const told = JSON.parse(graph.metadata.get(metadataKeys.preprocessing)!) as object;
    expect(told).toMatchObject({ scale: 1, mean: [127.5], std: [127.5], channels: "rgb" });
  });

  test("whose names are missing is refused", async () => {
    await expect(openLite(model)).rejects.toThrow("zip: an archive must be whole");
  });
});

describe("what cannot be opened is refused by name", () => {
  const x = row(1, 2);
  const base = modelOf({ builtin: "RELU", x, wanted: [] });
  const tensors = (name: string, change: Partial<WrittenTensor>) =>
    base.tensors.map((tensor) => (tensor.name === name ? { ...tensor, ...change } : tensor));

  test.each<readonly [string, WrittenLite, string]>([
    [
      "a custom operator",
      modelOf({ builtin: "TFLite_Detection_PostProcess", x, wanted: [] }),
      'got the custom operator TFLite_Detection_PostProcess at "op"',
    ],
    ["a recurrent layer", modelOf({ builtin: "LSTM", x, wanted: [] }), 'got LSTM at "op"'],
    ["a loop", modelOf({ builtin: "WHILE", x, wanted: [] }), 'got WHILE at "op"'],
    [
      "weights of another size",
      { ...base, tensors: tensors("shape", { shape: [2] }) },
      'weights "shape" must have the bytes of INT32 [2], got 4',
    ],
    [
      "an activation that is not known",
      modelOf({ builtin: "ADD", x, inputs: ["x", "x"], options: { 0: { int8: 5 } }, wanted: [] }),
      'ADD "op" must end in an activation that is known, got 5',
    ],
    [
      "what is read before it is computed",
      { ...base, operators: base.operators.toReversed() },
      'tensor "floats" must be computed before it is read',
    ],
  ])("%s", async (_, model, message) => {
    await expect(openLite(model)).rejects.toThrow(message);
  });

  test("a file that ends before its weights", async () => {
    const file = liteFile(base);
    await expect(openGraph(memorySource("m.tflite", file.slice(0, 200)))).rejects.toThrow(
      "tflite:",
    );
  });
});
