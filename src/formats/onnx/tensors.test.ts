import { create, type MessageInitShape, type UnknownField } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { describe, expect, test } from "vitest";
import { LimpidError } from "../../errors.ts";
import { tensor, tensorOf, type Tensor } from "../../graph/tensor.ts";
import { externalInMemory } from "./external-data.ts";
import { SparseTensorProtoSchema, TensorProtoSchema } from "../../../test/onnx/onnx_pb.ts";
import { TensorReader, type TensorOptions } from "./tensors.ts";

type TensorInit = MessageInitShape<typeof TensorProtoSchema> & {
  /** Typed lists, which are unknown fields to the schema. */
  readonly list?: UnknownField[];
};

const types = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
  uint4: 21,
  int4: 22,
};

function read({ list, ...init }: TensorInit, options: TensorOptions = {}): Tensor {
  const proto = create(TensorProtoSchema, { name: "w", ...init });
  if (list) proto.$unknown = list;
  return new TensorReader(options).read(proto);
}

/** A typed list as one packed field. */
function packed(no: number, write: (writer: BinaryWriter) => void): UnknownField[] {
  const content = new BinaryWriter();
  write(content);
  const data = new BinaryWriter().bytes(content.finish()).finish();
  return [{ no, wireType: WireType.LengthDelimited, data }];
}

/** A typed list with one field a number. */
function unpacked(
  no: number,
  wireType: WireType,
  ...writes: ((writer: BinaryWriter) => void)[]
): UnknownField[] {
  return writes.map((write) => {
    const writer = new BinaryWriter();
    write(writer);
    return { no, wireType, data: writer.finish() };
  });
}

const bytesOf = (data: { buffer: ArrayBufferLike }) => new Uint8Array(data.buffer as ArrayBuffer);

describe("bytes as they lie", () => {
  test.each<[keyof typeof types, Exclude<Tensor["data"], string[]>]>([
    ["float32", Float32Array.of(1.5, -2, Number.NaN)],
    ["float64", Float64Array.of(1e300, -2, 0)],
    ["float16", Uint16Array.of(0x3c00, 1, 2)],
    ["bfloat16", Uint16Array.of(0x3f80, 1, 2)],
    ["int8", Int8Array.of(-128, 0, 127)],
    ["int16", Int16Array.of(-32768, 0, 32767)],
    ["int32", Int32Array.of(-(2 ** 31), 0, 5)],
    ["int64", BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n)],
    ["uint8", Uint8Array.of(0, 7, 255)],
    ["uint16", Uint16Array.of(0, 7, 65535)],
    ["uint32", Uint32Array.of(0, 7, 2 ** 32 - 1)],
    ["uint64", BigUint64Array.of(0n, 7n, 2n ** 64n - 1n)],
    ["bool", Uint8Array.of(0, 1, 1)],
  ])("%s", (type, data) => {
    const value = read({ dataType: types[type], dims: [3n], rawData: bytesOf(data) });
    expect(value).toEqual({ type, dims: [3], data });
    // A view, not a copy.
    expect((value.data as Float32Array).buffer).toBe(data.buffer);
  });

  test("at an odd place they are copied, and what lies before them stays", () => {
    const file = Uint8Array.of(9, ...bytesOf(Float32Array.of(1.5, -2)));
    const value = read({ dataType: 1, dims: [2n], rawData: file.subarray(1) }, { takeOver: true });
    expect(value.data).toEqual(Float32Array.of(1.5, -2));
    expect(file[0]).toBe(9);
  });

  test("a scalar has no dims, an empty tensor no elements", () => {
    expect(read({ dataType: 1, rawData: bytesOf(Float32Array.of(3)) }).dims).toEqual([]);
    expect(read({ dataType: 7, dims: [0n] })).toEqual(tensorOf("int64", [0], []));
    expect(read({ dataType: 1, dims: [2n, 0n] }).data).toEqual(new Float32Array(0));
  });
});

describe("typed lists", () => {
  const floats = (w: BinaryWriter) => w.float(1.5).float(-2).float(0);
  const ints = (w: BinaryWriter) => w.int32(-1).int32(0).int32(1);

  test.each<[string, TensorInit, Tensor]>([
    ["float32", { list: packed(4, floats) }, tensorOf("float32", [3], [1.5, -2, 0])],
    [
      "float64",
      { list: packed(10, (w) => w.double(1e300).double(-2).double(0)) },
      tensorOf("float64", [3], [1e300, -2, 0]),
    ],
    ["int32", { list: packed(5, ints) }, tensorOf("int32", [3], [-1, 0, 1])],
    ["int16", { list: packed(5, ints) }, tensorOf("int16", [3], [-1, 0, 1])],
    ["int8", { list: packed(5, ints) }, tensorOf("int8", [3], [-1, 0, 1])],
    [
      "uint16",
      { list: packed(5, (w) => w.int32(65535).int32(0).int32(1)) },
      tensorOf("uint16", [3], [65535, 0, 1]),
    ],
    [
      "uint8",
      { list: packed(5, (w) => w.int32(255).int32(0).int32(1)) },
      tensorOf("uint8", [3], [255, 0, 1]),
    ],
    [
      "bool",
      { list: packed(5, (w) => w.int32(1).int32(0).int32(1)) },
      tensorOf("bool", [3], [1, 0, 1]),
    ],
    [
      "float16",
      { list: packed(5, (w) => w.int32(0x3c00).int32(0xc000).int32(0)) },
      tensor("float16", [3], Uint16Array.of(0x3c00, 0xc000, 0)),
    ],
    [
      "bfloat16",
      { list: packed(5, (w) => w.int32(0x3f80).int32(0xc000).int32(0)) },
      tensor("bfloat16", [3], Uint16Array.of(0x3f80, 0xc000, 0)),
    ],
    [
      "int64",
      {
        list: packed(7, (w) =>
          w
            .int64(-(2n ** 63n))
            .int64(0)
            .int64(2n ** 62n),
        ),
      },
      tensor("int64", [3], BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 62n)),
    ],
    [
      "uint64",
      {
        list: packed(11, (w) =>
          w
            .uint64(2n ** 64n - 1n)
            .uint64(0)
            .uint64(7),
        ),
      },
      tensor("uint64", [3], BigUint64Array.of(2n ** 64n - 1n, 0n, 7n)),
    ],
    [
      "uint32",
      {
        list: packed(11, (w) =>
          w
            .uint64(2 ** 32 - 1)
            .uint64(0)
            .uint64(7),
        ),
      },
      tensorOf("uint32", [3], [2 ** 32 - 1, 0, 7]),
    ],
  ])("%s", (type, init, expected) => {
    expect(read({ dataType: types[type as "float32"], dims: [3n], ...init })).toEqual(expected);
  });

  test("one field a number, and several packed pieces", () => {
    const single = unpacked(
      4,
      WireType.Bit32,
      (w) => w.float(1.5),
      (w) => w.float(-2),
    );
    expect(read({ dataType: 1, dims: [2n], list: single }).data).toEqual(Float32Array.of(1.5, -2));
    const pieces = [...packed(7, (w) => w.int64(1).int64(-2)), ...packed(7, (w) => w.int64(3))];
    expect(read({ dataType: 7, dims: [3n], list: pieces }).data).toEqual(
      BigInt64Array.of(1n, -2n, 3n),
    );
  });

  test("texts", () => {
    const stringData = ["", "Füße"].map((text) => new TextEncoder().encode(text));
    expect(read({ dataType: types.string, dims: [2n], stringData })).toEqual(
      tensor("string", [2], ["", "Füße"]),
    );
  });
});

test("numbers of four bits fill bytes, the lower half first", () => {
  const rawData = Uint8Array.of(0x8f, 0x07);
  const signed = read({ dataType: types.int4, dims: [3n], rawData });
  expect(signed).toEqual(tensorOf("int8", [3], [-1, -8, 7]));
  const unsigned = read({ dataType: types.uint4, dims: [3n], rawData });
  expect(unsigned).toEqual(tensorOf("uint8", [3], [15, 8, 7]));
  const list = packed(5, (w) => w.int32(0x8f).int32(0x07));
  const listed = read({ dataType: types.int4, dims: [3n], list: list });
  expect(listed.data).toEqual(Int8Array.of(-1, -8, 7));
});

describe("sparse tensors", () => {
  const sparse = (init: MessageInitShape<typeof SparseTensorProtoSchema>) =>
    new TensorReader().readSparse(create(SparseTensorProtoSchema, init));
  const values = { dataType: 1, dims: [2n], rawData: bytesOf(Float32Array.of(5, 6)), name: "s" };
  const indices = (dims: readonly bigint[], ...numbers: bigint[]) => ({
    dataType: 7,
    dims: [...dims],
    rawData: bytesOf(BigInt64Array.from(numbers)),
  });

  test("are written out, their places counted in one or by axis", () => {
    const expected = tensorOf("float32", [2, 3], [0, 0, 5, 0, 6, 0]);
    expect(sparse({ values, indices: indices([2n], 2n, 4n), dims: [2n, 3n] })).toEqual(expected);
    const byAxis = indices([2n, 2n], 0n, 2n, 1n, 1n);
    expect(sparse({ values, indices: byAxis, dims: [2n, 3n] })).toEqual(expected);
  });

  test.each([
    ["a place outside", { values, indices: indices([2n], 2n, 6n), dims: [2n, 3n] }, /got 6 on/],
    ["a place below", { values, indices: indices([2n], 2n, -1n), dims: [2n, 3n] }, /got -1 on/],
    ["too few places", { values, indices: indices([1n], 2n), dims: [2n, 3n] }, /for 2 values/],
    ["no places", { values, dims: [2n, 3n] }, /values and indices/],
    [
      "a size that fills memory",
      { values, indices: indices([2n], 2n, 4n), dims: [1n << 40n] },
      /at most 134217728/,
    ],
  ])("with %s are refused", (_, init, message) => {
    expect(() => sparse(init)).toThrow(LimpidError);
    expect(() => sparse(init)).toThrow(message);
  });
});

describe("data files beside the model", () => {
  const file = bytesOf(Float32Array.of(1, 2, 3, 4));
  const stored = (entries: Record<string, string>): TensorInit => ({
    dataType: 1,
    dims: [2n],
    dataLocation: 1,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
  });

  test("are asked for once, and looked into without a copy", () => {
    const asked: string[] = [];
    const external = (location: string) => {
      asked.push(location);
      return file;
    };
    const reader = new TensorReader({ external: externalInMemory(external) });
    const at = (offset: string) =>
      reader.read(create(TensorProtoSchema, stored({ location: "w.bin", offset, length: "8" })));
    expect(at("4").data).toEqual(Float32Array.of(2, 3));
    expect(at("8").data).toEqual(Float32Array.of(3, 4));
    expect((at("0").data as Float32Array).buffer).toBe(file.buffer);
    expect(asked).toEqual(["w.bin"]);
  });

  test("are whole where no length is said", () => {
    const value = read(
      { ...stored({ location: "w", offset: "8" }) },
      { external: externalInMemory(() => file) },
    );
    expect(value.data).toEqual(Float32Array.of(3, 4));
  });

  test.each([
    ["past its end", { location: "w", offset: "12", length: "8" }, /inside the 16 bytes of "w"/],
    ["before its start", { location: "w", offset: "-4", length: "8" }, /inside the 16 bytes/],
    ["at no number", { location: "w", offset: "x", length: "8" }, /inside the 16 bytes/],
    ["in too few bytes", { location: "w", offset: "8", length: "4" }, /in 8 bytes, got 4/],
  ])("are refused %s", (_, entries, message) => {
    expect(() => read(stored(entries), { external: externalInMemory(() => file) })).toThrow(
      LimpidError,
    );
    expect(() => read(stored(entries), { external: externalInMemory(() => file) })).toThrow(
      message,
    );
  });

  test("must be given", () => {
    expect(() => read(stored({ location: "w.bin" }))).toThrow(
      'tensor "w" must find its data file "w.bin", got none. give the data file with the model',
    );
  });
});

describe("broken tensors are refused, and nothing is made room for", () => {
  test.each<[string, TensorInit, RegExp]>([
    [
      "too few bytes",
      { dataType: 1, dims: [3n], rawData: new Uint8Array(8) },
      /in 12 bytes, got 8/,
    ],
    [
      "too many bytes",
      { dataType: 1, dims: [1n], rawData: new Uint8Array(8) },
      /in 4 bytes, got 8/,
    ],
    ["no bytes", { dataType: 1, dims: [1n << 40n] }, /in 4398046511104 bytes, got 0/],
    ["no numbers", { dataType: 7, dims: [1n << 40n] }, /must hold 1099511627776 numbers/],
    ["no texts", { dataType: 8, dims: [1n << 40n] }, /must hold 1099511627776 texts, got 0/],
    ["no half bytes", { dataType: 22, dims: [1n << 40n] }, /must be int8/],
    ["sizes past all numbers", { dataType: 1, dims: [1n << 40n, 1n << 40n] }, /must have a shape/],
    ["a negative size", { dataType: 1, dims: [-3n, -1n] }, /must have a shape, got \[-3, -1\]/],
    [
      "too many numbers",
      { dataType: 7, dims: [1n], list: packed(7, (w) => w.int64(1).int64(2)) },
      /must hold 1 numbers.*got 2/,
    ],
    [
      "a number cut in two",
      { dataType: 7, dims: [1n], list: packed(7, (w) => w.raw(Uint8Array.of(1, 0x80))) },
      /must hold 1 numbers/,
    ],
    [
      "a number of 11 bytes",
      {
        dataType: 7,
        dims: [1n],
        list: packed(7, (w) => w.raw(Uint8Array.from([...Array<number>(11).fill(0x80), 1]))),
      },
      /broken/,
    ],
    ["float8", { dataType: 17, dims: [1n], rawData: new Uint8Array(1) }, /got float8e4m3fn/],
    ["complex numbers", { dataType: 14, dims: [1n], rawData: new Uint8Array(8) }, /got complex64/],
    ["no type", { dims: [1n], rawData: new Uint8Array(4) }, /got none/],
    ["a type of the future", { dataType: 99, dims: [1n] }, /got number 99/],
  ])("%s", (_, init, message) => {
    expect(() => read(init)).toThrow(LimpidError);
    expect(() => read(init)).toThrow(message);
  });
});
