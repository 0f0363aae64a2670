/** @file The attribution and inspection of a machine that is only memory. */
import { expect, test } from "vitest";
import * as v from "valibot";
import { smallNetwork } from "../../../test/command-line.ts";
import { recordOf } from "../../../test/job-records.ts";
import { decodeNpy } from "../../formats/npy.ts";
import { encodeOnnx } from "../../formats/onnx/encode.ts";
import type { Picture } from "../../image/picture.ts";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { LimpidError } from "../../errors.ts";
import { libraryWords, wordsOf } from "../../wording/face.ts";
import type { JobContext, ProgressEvent } from "../context.ts";
import { jobPlatform } from "../job-platform.ts";
import { inspect } from "../inspect.ts";
import { inspectionSchema } from "../inspection.ts";
import { memoryPlatform } from "../memory-platform.ts";
import { attribute } from "./attribute.ts";
import { attributionSchema } from "./schema.ts";

const picture: Picture = {
  widthPx: 8,
  heightPx: 8,
  channels: 3,
  data: Uint8Array.from({ length: 192 }, (_, i) => (i * 37) % 256),
};

const oddPhotos = ["...png", "results.json.png", "CON.png", "A.png", "a.png", "__proto__.png"].map(
  (name) => `odd/${name}`,
);

function memoryContext() {
  const network = encodeOnnx(smallNetwork((i) => Math.sin(i))).bytes;
  const platform = memoryPlatform({
    files: {
      "net.onnx": network,
      "a.png": picture,
      "b.png": picture,
      "c.png": "no picture",
      "labels.txt": "crane\nbee\ncrane\ndog\n",
      ...Object.fromEntries(oddPhotos.map((path) => [path, picture])),
    },
    runtimes: { cpu: createReferenceRuntime() },
  });
  const told = { progress: [] as ProgressEvent[], notes: [] as string[], failures: [] as string[] };
  const context: JobContext = {
    platform: jobPlatform(platform),
    signal: { aborted: false },
    offline: true,
    words: libraryWords,
    onProgress: (event) => told.progress.push(event),
    onNote: (note) => told.notes.push(wordsOf(note, libraryWords)),
    onFailure: (failure) => told.failures.push(wordsOf(failure, libraryWords)),
  };
  return { context, platform, told };
}

test("files are explained, written and told of one by one; what fails is said once", async () => {
  const { context, platform, told } = memoryContext();
  const order: string[] = [];
  const gathered = await attribute(
    {
      model: "net.onnx",
      inputs: ["a.png", "c.png", "b.png"],
      methods: ["grad-cam", "gradient"],
      layers: ["features"],
      target: "top",
      options: { signed: true },
      runtime: "cpu",
      out: "maps",
    },
    context,
    {
      onFile: ({ path }) => order.push(path),
      onWritten: (path) => order.push(path),
    },
  );
  const record = recordOf(gathered);
  expect(record).toEqual(v.parse(attributionSchema, record));
  expect(record.results.map(({ input, method }) => [input, method])).toEqual([
    ["a.png", "grad-cam"],
    ["a.png", "gradient"],
    ["b.png", "grad-cam"],
    ["b.png", "gradient"],
  ]);
  expect(record.failures).toMatchObject([{ input: "c.png" }]);
  expect(told.failures).toEqual([expect.stringMatching(/^c\.png: /)]);
  expect(told.notes).toHaveLength(new Set(told.notes).size);
  expect(order).toEqual([
    "a.png",
    "maps/a/sheet.png",
    "2 .npy files in maps/a",
    "b.png",
    "maps/b/sheet.png",
    "2 .npy files in maps/b",
    "maps/results.json",
  ]);
  expect(JSON.parse(await platform.readText("maps/results.json"))).toEqual(record);
  const map = decodeNpy(await platform.readBytes("maps/a/grad-cam.npy"));
  expect(map.dims).toEqual([1, 6, 6]);
  const [first, last] = [told.progress[0]!, told.progress.at(-1)!];
  expect(first).toMatchObject({ what: "attribute", done: 0, total: 6 });
  expect(last).toMatchObject({ what: "attribute", isOver: true });
});

test("results of photos and classes lie in files of their own, whatever they are called", async () => {
  const { context, platform } = memoryContext();
  const gathered = await attribute(
    {
      model: "net.onnx",
      inputs: oddPhotos,
      methods: ["gradient"],
      target: "0,2",
      labels: "labels.txt",
      runtime: "cpu",
      out: "maps",
    },
    context,
  );
  const files = recordOf(gathered).results.map(({ file }) => file!);
  expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(2 * oddPhotos.length);
  expect(files.slice(0, 4)).toEqual([
    "unnamed/gradient--crane-class-0.npy",
    "unnamed/gradient--crane-class-2.npy",
    "results.json-2/gradient--crane-class-0.npy",
    "results.json-2/gradient--crane-class-2.npy",
  ]);
  expect([...platform.written.keys()].every((path) => path.startsWith("maps/"))).toBe(true);
  for (const file of files) expect(platform.written.has(`maps/${file}`), file).toBe(true);
});

test("a network is inspected", async () => {
  const { context } = memoryContext();
  const inspection = await inspect("net.onnx", context);
  expect(inspection).toEqual(v.parse(inspectionSchema, inspection));
  expect(inspection.layers.map(({ operator }) => operator)).toContain("GlobalAveragePool");
});

test("where a later file cannot be written, the record tells of those that are", async () => {
  const { platform, context } = memoryContext();
  const full = new LimpidError("bad-file", "write: got a full disk.");
  const machine = {
    ...platform,
    writeWhole: async (path: string, data: Uint8Array | string) => {
      if (path.startsWith("out/b")) throw full;
      await platform.writeWhole(path, data);
    },
  };
  const request = {
    model: "net.onnx",
    inputs: ["a.png", "b.png"],
    methods: ["gradient"],
    target: "top",
    options: {},
    preprocess: "unit",
    runtime: "cpu",
    out: "out",
  } as const;
  await expect(attribute(request, { ...context, platform: jobPlatform(machine) })).rejects.toThrow(
    "a full disk",
  );
  const record = v.parse(
    attributionSchema,
    JSON.parse(await platform.readText("out/results.json")),
  );
  expect(record.results.map(({ input }) => input)).toEqual(["a.png"]);
  expect(record.failures.map(({ input }) => input)).toEqual(["b.png"]);
});
