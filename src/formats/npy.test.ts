import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LimpidError } from "../errors.ts";
import { arrayType, elementCount, tensor, tensorOf, type Tensor } from "../graph/tensor.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";

/** An .npy file as NumPy 1.24 writes it: the header padded with spaces to 128 bytes, then the elements. */
function file(version: 1 | 2 | 3, header: string, elements: readonly number[]): Uint8Array {
  const start = version === 1 ? 10 : 12;
  const bytes = new Uint8Array(128 + elements.length).fill(0x20, 0, 128);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), version, 0, 128 - start, 0]);
  if (version > 1) bytes.set([0, 0], 10);
  bytes.set(new TextEncoder().encode(header), start);
  bytes[127] = 0x0a;
  bytes.set(elements, 128);
  return bytes;
}

describe("files that NumPy wrote", () => {
  test.each<readonly [string, Uint8Array, Tensor]>([
    [
      "float32 in C order",
      file(
        1,
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
        [0, 0, 192, 63, 0, 0, 0, 192, 0, 0, 64, 64, 0, 0, 128, 64, 0, 0, 160, 64, 0, 0, 192, 64],
      ),
      tensorOf("float32", [2, 3], [1.5, -2, 3, 4, 5, 6]),
    ],
    [
      "float64, big-endian, in Fortran order",
      file(
        1,
        "{'descr': '>f8', 'fortran_order': True, 'shape': (2, 3), }",
        [
          [63, 240],
          [64, 16],
          [64, 0],
          [64, 20],
          [64, 8],
          [64, 24],
        ].flatMap((upper) => [...upper, 0, 0, 0, 0, 0, 0]),
      ),
      tensorOf("float64", [2, 3], [1, 2, 3, 4, 5, 6]),
    ],
    [
      "a scalar",
      file(
        1,
        "{'descr': '<i8', 'fortran_order': False, 'shape': (), }",
        [249, 255, 255, 255, 255, 255, 255, 255],
      ),
      tensorOf("int64", [], [-7]),
    ],
    [
      "bool",
      file(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }", [1, 0, 1]),
      tensor("bool", [3], Uint8Array.of(1, 0, 1)),
    ],
    [
      "version 2",
      file(2, "{'descr': '<u2', 'fortran_order': False, 'shape': (2,), }", [1, 0, 2, 0]),
      tensorOf("uint16", [2], [1, 2]),
    ],
    [
      "version 3",
      file(3, "{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }", [0, 62, 0, 180]),
      tensor("float16", [2], Uint16Array.of(0x3e00, 0xb400)),
    ],
    [
      "an empty array",
      file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3), }", []),
      tensorOf("float32", [0, 3], []),
    ],
    [
      "of Python 2",
      file(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 1L), }", [7, 9]),
      tensorOf("uint8", [2, 1], [7, 9]),
    ],
  ])("%s", (_, bytes, expected) => {
    expect(decodeNpy(bytes)).toEqual(expected);
  });

  test("are what encodeNpy writes, byte for byte", () => {
    expect(encodeNpy(tensorOf("float32", [2, 3], [1.5, -2, 3, 4, 5, 6]))).toEqual(
      file(
        1,
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
        [0, 0, 192, 63, 0, 0, 0, 192, 0, 0, 64, 64, 0, 0, 128, 64, 0, 0, 160, 64, 0, 0, 192, 64],
      ),
    );
    expect(encodeNpy(tensor("bool", [3], Uint8Array.of(1, 0, 1)))).toEqual(
      file(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }", [1, 0, 1]),
    );
    expect(encodeNpy(tensorOf("int64", [], [-7]))).toEqual(
      file(
        1,
        "{'descr': '<i8', 'fortran_order': False, 'shape': (), }",
        [249, 255, 255, 255, 255, 255, 255, 255],
      ),
    );
  });
});

const types = [
  "float16",
  "float32",
  "float64",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "bool",
] as const;

/** Tensors of every type and up to five axes, with any bits as elements. */
const anyTensor = fc
  .record({
    type: fc.constantFrom(...types),
    dims: fc.array(fc.nat(4), { maxLength: 5 }),
    bits: fc.infiniteStream(fc.nat(255)),
  })
  .map(({ type, dims, bits }) => {
    const Type = arrayType(type);
    const count = elementCount(dims);
    const bytes = Uint8Array.from({ length: count * Type.BYTES_PER_ELEMENT }, () => {
      return bits.next().value as number;
    });
    return tensor(type, dims, new Type(bytes.buffer) as never);
  });

function bytesOf(value: Tensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = value.data as Uint8Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

test("every tensor comes back with its type, shape and bits", () => {
  fc.assert(
    fc.property(anyTensor, (value) => {
      const written = encodeNpy(value);
      expect((written.length - bytesOf(value).length) % 64).toBe(0);
      // From an odd place in a larger buffer, as a part of a file may lie.
      const shifted = new Uint8Array(written.length + 3).subarray(3);
      shifted.set(written);
      const read = decodeNpy(shifted);
      expect([read.type, read.dims]).toEqual([value.type, value.dims]);
      expect(bytesOf(read)).toEqual(bytesOf(value));
    }),
  );
});

test("a part of a larger array is written alone", () => {
  const part = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
  expect(decodeNpy(encodeNpy(tensor("float32", [2], part)))).toEqual(
    tensorOf("float32", [2], [1, 2]),
  );
});

describe("what cannot be read is refused", () => {
  const good = file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", [0, 0, 0, 0]);
  const headed = (header: string) => file(1, header, [0, 0, 0, 0]);
  test.each<readonly [string, Uint8Array]>([
    ["the file must start with NumPy's signature, got other bytes", new Uint8Array(200)],
    ["the file must start with NumPy's signature, got other bytes", good.subarray(0, 3)],
    ["the header must be whole, got 9 bytes", good.subarray(0, 9)],
    ["the header needs 118 bytes, got 50", good.subarray(0, 60)],
    ["the format's version must be 1 to 3, got 9", good.with(6, 9)],
    ["shape [1] needs 4 bytes, got 3", good.subarray(0, 131)],
    [
      "shape [100000, 100000] needs 40000000000 bytes, got 4",
      headed("{'descr': '<f4', 'fortran_order': False, 'shape': (100000, 100000), }"),
    ],
    [
      "the header must name real numbers, their order and a shape, got \"{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }\"",
      headed("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }"),
    ],
    ["the header must name real numbers", headed("{'descr': '|O', 'fortran_order': False, }")],
    ["the header must name real numbers", headed("{'descr': '<f4', 'shape': (1 2,), }")],
    [
      "the header must name real numbers",
      headed("{'descr': '<f4', 'fortran_order': False, 'shape': (1 2,), }"),
    ],
    [
      "the header must name real numbers",
      headed("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }"),
    ],
  ])("%s", (message, bytes) => {
    expect(() => decodeNpy(bytes, "x.npy")).toThrow(`npy: "x.npy": ${message}`);
    expect(() => decodeNpy(bytes)).toThrow(`npy: ${message}`);
  });

  test("whatever the bytes, it is a tensor or a LimpidError", () => {
    const whole = file(
      1,
      "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 1), }",
      [1, 2, 3, 4],
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(131), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        fc.nat(132),
        (changes, length) => {
          const broken = whole.slice();
          for (const [at, value] of changes) broken[at] = value;
          try {
            const { data, dims } = decodeNpy(broken.subarray(0, length));
            expect(data.length).toBe(elementCount(dims));
          } catch (error) {
            expect(error).toBeInstanceOf(LimpidError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("text and bfloat16 are not written", () => {
    expect(() => encodeNpy(tensor("bfloat16", [1], Uint16Array.of(0)))).toThrow(
      "npy: the tensor must have a number type that NumPy has, got bfloat16. convert it to float32.",
    );
    expect(() => encodeNpy(tensor("string", [1], ["a"]))).toThrow("got string");
  });
});
