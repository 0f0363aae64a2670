import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LimpidError } from "../errors.ts";
import { tensor, tensorOf } from "../graph/tensor.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

/** A file of a header as text and a body. */
function file(header: string, body: readonly number[] = []): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

const entry = (part: object) =>
  JSON.stringify({ w: { dtype: "U8", shape: [2], data_offsets: [0, 2], ...part } });

test("tensors of every kind and any name come back, and texts", () => {
  const tensors = {
    a: tensorOf("float64", [2], [0.5, -1]),
    ["__proto__"]: tensorOf("int64", [], [-5]),
    constructor: tensor("bfloat16", [1], Uint16Array.of(0x3f80)),
    none: tensorOf("bool", [0, 3], []),
  };
  const back = decodeSafetensors(encodeSafetensors(tensors, { key: "value" }));
  expect(new Map(Object.entries(back.tensors))).toEqual(new Map(Object.entries(tensors)));
  expect(back.metadata).toEqual({ key: "value" });
});

describe("what does not fit is refused", () => {
  test.each<[string, Uint8Array]>([
    ["the file must start with 8 bytes of header length, got 3 bytes", new Uint8Array(3)],
    ["the header must end inside the file, got 2 bytes of header in 9", file("{}").subarray(0, 9)],
    ["the header must be JSON, got other text", file("{")],
    ["the header must be a JSON object, got another value", file("3")],
    ['__metadata__ must hold texts, got {"a":1}', file('{"__metadata__":{"a":1}}')],
    ["__metadata__ must hold texts, got null", file('{"__metadata__":null}')],
    ['tensor "w" must have a known dtype, a shape and offsets, got null', file('{"w":null}')],
    ['tensor "w" must have a known dtype', file(entry({ dtype: "U9" }), [1, 2])],
    ['tensor "w" must have a known dtype', file(entry({ dtype: "toString" }), [1, 2])],
    ['tensor "w" must have a known dtype', file(entry({ shape: [-1, -2] }), [1, 2])],
    ['tensor "w" must have a known dtype', file(entry({ shape: ["2"] }), [1, 2])],
    ['tensor "w" must have a known dtype', file(entry({ data_offsets: [0] }), [1, 2])],
    ['tensor "w" must have a known dtype', file(entry({ data_offsets: [-2, 0] }), [1, 2])],
    [
      'tensor "w" must hold 2 bytes inside the file, got offsets 0 to 1',
      file(entry({ data_offsets: [0, 1] }), [1, 2]),
    ],
    ['tensor "w" must hold 2 bytes inside the file, got offsets 0 to 2', file(entry({}), [1])],
    ["the header must be a JSON object, got another value", file("[]")],
    ["the header must be JSON, got lists in lists over 100 deep", file("[".repeat(1e5))],
    [
      'tensors must have bytes of their own, got "v" over those of others',
      file(`${entry({}).slice(0, -1)},"v":${entry({}).slice(5)}`, [1, 2, 3]),
    ],
  ])("%s", (message, bytes) => {
    expect(() => decodeSafetensors(bytes)).toThrow(`safetensors: ${message}`);
  });

  test("whatever the bytes, it is tensors or a LimpidError", () => {
    const whole = encodeSafetensors({ w: tensorOf("float32", [2], [1, 2]) }, { key: "value" });
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const broken = whole.slice();
        for (const [at, value] of changes) broken[at] = value;
        try {
          decodeSafetensors(broken);
        } catch (error) {
          expect(error).toBeInstanceOf(LimpidError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
