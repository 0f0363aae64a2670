/** @file Files of all versions that the C library writes are read as it reads them. */
import * as fc from "fast-check";
import { unzipSync } from "fflate";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describedByUs } from "../../../test/hdf5/described.ts";
import {
  describedByLibrary,
  writtenHdf5,
  type WritingOptions,
  type WrittenGroup,
} from "../../../test/hdf5/written-hdf5.ts";
import { memorySource } from "../source.ts";
import { openHdf5 } from "./open.ts";

async function expectAgreement(bytes: Uint8Array): Promise<void> {
  expect(await describedByUs(bytes)).toEqual(await describedByLibrary(bytes));
}

/** Makes one attribute, dataset or group of a name. */
type Part = (group: WrittenGroup, name: string) => void;

const dims = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
const arrays = [
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
] as const;

/** Numbers of any type in a shape. */
const numbers = fc
  .tuple(dims, fc.nat(arrays.length + 1), fc.nat(1000))
  .map(([shape, kind, first]) => {
    const count = shape.reduce((product, dim) => product * dim, 1);
    const Small = (arrays[kind] ?? Int8Array) as typeof Float32Array;
    const Wide = (kind === arrays.length ? BigInt64Array : BigUint64Array) as typeof BigInt64Array;
    const small = Array.from({ length: count }, (_, i) => (first + i * 7) % 120);
    const wide = Array.from({ length: count }, (_, i) => BigInt(first + i) ** 5n);
    return { shape, data: kind < arrays.length ? Small.from(small) : Wide.from(wide) };
  });

const text = fc.string({ unit: "grapheme", maxLength: 30 }).filter((word) => !word.includes("\0"));
const texts = fc.array(text, { minLength: 1, maxLength: 6 });

const attribute: fc.Arbitrary<Part> = fc.oneof(
  numbers.map(
    ({ shape, data }): Part =>
      (into, name) =>
        into.create_attribute(name, data, shape),
  ),
  fc.oneof(text, fc.constant("long ".repeat(40_000))).map(
    (value): Part =>
      (into, name) =>
        into.create_attribute(name, value, null, "S"),
  ),
  texts.map(
    (values): Part =>
      (into, name) =>
        into.create_attribute(name, values, null, "S"),
  ),
  texts.map(
    (values): Part =>
      (into, name) =>
        into.create_attribute(name, values, null, "S7"),
  ),
);

/** gzip, shuffle, Fletcher's checksum; 0 for none. */
const filters = [0, 1, 1, 2, 3] as const;

const dataset: fc.Arbitrary<Part> = fc
  .tuple(numbers, fc.boolean(), fc.constantFrom(...filters), fc.integer({ min: 1, max: 4 }))
  .map(([{ shape, data }, isChunked, filter, size]): Part => (into, name) => {
    const chunks = isChunked && shape.length > 0 ? shape.map(() => size) : null;
    const options = filter === 3 ? [] : [data.BYTES_PER_ELEMENT];
    const packed = chunks && filter > 0 ? { compression: filter, compression_opts: options } : {};
    const maxshape = chunks && shape.map(() => null);
    into.create_dataset({ name, data, shape, chunks, maxshape, ...packed });
  });

const textDataset: fc.Arbitrary<Part> = texts.map((data) => (into, name) => {
  into.create_dataset({ name, data, dtype: "S" });
});

/** A group that holds so many of what is drawn. */
const group = (depth: number): fc.Arbitrary<Part> =>
  fc
    .tuple(
      fc.array(attribute, { maxLength: 3 }),
      fc.array(fc.oneof(dataset, textDataset, ...(depth > 0 ? [group(depth - 1)] : [])), {
        maxLength: 4,
      }),
      fc.constantFrom(1, 1, 1, 9, 40),
      fc.boolean(),
    )
    .map(([attributes, parts, times, keepsOrder]): Part => (outer, name) => {
      const made = outer.create_group(name, keepsOrder);
      fill(made, attributes, parts, times);
    });

function fill(
  into: WrittenGroup,
  attributes: readonly Part[],
  parts: readonly Part[],
  times: number,
) {
  for (let time = 0; time < times; time++) {
    for (const [i, add] of attributes.entries()) add(into, `attribute ${i} ${time}`);
    for (const [i, add] of parts.entries()) add(into, `part é${i} ${time}`);
  }
}

/** Files in the versions of HDF5; later ones list chunks in a way that is refused. */
const versions: fc.Arbitrary<WritingOptions> = fc
  .tuple(
    fc.constantFrom<WritingOptions>({ libver: ["earliest", "latest"] }, { libver: "v108" }),
    fc.boolean(),
  )
  .map(([options, track_order]) => ({ ...options, track_order }));

test("drawn trees of groups, attributes and datasets", () => {
  const drawn = fc.asyncProperty(
    versions,
    fc.array(attribute, { maxLength: 12 }),
    group(2),
    async (options, attributes, part) => {
      const bytes = await writtenHdf5((file) => fill(file, attributes, [part], 1), options);
      await expectAgreement(bytes);
    },
  );
  return fc.assert(drawn, { numRuns: 20 });
});

/** By the oldest version that must read a file, as h5py says it; the superblock has a version of its own. */
const superblocks = { earliest: 0, v108: 2, v110: 3, v112: 3, v114: 3, v200: 3 } as const;
const allVersions = Object.keys(superblocks) as readonly (keyof typeof superblocks)[];

describe.each(allVersions)("all that Keras writes, as version %s", (low) => {
  test.each([true, false])("groups that keep their order: %s", async (track_order) => {
    const bytes = await writtenHdf5(
      (file) => {
        const layers = file.create_group("layers", track_order);
        for (let i = 0; i < 320; i++) layers.create_group(`dense_${i}`, track_order);
        const vars = layers.create_group("conv2d", track_order).create_group("vars", track_order);
        for (const [i, shape] of [[3, 3, 1, 4], [4], []].entries()) {
          const data = Float32Array.from(
            { length: shape.reduce((a, b) => a * b, 1) },
            (_, k) => k / 8,
          );
          vars.create_dataset({ name: `${i}`, data, shape });
        }
        // Larger than what a header, and than what a block of a heap takes.
        for (let i = 0; i < 12; i++)
          vars.create_attribute(`a${i}`, "text ".repeat(i * 100), null, "S");
        file.create_attribute("model_config", "{}".repeat(100_000), null, "S");
        const names = Array.from({ length: 400 }, (_, i) => `layer_${i}`);
        file.create_attribute("layer_names", names, null, "S12");
        if (low !== "earliest") file.create_attribute("wide", names, null, `S300`);
      },
      { libver: [low, "latest"], track_order },
    );
    await expectAgreement(bytes);
    expect(bytes[8]).toBe(superblocks[low]);
  });
});

test("a group keeps its order if it says so, and is read by name else", async () => {
  const order = ["b", "c", "a"];
  for (const [track_order, wanted] of [
    [true, order],
    [false, order.toSorted()],
  ] as const) {
    const bytes = await writtenHdf5(
      (file) => {
        for (const name of order) file.create_group(name);
      },
      { track_order },
    );
    const root = await openHdf5(memorySource("file.h5", bytes));
    expect(await root.names()).toEqual(wanted);
  }
});

test.each([512, 1024, 8192])("a file behind %d bytes of somebody else's", async (blockBytes) => {
  const bytes = await writtenHdf5((file) => {
    file.create_dataset({ name: "a", data: Float32Array.of(1, 2, 3) });
  });
  const whole = new Uint8Array(blockBytes + bytes.length);
  whole.set(bytes, blockBytes);
  expect(await describedByUs(whole)).toEqual(await describedByLibrary(bytes));
});

test("data that nobody wrote are zeros, or what is told to stand for them", async () => {
  const bytes = await writtenHdf5((file) => {
    const data = Float32Array.from({ length: 12 }, (_, i) => i + 1);
    const grown = file.create_dataset({
      name: "grown",
      data,
      shape: [3, 4],
      chunks: [2, 2],
      maxshape: [null, null],
    });
    grown.resize([5, 7]);
  });
  await expectAgreement(bytes);
  const { data } = (await describedByUs(bytes))["/grown"]!;
  expect(data!.values.slice(28)).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

const mirror = process.env["LIMPID_MIRROR"];
const real = ["mnist_model.keras3.h5", "tf_keras_model.keras2.h5"].map((name) =>
  join(mirror ?? "", "weights/mnist-keras", name),
);
const missing = mirror === undefined || !real.every((path) => existsSync(path));
const reason = "skipped: set LIMPID_MIRROR to a folder with the pretrained networks";
if (missing) process.stdout.write(`Keras's own files are ${reason}\n`);

describe.skipIf(missing)(`Keras's own files (${missing ? reason : "from LIMPID_MIRROR"})`, () => {
  test.each(real)("%s", async (path) => {
    await expectAgreement(new Uint8Array(readFileSync(path)));
  });

  test("mnist_model.keras", async () => {
    const archive = readFileSync(join(mirror!, "weights/mnist-keras/mnist_model.keras"));
    await expectAgreement(unzipSync(archive)["model.weights.h5"]!);
  });
});
