/** @file What a model may say of files beside it: the right bytes, each read once, or a plain refusal. */
import { create } from "@bufbuild/protobuf";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LimpidError } from "../../errors.ts";
import { memorySource, type ByteSource } from "../source.ts";
import { readExternalData } from "./external-data.ts";
import { externalTensors } from "./external-tensors.ts";
import { GraphProtoSchema, TensorProtoSchema } from "../../../test/onnx/onnx_pb.ts";

const contents = Uint8Array.from({ length: 64 }, (_, i) => i);

type Entries = Readonly<Record<string, string>>;

const tensorOf = (entries: Entries) =>
  create(TensorProtoSchema, {
    name: "w",
    dataLocation: 1,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
  });

/** What tensors of these entries get from a folder with "w.bin"; counts the bytes that are read. */
async function readAll(all: readonly Entries[], more: Partial<ByteSource> = {}) {
  const counted = { bytes: 0 };
  const file = memorySource("w.bin", contents);
  const read: ByteSource["read"] = (offset, length) => {
    counted.bytes += length;
    return file.read(offset, length);
  };
  const beside = async (location: string) =>
    location === "w.bin" ? { ...file, read, ...more } : undefined;
  const initializer = all.map(tensorOf);
  const model = { graph: create(GraphProtoSchema, { initializer }), functions: [] };
  const data = await readExternalData(
    externalTensors(model as never),
    memorySource("m", contents, beside),
  );
  return { parts: initializer.map((proto) => data(proto).bytes), counted };
}

const location = "w.bin";

test("parts by offset and length, to the end without a length, shared parts read once", async () => {
  const { parts, counted } = await readAll([
    { location, offset: "0", length: "4" },
    { location, length: "4" },
    { location, offset: "60" },
    { location, offset: "60", length: "4" },
    { location, offset: "64" },
  ]);
  expect(parts.map((part) => [...part])).toEqual([
    [0, 1, 2, 3],
    [0, 1, 2, 3],
    [60, 61, 62, 63],
    [60, 61, 62, 63],
    [],
  ]);
  expect(counted.bytes).toBe(8);
});

test.each<[string, Entries, RegExp]>([
  ["no file", {}, /"w" must name its data file, got none/],
  ["a file without a name", { location: "" }, /"w" must name its data file/],
  ["a file that is not there", { location: "v.bin" }, /must find its data file "v.bin", got none/],
  [
    "more than there is",
    { location, length: "65" },
    /inside the 64 bytes of "w.bin", got 65 bytes at 0/,
  ],
  ["an end behind the end", { location, offset: "61", length: "4" }, /got 4 bytes at 61/],
  ["a place behind the end", { location, offset: "65" }, /got the bytes at 65/],
  ["a negative place", { location, offset: "-4", length: "4" }, /got 4 bytes at -4/],
  ["a negative length", { location, length: "-1" }, /got -1 bytes at 0/],
  [
    "a place of 2^63",
    { location, offset: "9223372036854775808", length: "0" },
    /at 9223372036854775808/,
  ],
  [
    "a length of 2^63 - 1",
    { location, length: "9223372036854775807" },
    /9223372036854775807 bytes/,
  ],
  ["digits of another kind", { location, offset: "0x10" }, /at 0x10/],
  ["an empty number", { location, offset: "" }, /got the bytes at /],
  ["a text without an end", { location, offset: "9".repeat(1e6) }, /at 9{40}\./],
])("%s is refused", async (_, entries, message) => {
  await expect(readAll([entries])).rejects.toThrow(message);
});

test("parts that overlap cannot make more of a file than it is", async () => {
  const overlapping = Array.from({ length: 60 }, (_, i) => ({
    location,
    offset: `${i}`,
    length: "4",
  }));
  await expect(readAll(overlapping)).rejects.toThrow(/side by side in the 64 bytes.*overlap/);
});

test("small parts of a large file on disk are in memory once", async () => {
  let reads = 0;
  const mapped = {
    path: "/w.bin",
    startBytes: 0,
    readInto: (into: Uint8Array, offset: number) => {
      reads += 1;
      into.set(contents.subarray(offset, offset + into.length));
    },
  };
  const same = { location, offset: "8", length: "8" };
  const { parts } = await readAll([same, same, same], { mapped, size: 2 ** 28 });
  expect(new Set(parts).size).toBe(1);
  expect(reads).toBe(1);
});

const number = fc.oneof(
  fc.integer({ min: -70, max: 70 }).map(String),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("NaN", "Infinity", "1e1", " 1", "+1", "1.0", "٣", "0b1", "1_0", "00004"),
);
const anyEntries = fc.record(
  {
    location: fc.oneof({ weight: 5, arbitrary: fc.constant(location) }, fc.string()),
    offset: number,
    length: number,
  },
  { requiredKeys: [] },
);

test("whatever a model says, bytes are the ones it names, and never more than the file's", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyEntries, { minLength: 1, maxLength: 6 }), async (all) => {
      const given = all as readonly Entries[];
      const result = await readAll(given).catch((cause: unknown) => cause);
      if (result instanceof Error) {
        expect(result).toBeInstanceOf(LimpidError);
        expect(result).toMatchObject({ code: "bad-file" });
        return;
      }
      const { parts, counted } = result as Awaited<ReturnType<typeof readAll>>;
      expect(counted.bytes).toBeLessThanOrEqual(contents.length);
      for (const [i, { offset = "0", length }] of given.entries()) {
        const start = Number(offset);
        const end = length === undefined ? contents.length : start + Number(length);
        expect([...parts[i]!]).toEqual([...contents.subarray(start, end)]);
      }
    }),
    { numRuns: 2000 },
  );
});
