/** @file Weights of TensorFlow.js models: shards, groups, quantisation, texts, and files that are not as they should be. */
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  joined,
  savedFiles,
  sourceOf,
  write,
  type SavedWeight,
} from "../../../test/tfjs/saved-model.ts";
import { tf } from "../../../test/tfjs/oracle.ts";
import { toNumbers, type Tensor } from "../../graph/tensor.ts";
import { memorySource, type ByteSource } from "../source.ts";
import { groupsOf } from "./manifest.ts";
import { readModelJson } from "./model-json.ts";
import { openWeights } from "./weights.ts";

const topology = { class_name: "Sequential", config: { layers: [] } };

async function weightsIn(source: ByteSource) {
  const { groups } = await readModelJson(source);
  return openWeights(groups, source);
}

async function readAll(source: ByteSource): Promise<Record<string, Tensor>> {
  const weights = await weightsIn(source);
  const read = await Promise.all(
    weights.map(async (each) => [each.name, await each.read()] as const),
  );
  return Object.fromEntries(read);
}

function floats(name: string, values: readonly number[]): SavedWeight {
  return { name, shape: [values.length], dtype: "float32", values };
}

const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
const drawnWeight = fc
  .tuple(shape, fc.constantFrom("float32", "int32", "bool", "string"))
  .chain(([dims, dtype]) => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    const one = {
      float32: fc.float({ min: -8, max: 8, noNaN: true }),
      int32: fc.integer({ min: -100, max: 100 }),
      bool: fc.constantFrom(0, 1),
      string: fc.string({ unit: "grapheme", maxLength: 5 }),
    }[dtype];
    const values = fc.array<number | string>(one, { minLength: count, maxLength: count });
    return values.map(
      (list) => ({ shape: dims, dtype, values: list }) as Omit<SavedWeight, "name">,
    );
  });

test("all that TensorFlow.js decodes is read as the same numbers, however it is cut up and packed", async () => {
  const drawn = fc.record({
    weights: fc.array(drawnWeight, { minLength: 1, maxLength: 6 }),
    shardBytes: fc.integer({ min: 1, max: 40 }),
    groupSize: fc.integer({ min: 1, max: 6 }),
    quantize: fc.constantFrom(undefined, "uint8", "uint16", "float16"),
    packed: fc.constantFrom(undefined, "model", "weights", "all"),
  });
  await fc.assert(
    fc.asyncProperty(drawn, async ({ weights, quantize, packed, ...how }) => {
      const named = weights.map((each, i): SavedWeight => ({ ...each, name: `w${i}` }));
      const options = { ...how, ...(quantize && { quantize }), ...(packed && { packed }) };
      const read = await readAll(sourceOf(savedFiles(topology, named, options)));
      const written = named.map((each) => write(each, quantize));
      const { buffer } = joined(written.map(({ bytes }) => bytes));
      const specs = written.map(({ entry }) => entry) as unknown as tf.io.WeightsManifestEntry[];
      const wanted = tf.io.decodeWeights(buffer as ArrayBuffer, specs);
      for (const { name, shape: dims, dtype } of named) {
        expect(read[name]!.type).toBe(dtype);
        expect(read[name]!.dims).toEqual(dims);
        expect(Array.from(read[name]!.data as Float32Array)).toEqual(
          Array.from(wanted[name]!.dataSync()),
        );
      }
    }),
    { numRuns: 150 },
  );
});

test("quantised weights are what the converter's golden numbers say", async () => {
  const weight = floats("w", [-1, 0, 0.5, 2]);
  const { bytes, entry } = write(weight, "uint8");
  expect([...bytes]).toEqual([0, 85, 128, 255]);
  expect(entry["quantization"]).toMatchObject({ scale: expect.closeTo(0.0117647059, 9), min: -1 });
  const { w } = await readAll(sourceOf(savedFiles(topology, [weight], { quantize: "uint8" })));
  expect(toNumbers(w!)).toBeWithinL2([-1, 0, 0.50588235, 2], 1e-7);
});

test("a weight is read where it lies, and nothing else of its files", async () => {
  const files = savedFiles(topology, [floats("a", [1, 2, 3]), floats("b", [4, 5])], {
    shardBytes: 8,
  });
  const log: string[] = [];
  const logged = (source: ByteSource): ByteSource => ({
    ...source,
    read: (offset, length) => {
      log.push(`${source.name} ${offset}+${length}`);
      return source.read(offset, length);
    },
    beside: async (location) => {
      const found = await source.beside(location);
      return found && logged(found);
    },
  });
  const source = logged(sourceOf(files));
  const [, b] = await weightsIn(source);
  log.length = 0;
  expect(toNumbers(await b!.read())).toEqual([4, 5]);
  expect(log).toEqual(["group1-shard2of3.bin 4+4", "group1-shard3of3.bin 0+4"]);
});

test("large floats that lie whole in a large file on disk stay there", async () => {
  const count = 1 << 16;
  const values = Array.from({ length: count }, (_, i) => i % 100);
  const files = savedFiles(topology, [floats("small", [1]), floats("large", values)]);
  const shard = files.get("group1-shard1of1.bin")!;
  const rest = (1 << 27) - shard.length;
  const padding = { name: "rest", shape: [rest / 4], dtype: "float32" };
  const mapped = {
    path: "/weights.bin",
    startBytes: 0,
    readInto: (into: Uint8Array, offset: number) =>
      into.set(shard.subarray(offset, offset + into.length)),
  };
  const onDisk = { ...memorySource("weights.bin", shard), size: 1 << 27, mapped };
  const { groups } = await readModelJson(sourceOf(files));
  const [group] = groupsOf([
    {
      paths: ["weights.bin"],
      weights: [
        { name: "small", shape: [1], dtype: "float32" },
        { name: "large", shape: [count], dtype: "float32" },
        padding,
      ],
    },
  ]);
  expect(groups[0]!.weights).toEqual(group!.weights.slice(0, 2));
  const model = memorySource("model.json", new Uint8Array(), async () => onDisk);
  const [small, large] = await openWeights([group!], model);
  expect((await small!.read()).file).toBeUndefined();
  const read = await large!.read();
  expect(read.file).toEqual({ path: "/weights.bin", offsetBytes: 4 });
  expect(toNumbers(read)).toEqual(values);
});

describe("what is refused", () => {
  const files = savedFiles(topology, [floats("a", [1, 2, 3])], { shardBytes: 8 });

  test("a missing file, by its name and where it was looked for", async () => {
    const missing = new Map(files);
    missing.delete("group1-shard2of2.bin");
    await expect(weightsIn(sourceOf(missing))).rejects.toThrow(
      'tfjs: the weights in "group1-shard2of2.bin" must lie beside "model.json", got no such file.',
    );
  });

  test("a file that stands for several, as it would be read for each of them", async () => {
    const [a, b] = [floats("a", [1, 2]), floats("b", [3, 4])];
    const saved = savedFiles(topology, [a, b], { groupSize: 1 });
    const json = new TextDecoder().decode(saved.get("model.json"));
    const renamed = json.replaceAll(/group(\d)-shard1of1/g, "$1/shard");
    const [one, two] = [1, 2].map((i) => saved.get(`group${i}-shard1of1.bin`)!);
    const text = ["model.json", new TextEncoder().encode(renamed)] as const;
    const apart = new Map([text, ["1/shard.bin", one!] as const, ["2/shard.bin", two!] as const]);
    const read = await readAll(sourceOf(apart));
    expect([read["a"], read["b"]].map((each) => toNumbers(each!))).toEqual([
      [1, 2],
      [3, 4],
    ]);
    await expect(weightsIn(sourceOf(new Map([text, ["shard.bin", one!]])))).rejects.toThrow(
      'each file of weights must be named once, got "shard.bin" again as "2/shard.bin"',
    );
  });

  test("packed files that together expand to far more than they are", async () => {
    const zeros = gzipSync(new Uint8Array(2 ** 25));
    const paths = ["a", "b", "c"];
    const weights = [{ name: "w", shape: [3 * 2 ** 23], dtype: "float32" }];
    const source = sourceOf(new Map(["model.json", ...paths].map((path) => [path, zeros])));
    const opening = openWeights(groupsOf([{ paths, weights }]), source);
    await expect(opening).rejects.toThrow("gzip: an archive must be whole, got more than 0 bytes");
  });

  test("a manifest of weights without files", async () => {
    const weights = [{ name: "w", shape: [3], dtype: "float32" }];
    const opening = openWeights(groupsOf([{ paths: [], weights }]), sourceOf(files));
    await expect(opening).rejects.toThrow("of 12 bytes of weights must name their files, got none");
  });

  test.each([
    ["shorter", 3, "must have 12 bytes, got 11. check that the download is complete."],
    ["longer", 5, "must have 12 bytes, got 13. check that the download is complete."],
  ])("files that are %s than their weights", async (_, length, message) => {
    const other = new Map(files).set("group1-shard2of2.bin", new Uint8Array(length));
    await expect(weightsIn(sourceOf(other))).rejects.toThrow(message);
  });

  test.each([
    [{ dtype: "float64" }, "a weight must have a name, a shape, a dtype"],
    [{ shape: [-1] }, "a weight must have a name, a shape, a dtype"],
    [{ shape: [2 ** 30, 2 ** 30] }, "must have a shape that fits in memory"],
    [{ quantization: { dtype: "uint4" } }, "a weight must have a name, a shape, a dtype"],
    [{ quantization: { dtype: "uint8" } }, "a weight must have a name, a shape, a dtype"],
    [
      { dtype: "int32", quantization: { dtype: "float16" } },
      "must be floats to be stored as float16",
    ],
    [{ shape: [2 ** 40] }, "must have 4398046511104 bytes, got 12"],
    [{ dtype: "string", shape: [2 ** 40] }, 'weight "a" must end within its files'],
  ])("a manifest's entry with %j", async (change, message) => {
    const entry = { name: "a", shape: [3], dtype: "float32", ...change };
    const manifest = [
      { paths: ["group1-shard1of2.bin", "group1-shard2of2.bin"], weights: [entry] },
    ];
    const open = async () => openWeights(groupsOf(manifest), sourceOf(files));
    await expect(open()).rejects.toThrow(message);
  });

  test("numbers that are complex, when they are asked for", async () => {
    const entry = { name: "a", shape: [1], dtype: "complex64" };
    const groups = groupsOf([{ paths: ["group1-shard1of2.bin"], weights: [entry] }]);
    const [weight] = await openWeights(groups, sourceOf(files));
    await expect(weight!.read()).rejects.toThrow(
      'weight "a" must have real numbers, got complex64',
    );
  });
});
