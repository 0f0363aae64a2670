/** @file What is opened of a file, a folder or an archive, whatever else lies there. */
import { strToU8, zipSync } from "fflate";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { LimpidError } from "../errors.ts";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensorOf } from "../graph/tensor.ts";
import { folderSource } from "./folder-source.ts";
import type { Format } from "./format.ts";
import { formats } from "./index.ts";
import { encodeOnnx } from "./onnx/encode.ts";
import { openAmong } from "./open-among.ts";
import { memorySource } from "./source.ts";

/** A graph that says what it was opened as. */
function graphCalled(name: string): Graph {
  const b = new GraphBuilder();
  b.output(b.initializer("w", tensorOf("float32", [1], [1])));
  return { ...b.build(), name };
}

/** Formats of one file, of a folder, and of a file with a part beside it. */
const fakes: readonly Format[] = [
  {
    name: "a magic file",
    usualPreprocessing: "tf",
    file: {
      matches: ([first, second]) => first === 0x89 && second === 0x48,
      open: async ({ name }) => graphCalled(`magic ${name}`),
    },
  },
  {
    name: "a nest",
    usualPreprocessing: "unit",
    folder: {
      matches: (files) => files.includes("nest.json"),
      open: async ({ files }) => graphCalled(`nest of ${files.toSorted().join(" ")}`),
    },
  },
  {
    name: "a graph by its first bytes",
    file: {
      matches: ([first]) => first === 0xc8,
      open: async ({ name }) => graphCalled(`graph ${name}`),
    },
  },
  {
    name: "a list",
    file: {
      matches: (_, name) => name.endsWith("list.json"),
      open: async (source) => {
        const part = await source.beside("part");
        return graphCalled(`list with ${part?.name}`);
      },
    },
  },
  ...formats.filter(({ name }) => name === "an ONNX model"),
];

type Files = Readonly<Record<string, Uint8Array>>;
const magic = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a);
const onnx = encodeOnnx(graphCalled("onnx")).bytes;
const text = (words = "BATCH of words") => strToU8(words);

/** As a folder and as an archive, which must not differ. */
function both(files: Files) {
  const folder = new Map(
    Object.entries(files).map(([path, bytes]) => [
      path,
      async () => ({ size: bytes.length, read: memorySource(path, bytes).read }),
    ]),
  );
  return [folderSource("m", folder), memorySource("m", zipSync({ ...files }))] as const;
}

async function opened(files: Files): Promise<Graph> {
  const [folder, archive] = both(files);
  const graph = await openAmong(fakes, folder);
  const same = await openAmong(fakes, archive);
  expect(same).toEqual(graph);
  return graph;
}

async function refusal(files: Files): Promise<string> {
  const messages = await Promise.all(
    both(files).map((source) =>
      openAmong(fakes, source).then(
        () => "opened",
        (cause: LimpidError) => `${cause.code}: ${cause.message}`,
      ),
    ),
  );
  expect(messages[1]).toBe(messages[0]);
  return messages[0]!;
}

test.each<[string, Files]>([
  ["magic m/a.h5", { "a.h5": magic, "labels.txt": text(), "photo.png": magic }],
  ["onnx", { "onnx/model.onnx": onnx, "onnx/weights.bin": onnx, "config.json": text("{}") }],
  ["nest of a.h5 b.onnx nest.json", { "nest.json": text("{}"), "a.h5": magic, "b.onnx": onnx }],
  ["nest of nest.json w", { "top/nest.json": text("{}"), "top/w": magic, "__MACOSX/x": text() }],
  ["graph m/g.pb", { "g.pb": Uint8Array.of(0xc8), "w.bin": Uint8Array.of(0xc8) }],
  ["list with m/part", { "list.json": text("{}"), part: text() }],
  ["list with undefined", { "a/list.json": text("{}"), "b/part": text() }],
  ["nest of nest.json", { "m.keras": zipSync({ "nest.json": text("{}") }), "b.zip": zipSync({}) }],
])("%s is opened", async (name, files) => {
  const graph = await opened(files);
  expect(graph.name).toBe(name);
});

test("what is usual for a format goes with its models", async () => {
  const usualOf = async (files: Files) =>
    (await opened(files)).metadata.get("limpid.usual-preprocessing");
  expect(await usualOf({ "a.h5": magic })).toBe("tf");
  expect(await usualOf({ "nest.json": text("{}") })).toBe("unit");
  expect(await usualOf({ "a.onnx": onnx })).toBeUndefined();
});

test("files with names of classes beside a model in a folder or archive are kept", async () => {
  for (const files of [
    { "a.h5": magic, "labels.txt": text("cat") },
    { "nest.json": text("{}"), "labels.txt": text("cat"), "far/classes.txt": text("dog") },
  ]) {
    const kept = (await opened(files)).metadata.get("limpid.beside/label files");
    expect(JSON.parse(kept!)).toEqual([["labels.txt", "cat"]]);
  }
});

test("what hubs put beside a model in a folder or archive is in its metadata", async () => {
  const files = {
    "onnx/model.onnx": onnx,
    "config.json": text('{"a":1}'),
    "x/config.json": text("{}"),
  };
  expect([...(await opened(files)).metadata]).toEqual([["limpid.beside/config.json", '{"a":1}']]);
});

test("several models are all told, and none is chosen", async () => {
  expect(await refusal({ "b.onnx": onnx, "a/a.h5": magic, "list.json": text() })).toBe(
    'bad-file: "m": open: a folder must hold one model, got "a/a.h5", "b.onnx", "list.json". name the one that is meant.',
  );
});

test("a broken model in a folder is called by its own name", async () => {
  expect(await refusal({ "a.onnx": text("hello"), "b.txt": text() })).toMatch(
    /^bad-file: "m\/a.onnx": decodeOnnx: the file must be an ONNX model, got text/,
  );
});

test.each([
  [
    ["saved_model.pbtxt", "variables/variables.index"],
    /got a TensorFlow SavedModel. convert it to ONNX/,
  ],
  [
    ["Data/com.apple.CoreML/model.mlmodel", "Manifest.json"],
    /got a Core ML model. give the model that/,
  ],
  [["net.cfg", "net.weights"], /got a Darknet network. convert it/],
  [["deploy.prototxt", "net.caffemodel"], /got a Caffe model. convert it/],
  [["model.xml", "model.bin"], /got an OpenVINO model/],
  [
    ["data.pkl", "version", "data/0"],
    /got weights of PyTorch without their network. give its network as the model, and this file with "weights"/,
  ],
  [["code/__torch__/net.py", "data.pkl"], /got a TorchScript program. export the model/],
  [["model.ckpt.data-00000-of-00001", "checkpoint"], /got checkpoints of TensorFlow/],
  [["model.safetensors", "config.json"], /got weights without their network/],
  [
    ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"],
    /got files of no known model: "a.jpg", "b.jpg", "c.jpg", "d.jpg" and 1 more. check/,
  ],
  [[], /got no file. check the path/],
  [["conv.npy", "dense.npy"], /got arrays of NumPy, weights alone. save the whole model/],
  [["group1-shard1of2.bin", "group1-shard2of2"], /got weights of TensorFlow.js without their mod/],
  [["old.joblib", "readme.txt"], /got a Python pickle. export the model to ONNX/],
  [["model.tar.gz"], /got a tar archive. unpack it first/],
  [["inner.zip", "readme.txt"], /got an archive within. unpack it first/],
  [["inner.rar"], /got an archive within. unpack it first/],
])("a folder of %j is called by its name", async (paths, message) => {
  const said = await refusal(Object.fromEntries(paths.map((path) => [path, text()])));
  expect(said).toMatch(
    /^bad-file: "m": open: the folder must hold a magic file, a nest, a graph by its first bytes, a list or an ONNX model, got/,
  );
  expect(said).toMatch(message);
});

test.each([
  ["x/net.caffemodel", /got a Caffe model/],
  ["saved_model.pbtxt", /got a TensorFlow SavedModel/],
  ["m.ckpt-99.index", /got checkpoints of TensorFlow/],
  ["last.ckpt", /got weights without their network/],
  ["yolov3-tiny.cfg", /got a Darknet network/],
  [
    "export/weights.bin",
    /got weights of TensorFlow.js without their model.json. give the model.json/,
  ],
  ["model.weights.bin", /got weights of TensorFlow.js without their model.json/],
  ["m.tar", /got a tar archive. unpack it first/],
])("a file %s is called by its name", async (name, message) => {
  const source = memorySource(name, Uint8Array.of(0xff, 0xfe, 0));
  await expect(openAmong(fakes, source)).rejects.toThrow(message);
});

test("files that begin as ONNX does by chance are called by what they are", async () => {
  const refused = async (name: string, bytes: Uint8Array) => {
    const error: LimpidError = await openAmong(fakes, memorySource(name, bytes)).catch((e) => e);
    return error.message;
  };
  const coreMl = Uint8Array.of(8, 4, 0x12, 2, 0x0a, 0);
  expect(await refused("net.mlmodel", coreMl)).toMatch(/got a Core ML model. give the model that/);
  expect(await refused("net.pkl", text("(dp0\nVa\np1\n"))).toMatch(/got a Python pickle/);
  expect(await refused("net.x", text("BZh91AY&SY?"))).toMatch(/got a bzip2 archive. unpack it/);
});

test("a folder of very many files is not looked through", async () => {
  const paths = Array.from({ length: 1001 }, (_, i) => [`${i}.bin`, text()] as const);
  expect(await refusal(Object.fromEntries(paths))).toMatch(/got 1001 files. name the model's own/);
});

test("archives beside a model are not in its way, whatever they are", async () => {
  const empty = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`${i}`, text()]));
  const others = {
    "broken.zip": Uint8Array.of(0x50, 0x4b, 3, 4, 9),
    "evil.zip": zipSync({ "../nest.json": text("{}") }),
    "many.zip": zipSync({ ...empty, "nest.json": text("{}") }, { level: 0 }),
  };
  expect((await opened({ ...others, "a.onnx": onnx })).name).toBe("onnx");
  expect(await refusal(others)).toMatch(/got an archive within. unpack it first/);
});

test("a folder of very many archives is not looked through", async () => {
  const archive = zipSync({ "nest.json": text("{}") });
  const paths = Array.from({ length: 21 }, (_, i) => [`${i}.zip`, archive] as const);
  expect(await refusal(Object.fromEntries(paths))).toMatch(/got more than 20 archives. name the m/);
});

test("one model is found wherever it lies, among files that are none", async () => {
  const part = fc.constantFrom("a", "b", "model", "x.y");
  const place = fc.array(part, { maxLength: 3 }).map((parts) => parts.join("/"));
  const others = fc.dictionary(
    fc
      .tuple(place, fc.constantFrom("labels.txt", "w.bin", "w", "a.png"))
      .map((parts) => parts.join("/")),
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }).filter(([first]) => first !== 0x89),
      fc.constant(onnx),
    ),
    { maxKeys: 5 },
  );
  await fc.assert(
    fc.asyncProperty(place, others, fc.boolean(), async (folder, rest, isMagic) => {
      const path = `${folder}/model.${isMagic ? "h5" : "onnx"}`.replace(/^\//, "");
      const tidy = Object.entries(rest).map(
        ([name, bytes]) => [name.replace(/^\//, ""), bytes] as const,
      );
      const files = { ...Object.fromEntries(tidy), [path]: isMagic ? magic : onnx };
      const graph = await opened(files);
      expect(graph.name).toMatch(isMagic ? /^magic m\/.*model\.h5$/ : /^onnx$/);
    }),
  );
});
