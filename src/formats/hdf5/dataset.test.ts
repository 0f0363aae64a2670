/** @file Datasets of every type, in memory without a second copy, and on disk where their file is large. */
import { describe, expect, test } from "vitest";
import { writtenHdf5 } from "../../../test/hdf5/written-hdf5.ts";
import { toNumbers } from "../../graph/tensor.ts";
import { memorySource, type ByteSource } from "../source.ts";
import { Cursor } from "./cursor.ts";
import { readDatatype } from "./datatype.ts";
import type { Hdf5Dataset } from "./group.ts";
import { openHdf5 } from "./open.ts";

async function datasetOf(source: ByteSource): Promise<Hdf5Dataset> {
  return (await (await openHdf5(source)).dataset("a"))!;
}

/** The bytes with the one place that starts like `from` replaced. */
function replaced(bytes: Uint8Array, from: readonly number[], to: readonly number[]): Uint8Array {
  const at = Buffer.from(bytes).indexOf(Uint8Array.from(from));
  expect(at).toBeGreaterThan(0);
  const result = bytes.slice();
  result.set(to, at);
  return result;
}

const values = [0, 1, -2.5, 1 / 3, 65504];
/** A datatype message of float32. */
const float32 = [0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0];
const float16 = [0x11, 0x20, 15, 0, 2, 0, 0, 0, 0, 0, 16, 0, 10, 5, 0, 10, 15, 0, 0, 0];
const bfloat16 = [0x11, 0x20, 15, 0, 2, 0, 0, 0, 0, 0, 16, 0, 7, 8, 0, 7, 127, 0, 0, 0];

async function written(data: Float32Array | Uint16Array): Promise<Uint8Array> {
  const libver = ["earliest", "latest"] as const;
  return writtenHdf5((file) => void file.create_dataset({ name: "a", data }), {
    libver: [...libver],
  });
}

/** A file whose datatype is another one, and whose data these bytes. */
async function retyped(type: readonly number[], stored: Uint8Array): Promise<Uint8Array> {
  const bytes = await written(Float32Array.from(values));
  const data = [...new Uint8Array(Float32Array.from(values).buffer)];
  return replaced(replaced(bytes, float32, type), data, [...stored]);
}

const halves = Uint16Array.of(0, 0x3c00, 0xc100, 0x3555, 0x7bff);
const brain = Uint16Array.of(0, 0x3f80, 0xc020, 0x3eab, 0x477f);

describe("types that the C library in JavaScript does not have", () => {
  test("float16", async () => {
    const dataset = await datasetOf(
      memorySource("f", await retyped(float16, new Uint8Array(halves.buffer))),
    );
    expect(dataset.type).toBe("float16");
    expect((await dataset.read()).data).toEqual(halves);
  });

  test("bfloat16, of HDF5's own and as Keras marks it", async () => {
    const own = await datasetOf(
      memorySource("f", await retyped(bfloat16, new Uint8Array(brain.buffer))),
    );
    expect(own.type).toBe("bfloat16");
    expect((await own.read()).data).toEqual(brain);
    const marked = await writtenHdf5((file) => {
      file.create_dataset({ name: "a", data: brain }).create_attribute("dtype", "bfloat16");
    });
    const dataset = await datasetOf(memorySource("f", marked));
    expect(dataset.type).toBe("bfloat16");
    expect(toNumbers(await dataset.read()).slice(0, 3)).toEqual([0, 1, -2.5]);
  });

  test("numbers whose higher bytes come first", async () => {
    const turned = new Uint8Array(20);
    const view = new DataView(turned.buffer);
    for (const [i, value] of values.entries()) view.setFloat32(4 * i, value);
    const bytes = await retyped([0x11, 0x21, ...float32.slice(2)], turned);
    const { type, data } = await (await datasetOf(memorySource("f", bytes))).read();
    expect([type, data]).toEqual(["float32", Float32Array.from(values)]);
  });

  test.each([1, 3])("truth of h5py, an enumeration of version %d", (version) => {
    const fill = version < 3 ? 8 : 0;
    const names = ["FALSE", "TRUE"].map((name) => `${name}\0`.padEnd(fill, "\0")).join("");
    const int8 = [0x10, 8, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0];
    const letters = Array.from(names, (letter) => letter.charCodeAt(0));
    const message = (values: readonly number[]) =>
      new Cursor(
        Uint8Array.of(version * 16 + 8, 2, 0, 0, 1, 0, 0, 0, ...int8, ...letters, ...values),
        { address: 8, length: 8 },
      );
    expect(readDatatype(message([0, 1]))).toMatchObject({ kind: "numbers", type: "bool", size: 1 });
    expect(readDatatype(message([0, 2]))).toMatchObject({ kind: "numbers", type: "int8", size: 1 });
  });
});

/** A source that says how often its bytes are read, and how many. */
function counted(bytes: Uint8Array): ByteSource & { readonly log: number[] } {
  const log: number[] = [];
  const source = memorySource("file.h5", bytes);
  const read: ByteSource["read"] = (offset, length) => {
    log.push(length);
    return source.read(offset, length);
  };
  return { ...source, read, log };
}

test("only what is asked for is read, and its bytes become the tensor", async () => {
  const data = Float32Array.from({ length: 200_000 }, (_, i) => i);
  const bytes = await writtenHdf5((file) => {
    for (const name of ["a", "b", "c"]) file.create_dataset({ name, data });
  });
  const source = counted(bytes);
  const dataset = await datasetOf(source);
  expect(source.log.reduce((sum, length) => sum + length, 0)).toBeLessThan(100_000);
  source.log.length = 0;
  const value = await dataset.read();
  expect(source.log).toEqual([data.byteLength]);
  expect(value.data).toEqual(data);
  expect((value.data as Float32Array).byteOffset).toBe(0);
  expect(new Float32Array(bytes.slice(dataset.fileOffset, dataset.fileOffset! + 8).buffer)[1]).toBe(
    1,
  );
});

describe("a large file that can be mapped", () => {
  const data = Float32Array.from({ length: 70_000 }, (_, i) => i);

  async function mappedSource(startBytes: number): Promise<ByteSource> {
    const bytes = await written(data);
    const mapped = {
      path: "/large.zip",
      startBytes,
      readInto: (into: Uint8Array, offset: number) =>
        into.set(bytes.subarray(offset, offset + into.length)),
    };
    return { ...memorySource("large.h5", bytes), size: 2 ** 28, mapped };
  }

  test("its large weights stay there", async () => {
    const dataset = await datasetOf(await mappedSource(4));
    const value = await dataset.read();
    expect(value.file).toEqual({ path: "/large.zip", offsetBytes: 4 + dataset.fileOffset! });
    expect(value.data).toEqual(data);
  });

  test("what lies at odd places is copied", async () => {
    const value = await (await datasetOf(await mappedSource(3))).read();
    expect(value.file).toBeUndefined();
    expect(value.data).toEqual(data);
  });
});
