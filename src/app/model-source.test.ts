/** @file Models by path, folder and address, as jobs open them. */
import { strToU8, zipSync } from "fflate";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { besideKey } from "../graph/metadata.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { tensorOf } from "../graph/tensor.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { libraryWords } from "../wording/face.ts";
import { jobPlatform } from "./job-platform.ts";
import { memoryPlatform, type MemoryPlatformOptions } from "./memory-platform.ts";
import { addressSource, modelSource } from "./model-source.ts";
import { openNetwork } from "./open.ts";

const b = new GraphBuilder();
b.output(b.initializer("w", tensorOf("float32", [2], [1, 2])));
const onnx = encodeOnnx(b.build()).bytes;
const parts = encodeOnnx(b.build(), { externalThresholdBytes: 1 });
const [{ path: partName, data: part }] = parts.external as [(typeof parts.external)[number]];

function contextOf(machine: MemoryPlatformOptions, offline = false) {
  const platform = jobPlatform(memoryPlatform(machine));
  return { platform, offline, signal: { aborted: false }, words: libraryWords };
}

const opened = (asked: string, machine: MemoryPlatformOptions) =>
  openNetwork(asked, contextOf(machine));

test("a model is the same from a file, a folder, an archive, and addresses of them", async () => {
  const files = { "a/m.onnx": onnx, "a/labels.txt": "x", "a/.git/other.onnx": onnx };
  const zip = zipSync({ "m/m.onnx": onnx, "m/photo.jpg": strToU8("x") });
  const machine = {
    files: { ...files, "b.zip": zip },
    addresses: { "https://h/x/m.onnx?a=1": onnx, "http://h/b": zip },
  };
  for (const asked of ["a/m.onnx", "a", "a/", "b.zip", "https://h/x/m.onnx?a=1", "http://h/b"]) {
    const { initializers } = await opened(asked, machine);
    expect([...initializers.get("w")!.data], asked).toEqual([1, 2]);
  }
});

test("what hubs put beside a model counts for its folder too, and what was read is an input", async () => {
  const files = { "a/onnx/m.onnx": onnx, "a/config.json": '{"a":1}' };
  const context = contextOf({ files });
  const { metadata } = await openNetwork("a", context);
  expect(metadata.get(besideKey("config.json"))).toBe('{"a":1}');
  await expect(context.platform.writeWhole("a/onnx/m.onnx", "x")).rejects.toThrow(
    /must be no file that is read/,
  );
});

test("folders without a model, with several, or with very much are refused by name", async () => {
  const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`many/${i}.jpg`, "x"]));
  const files = { "a/x.jpg": "x", "b/1.onnx": onnx, "b/2.onnx": onnx, ...many };
  await expect(opened("a", { files })).rejects.toThrow(
    /^"a": open: the folder must hold .*an ONNX model, got/,
  );
  await expect(opened("b", { files })).rejects.toThrow(/got "1.onnx", "2.onnx". name the one/);
  await expect(modelSource(memoryPlatform({ files }), "many")).rejects.toThrow(/more than 10000/);
});

test("parts are fetched from below the folder of an address, and from nowhere else", async () => {
  const asked: string[] = [];
  const context = contextOf({});
  const platform: typeof context.platform = {
    ...context.platform,
    fetchBytes: async (address) => {
      asked.push(address);
      return strToU8(address);
    },
  };
  const source = await addressSource("https://h:8080/a/b/m.json?x=../..#y", {
    ...context,
    platform,
  });
  expect(source.name).toBe("https://h:8080/a/b/m.json");
  const location = fc.oneof(
    fc.string(),
    fc
      .array(
        fc.constantFrom(
          "..",
          ".",
          "/",
          "\\",
          "%2e%2e",
          "%2F",
          "%5c",
          "w",
          ":",
          "http:",
          "?",
          "\ud800",
          "#",
          "@h",
        ),
      )
      .map((pieces) => pieces.join("")),
  );
  await fc.assert(
    fc.asyncProperty(location, async (name) => {
      asked.length = 0;
      await source.beside(name).catch((cause: unknown) => {
        expect(cause).toMatchObject({ code: "bad-file" });
      });
      for (const address of asked) {
        const { href, search, hash } = new URL(address);
        expect(href.startsWith("https://h:8080/a/b/"), `${name} ${href}`).toBe(true);
        expect(search + hash).toBe("");
      }
    }),
    { numRuns: 2000 },
  );
  await source.beside("w 1/é%20#.bin");
  expect(asked.at(-1)).toBe("https://h:8080/a/b/w%201/%C3%A9%20%23.bin");
});

test("an address of a folder stands for the model.json in it", async () => {
  const source = (asked: string, addresses: Readonly<Record<string, Uint8Array>>) =>
    addressSource(asked, contextOf({ addresses }));
  const made = { "https://h/models/XYZ/model.json": strToU8("{}") };
  expect((await source("https://h/models/XYZ/", made)).name).toBe(
    "https://h/models/XYZ/model.json",
  );
  expect((await source("https://h/models/XYZ", made)).name).toBe("https://h/models/XYZ/model.json");
  await expect(source("https://h/models/ABC/", made)).rejects.toThrow(/must be there, got/);
  const model = await source("https://h/m.onnx", {
    "https://h/m.onnx": parts.bytes,
    [`https://h/${partName}`]: part,
  });
  expect((await model.beside(partName))?.size).toBe(part.length);
});

test("nothing is fetched offline", async () => {
  const context = contextOf({ addresses: { "https://h/m.onnx": onnx } }, true);
  await expect(openNetwork("https://h/m.onnx", context)).rejects.toThrow(
    /must be had over the network/,
  );
});

test("pipes and devices in a folder are passed over, as they would be waited for", async () => {
  const context = contextOf({ files: { "a/m.onnx": onnx, "a/pipe.onnx": onnx } });
  const { platform } = context;
  const find = async (path: string) => {
    const info = await platform.find(path);
    if (info === undefined || !path.endsWith("pipe.onnx")) return info;
    const { identity: _, ...pipe } = info;
    return pipe;
  };
  const folder = await modelSource(
    { find, list: (path) => platform.list(path), source: (path) => platform.source(path) },
    "a",
  );
  expect("files" in folder && folder.files).toEqual(["m.onnx"]);
});
