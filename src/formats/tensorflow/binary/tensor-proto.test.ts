/** @file Tensors of protocol buffers. */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { expect, test } from "vitest";
import { toNumbers } from "../../../graph/tensor.ts";
import { FillBudget, tensorProto } from "./tensor-proto.ts";

/** A TensorProto of as many 64-bit integers, one by one. */
function longs(...numbers: readonly (bigint | number)[]): Uint8Array {
  const size = new BinaryWriter().tag(1, WireType.Varint).int64(numbers.length).finish();
  const shape = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(size).finish();
  const w = new BinaryWriter().tag(1, WireType.Varint).int32(9);
  w.tag(2, WireType.LengthDelimited).bytes(shape);
  for (const number of numbers) w.tag(10, WireType.Varint).int64(number);
  return w.finish();
}

test("the largest numbers of 64 bits stay the largest ones", () => {
  const [most, least] = [2n ** 63n - 1n, -(2n ** 63n)];
  expect(toNumbers(tensorProto(longs(most, least, -3), new FillBudget()))).toEqual([
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    -3,
  ]);
});
