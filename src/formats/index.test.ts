/** @file Opening models through sources of bytes: by their first bytes, in several parts, with large weights left on disk. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { tensor, tensorOf } from "../graph/tensor.ts";
import { formats, openGraph } from "./index.ts";
import { decodeOnnx } from "./onnx/decode.ts";
import { encodeOnnx } from "./onnx/encode.ts";
import { memorySource, type ByteSource, type MappedFile } from "./source.ts";

const count = 1 << 16;
const large = tensor(
  "float32",
  [count],
  Float32Array.from({ length: count }, (_, i) => i % 1000),
);
const small = tensorOf("float32", [2], [1, 2]);

/** A model that gives out a large and a small weight, and one that a node holds. */
function model(): Graph {
  const b = new GraphBuilder();
  b.output(b.initializer("large", large));
  b.output(b.initializer("small", small));
  b.initializer("shape", tensorOf("int64", [1], [3]));
  const filled: Node = {
    name: "fill",
    operator: "ConstantOfShape",
    domain: "",
    inputs: ["shape"],
    outputs: ["filled"],
    attributes: { value: { kind: "tensor", value: tensorOf("float32", [1], [7]) } },
  };
  const graph = b.build();
  const output = { name: "filled", type: "float32", dims: [3] } as const;
  return { ...graph, nodes: [filled], outputs: [...graph.outputs, output] };
}

/** Parts of a model by their names, as a page's upload might hold them. */
function partsSource(name: string, files: Readonly<Record<string, Uint8Array>>): ByteSource {
  const beside = async (location: string) =>
    files[location] && memorySource(location, files[location], beside);
  return memorySource(name, files[name]!, beside);
}

/** A file that claims to be as large as those that are mapped; tells what is read of it. */
function onDisk(bytes: Uint8Array, path: string, log: string[]) {
  const source = memorySource(path, bytes);
  const mapped: MappedFile = {
    path,
    startBytes: 0,
    readInto: (into, offset) => {
      log.push(`map ${into.length}`);
      into.set(bytes.subarray(offset, offset + into.length));
    },
  };
  const read: ByteSource["read"] = (offset, length) => {
    log.push(`read ${length}`);
    return source.read(offset, length);
  };
  return { ...source, size: Math.max(bytes.length, 1 << 27), read, mapped };
}

test("a model is opened by its first bytes, whatever its name", async () => {
  const { bytes } = encodeOnnx(model());
  for (const name of ["m.onnx", "m", "m.bin"]) {
    expect(await openGraph(memorySource(name, bytes))).toEqual(decodeOnnx(bytes));
  }
});

const anyFormat =
  "a network of torch.export, a TensorFlow.js model, a Keras model, a frozen graph of TensorFlow, a TensorFlow Lite model or an ONNX model";

test.each([
  ["x.onnx", "hello", '"x.onnx": decodeOnnx: the file must be an ONNX model, got text that starts'],
  ["x", "PK\u0003\u0004", '"x": zip: an archive must be whole, got a file without a directory'],
  ["x", "", `"x": open: the file must be ${anyFormat}, got an empty file`],
  ["x", "\u00ff\u00ff\u0000", `"x": open: the file must be ${anyFormat}, got 3 bytes of no known`],
])("%s with %j is refused", async (name, text, message) => {
  await expect(openGraph(memorySource(name, Buffer.from(text, "latin1")))).rejects.toThrow(message);
});

test.each(formats)("$name with weights that are no numbers is refused", async () => {
  const b = new GraphBuilder();
  b.output(b.initializer("w", tensorOf("float32", [2], [1, Number.NaN])));
  const { bytes } = encodeOnnx(b.build());
  await expect(openGraph(memorySource("nan.onnx", bytes))).rejects.toThrow(
    '"nan.onnx": model: weights must be finite, got NaN or infinity in "w".',
  );
});

describe("a model in several files", () => {
  const { bytes, external } = encodeOnnx(model(), { externalThresholdBytes: 8 });
  const files = Object.fromEntries(external.map(({ path, data }) => [path, data]));

  test("is read from all of them, and nothing but what is named", async () => {
    const read: string[] = [];
    const source = partsSource("m.onnx", { "m.onnx": bytes, ...files });
    const watched: ByteSource = {
      ...source,
      beside: async (location) => {
        const part = (await source.beside(location))!;
        return {
          ...part,
          read: (offset, length) => {
            read.push(`${length} of ${part.size}`);
            return part.read(offset, length);
          },
        };
      },
    };
    expect(await openGraph(watched)).toEqual(decodeOnnx(encodeOnnx(model()).bytes));
    expect(read.sort()).toEqual(["262144 of 262144", "8 of 8", "8 of 8"]);
  });

  test("is refused where one is missing", async () => {
    const [first, ...others] = external.map(({ path }) => path);
    const some = Object.fromEntries(others.map((path) => [path, files[path]!]));
    await expect(openGraph(partsSource("m.onnx", { "m.onnx": bytes, ...some }))).rejects.toThrow(
      `must find its data file "${first}", got none. give the data file with the model.`,
    );
  });
});

describe("large files that can be mapped", () => {
  test("keep large weights on disk, of which little is in memory at once", async () => {
    const most = 2 ** 25;
    const b = new GraphBuilder();
    b.output(b.initializer("large", tensor("float32", [most], new Float32Array(most).fill(2))));
    b.output(b.initializer("small", small));
    const { bytes } = encodeOnnx(b.build());
    const log: string[] = [];
    const graph = await openGraph(onDisk(bytes, "/m.onnx", log));
    const sizes = log.map((line) => Number(line.split(" ")[1]));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 ** 22);
    const value = graph.initializers.get("large")!;
    expect(value.file?.path).toBe("/m.onnx");
    expect(log.filter((line) => line === `map ${4 * most}`)).toEqual([]);
    expect((value.data as Float32Array).every((number) => number === 2)).toBe(true);
    expect(log.filter((line) => line === `map ${4 * most}`)).toHaveLength(1);
    expect(graph.initializers.get("small")).toEqual(small);
  });

  test("are read as a whole where they are cut off, and told so", async () => {
    const { bytes } = encodeOnnx(model());
    const log: string[] = [];
    const cut = onDisk(bytes.subarray(0, -40), "/m.onnx", log);
    await expect(openGraph(cut)).rejects.toThrow(/end inside a field/);
  });

  test("beside a model too", async () => {
    const { bytes, external } = encodeOnnx(model(), { externalThresholdBytes: 8 });
    const log: string[] = [];
    const source = memorySource("m.onnx", bytes, async (location) => {
      const { data } = external.find(({ path }) => path === location)!;
      return onDisk(data, `/${location}`, log);
    });
    const graph = await openGraph(source);
    // The large one was looked through for what is no number.
    expect(log.sort()).toEqual(["map 262144", "map 8", "map 8"]);
    expect(graph.initializers.get("large")!.file).toEqual({ path: "/weights-0", offsetBytes: 0 });
    expect(graph.initializers.get("small")!.file).toBeUndefined();
    expect(graph.initializers.get("large")!.data).toEqual(large.data);
    expect(graph.initializers.get("small")!.data).toEqual(small.data);
  });
});

/** Modules that come with one, at once, by their paths in the sources. */
function modulesWith(path: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(path)) return found;
  found.add(path);
  const text = readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
  for (const [, clause = "", from = ""] of text.matchAll(
    /^(?:import|export) ([^;]*?) from "(\.[^"]*)"/gm,
  )) {
    if (clause.startsWith("type ")) continue;
    const { pathname } = new URL(from, `file:///${path}`);
    modulesWith(pathname.slice(1), found);
  }
  return found;
}

test("the table brings what recognises a file along, and readers are imported when they open one", () => {
  const readers = [...modulesWith("formats/index.ts")].filter(
    (path) =>
      /^formats\/(keras|hdf5|tensorflow|tflite|tfjs|torch-|channels-last|zip-folder)/.test(path) &&
      !/\/(format|file-identifier|signature)\.ts$/.test(path),
  );
  expect(readers).toEqual([]);
  expect(modulesWith("formats/keras/open.ts").size).toBeGreaterThan(100);
});
