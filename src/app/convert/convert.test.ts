/** @file What is converted is the same network, or nothing is written. */
import { zipSync } from "fflate";
import * as fc from "fast-check";
import * as v from "valibot";
import { afterAll, describe, expect, test } from "vitest";
import { randomNetwork } from "../../../test/random-networks/network.ts";
import { digestGraph } from "../../graph/digest.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import type { Graph } from "../../graph/graph.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import { decodeOnnx } from "../../formats/onnx/decode.ts";
import { encodeOnnx } from "../../formats/onnx/encode.ts";
import { sizeInBytes, tensorOf } from "../../graph/tensor.ts";
import { preprocessings } from "../../image/preprocess.ts";
import { layersOf } from "../../network/layers.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { libraryWords, wordsOf } from "../../wording/face.ts";
import { jobPlatform } from "../job-platform.ts";
import { memoryPlatform } from "../memory-platform.ts";
import { openNetwork } from "../open.ts";
import type { Platform } from "../platform.ts";
import { convert } from "./convert.ts";
import { onnxFiles, readBack } from "./onnx-files.ts";
import { convertSchema } from "./schema.ts";

const cpu = createNodeRuntime({ threads: 1 });
afterAll(() => cpu.release());

/** What runs on `cpu`, which stays open. */
const runtime: Runtime = { ...cpu, open: cpu.open.bind(cpu), release: async () => {} };

/** A picture's network with numbers that float32 has not, and all that a maker may say. */
function network(input: readonly (number | string)[] = ["N", 3, 8, 8]): Graph {
  const b = new GraphBuilder();
  const sizes = input.map((size, axis) => (typeof size === "number" ? size : [1, 3, 8, 8][axis]!));
  const x = b.input("x", sizes, "float32", input);
  const w = b.initializer(
    "w",
    tensorOf(
      "float32",
      [4, 3, 3, 3],
      Array.from({ length: 108 }, (_, i) => Math.sin(i)),
    ),
  );
  const scale = b.initializer("s", tensorOf("float32", [4], [1, 2, 3, 4]));
  const conv = b.op("Conv", [x, w], {}, "conv/linear");
  const normal = b.op(
    "BatchNormalization",
    [conv, scale, scale, scale, scale],
    { epsilon: 1e-3 },
    "bn",
  );
  const features = b.op("LeakyRelu", [normal], { alpha: 0.1 }, "features");
  const clipped = b.op("Clip", [features, null, b.scalar(6)], {}, "clipped");
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", [clipped])], {}, "logits"));
  const metadata = new Map<string, string>([
    [metadataKeys.classes, '["a","b","c","é"]'],
    [metadataKeys.preprocessing, JSON.stringify(preprocessings.tf)],
    [metadataKeys.reading, '["something was left out"]'],
    ["author", "me"],
  ]);
  return { ...b.build(), metadata };
}

const bytes = encodeOnnx(network()).bytes;
const request = { model: "m.onnx", out: "out/n.onnx", seed: 3, runtime: "cpu" } as const;

function machine(changes: Partial<Platform> = {}, runtimes: { cpu: Runtime } = { cpu: runtime }) {
  const memory = memoryPlatform({
    files: {
      "m.onnx": bytes,
      "f/a/m.onnx": bytes,
      "f/x.txt": "x",
      "m.zip": zipSync({ "a.onnx": bytes }),
    },
    addresses: { "https://h/m.onnx": bytes },
    runtimes,
  });
  const notes: string[] = [];
  const platform = jobPlatform({ ...memory, ...changes });
  const onNote = (note: Parameters<typeof wordsOf>[0]) =>
    void notes.push(wordsOf(note, libraryWords));
  const context = {
    platform,
    signal: { aborted: false },
    offline: false,
    words: libraryWords,
    onNote,
  };
  return { context, notes, written: memory.written };
}

test.each(["m.onnx", "f", "m.zip", "https://h/m.onnx"])(
  "%s is the same network again",
  async (model) => {
    const { context, notes, written } = machine();
    const record = v.parse(convertSchema, await convert({ ...request, model }, context));
    expect(record).toMatchObject({
      model,
      files: [{ path: "out/n.onnx", bytes: written.get("out/n.onnx")!.length }],
      reading: ["something was left out"],
      metadata: [metadataKeys.classes, metadataKeys.preprocessing, metadataKeys.reading, "author"],
      compared: {
        seed: 3,
        inputs: [{ name: "x", shape: [1, 3, 8, 8] }],
        outputs: [{ name: "logits", difference: 0 }],
      },
    });
    expect(notes).toEqual(["something was left out"]);
    const again = await openNetwork("out/n.onnx", context);
    const first = await openNetwork(model, context);
    expect(again).toEqual(first);
    expect(await digestGraph(again)).toBe(record.digest);
    expect(layersOf(again)).toEqual(layersOf(first));
    expect(again.metadata).toEqual(network().metadata);
  },
);

test("the digest of a graph that was built is that of its file", async () => {
  const graph = network();
  const written = await readBack(onnxFiles(graph, "a/m.onnx"));
  expect(await digestGraph(written)).toBe(await digestGraph(graph));
});

test("any network has the same digest, layers and metadata again, in one file or two", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.noShrink(fc.nat(2 ** 30)),
      fc.constantFrom(0, 2 ** 40),
      async (seed, most) => {
        const graph = decodeOnnx(encodeOnnx(randomNetwork(seed).graph).bytes);
        const files = onnxFiles(graph, "a/m.onnx", most);
        const isLarge =
          most === 0 &&
          [...graph.initializers.values()].some((value) => sizeInBytes(value) >= 1024);
        expect(files.map(({ path }) => path)).toEqual([
          "a/m.onnx",
          ...(isLarge ? ["a/m.onnx.data-0"] : []),
        ]);
        const written = await readBack(files);
        expect(await digestGraph(written)).toBe(await digestGraph(graph));
        expect(layersOf(written)).toEqual(layersOf(graph));
        expect(written.metadata).toEqual(graph.metadata);
      },
    ),
    { numRuns: 60 },
  );
});

test.each([
  [
    ["N", 3, "H", "W"],
    [1, 3, 224, 224],
  ],
  [
    [2, 3, 9, "W"],
    [2, 3, 9, 224],
  ],
  [
    ["N", 3, 8, 8],
    [1, 3, 8, 8],
  ],
] as const)("an input %j is run at %j", async (dims, fed) => {
  const { context } = machine();
  await context.platform.writeWhole("o.onnx", encodeOnnx(network(dims)).bytes);
  const { compared } = await convert({ ...request, model: "o.onnx" }, context);
  expect(compared?.inputs).toEqual([{ name: "x", shape: fed }]);
});

describe("nothing is written", () => {
  /** A runtime whose second session gives other numbers, or none. */
  function oddRuntime(change: (value: number) => number): Runtime {
    let sessions = 0;
    const open: Runtime["open"] = async (graph, options) => {
      const session = await runtime.open(graph, options);
      sessions += 1;
      if (sessions === 1) return session;
      const run: typeof session.run = async (feeds, how) => {
        const { logits } = await session.run(feeds, how);
        const numbers = Array.from(logits!.data as Float32Array, change);
        return { logits: tensorOf("float32", logits!.dims, numbers) };
      };
      return { ...session, run, release: () => session.release() };
    };
    return { ...runtime, open };
  }

  test.each([
    ["of other numbers", (value: number) => value * 1.001],
    ["of no numbers", () => Number.NaN],
  ])("for outputs %s", async (_, change) => {
    const { context, written } = machine({}, { cpu: oddRuntime(change) });
    await expect(convert(request, context)).rejects.toThrow(
      /output "logits" must be the same in the file that is written, got a difference of/,
    );
    expect([...written]).toEqual([]);
  });

  test("for differences that rounding makes, the file is", async () => {
    const { context, written } = machine({}, { cpu: oddRuntime((value) => value * (1 + 1e-6)) });
    const { compared } = await convert(request, context);
    expect(compared!.outputs[0]!.difference).toBeGreaterThan(0);
    expect(compared!.outputs[0]!.difference).toBeLessThan(1e-5);
    expect([...written.keys()]).toEqual(["out/n.onnx"]);
  });

  test.each([
    ["a name of another format", { out: "n.keras" }, /must end in .onnx/],
    ["the model's own place", { out: "./m.onnx" }, /must be no file that is read/],
    ["a place that is a folder", { out: "f/a/m.onnx/x.onnx" }, /must be writable/],
    ["a model that is not there", { model: "none.onnx" }, /must exist/],
  ])("for %s", async (_, change, message) => {
    const { context, written } = machine();
    await expect(convert({ ...request, ...change }, context)).rejects.toThrow(message);
    expect([...written]).toEqual([]);
  });

  test("after a stop", async () => {
    const { context, written } = machine();
    const stopped = convert(request, { ...context, signal: { aborted: true } });
    await expect(stopped).rejects.toMatchObject({ code: "aborted" });
    expect([...written]).toEqual([]);
  });

  test("that is not what was written", async () => {
    const memory = memoryPlatform({ files: { "m.onnx": bytes }, runtimes: { cpu: runtime } });
    const { context } = machine({
      ...memory,
      writeWhole: (path) => memory.writeWhole(path, "something else"),
    });
    await expect(convert(request, context)).rejects.toThrow(/must hold what was written/);
    expect([...memory.written]).toEqual([]);
  });
});

test("a network that cannot be run is written, with a note that says so", async () => {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 8, 8], "float32", ["N", 3, "H", "W"]);
  b.output(b.op("Reshape", [x, b.ints([1, 192])], {}, "y"));
  const { context, notes } = machine();
  await context.platform.writeWhole("r.onnx", encodeOnnx(b.build()).bytes);
  const { compared } = await convert({ ...request, model: "r.onnx" }, context);
  expect(compared).toBeNull();
  expect(notes.join()).toMatch(/the network could not be run, so numbers were not compared/);
});
