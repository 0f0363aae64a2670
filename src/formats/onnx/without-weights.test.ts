/** @file A model without its weights is the same model, read in pieces, whatever wrote it. */
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { memorySource } from "../source.ts";
import { readExternalData } from "./external-data.ts";
import { externalTensors } from "./external-tensors.ts";
import {
  ModelProtoSchema,
  TensorProtoSchema,
  type GraphProto,
  type NodeProtoSchema,
  type TensorProto,
} from "../../../test/onnx/onnx_pb.ts";
import type { ModelWithGraph } from "./parse.ts";
import { withoutWeights } from "./without-weights.ts";

/** A tensor of `count` numbers in one of the ways that files hold them, and its elements. */
function tensorOf(name: string, { count, way }: Drawn): TensorProto {
  const elements = elementsOf({ count, way });
  const dataType = way === "doubles" ? 11 : 1;
  const head = create(TensorProtoSchema, { name, dims: [BigInt(count)], dataType });
  const field = { raw: 9, floats: 4, doubles: 10 }[way];
  const data = new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(elements).finish();
  return fromBinary(TensorProtoSchema, Buffer.concat([toBinary(TensorProtoSchema, head), data]));
}

interface Drawn {
  readonly count: number;
  readonly way: "raw" | "floats" | "doubles";
}

function elementsOf({ count, way }: Drawn): Uint8Array {
  const numbers = Array.from({ length: count }, (_, i) => (i * 7 + count) % 251);
  const Type = way === "doubles" ? Float64Array : Float32Array;
  return new Uint8Array(Type.from(numbers).buffer);
}

/** A model with tensors among its weights, in a node, and in the branch of a node. */
function modelOf(weights: TensorProto[], held: TensorProto[], inner: TensorProto[]) {
  const node: MessageInitShape<typeof NodeProtoSchema>[] = [
    ...held.map((t) => ({ opType: "Constant", attribute: [{ name: "value", t }] })),
    { opType: "If", attribute: [{ name: "then_branch", g: { initializer: inner } }] },
  ];
  return create(ModelProtoSchema, {
    producerName: "x".repeat(70_000),
    graph: { name: "g", node, initializer: weights },
    opsetImport: [{ domain: "", version: 21n }],
  });
}

function tensorsOf({ graph }: { graph?: GraphProto | undefined }): TensorProto[] {
  const attributes = graph!.node.flatMap(({ attribute }) => attribute);
  return [
    ...graph!.initializer,
    ...attributes.flatMap(({ t }) => (t ? [t] : [])),
    ...attributes.flatMap(({ g }) => g?.initializer ?? []),
  ];
}

const anyTensors = fc.array(
  fc.record({
    count: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 8_000, max: 40_000 })),
    way: fc.constantFrom("raw", "floats", "doubles" as const),
  }),
  { maxLength: 3 },
);

test("all that is left out lies where it is said to, and all else is as it was", async () => {
  await fc.assert(
    fc.asyncProperty(anyTensors, anyTensors, anyTensors, async (...lists) => {
      const [weights, held, inner] = lists.map((list, k) =>
        list.map((drawn, i) => tensorOf(`${k} ${i}`, drawn)),
      );
      const model = modelOf(weights!, held!, inner!);
      const bytes = toBinary(ModelProtoSchema, model);
      const rest = (await withoutWeights(memorySource("m.onnx", bytes)))!;
      const back = fromBinary(ModelProtoSchema, rest.bytes);
      const dataOf = await readExternalData(externalTensors(back as ModelWithGraph), rest.source);
      const wanted = tensorsOf(model);
      for (const [i, proto] of tensorsOf(back).entries()) {
        const elements = elementsOf(lists.flat()[i]!);
        expect(proto.dataLocation === 1).toBe(elements.length >= 2 ** 16);
        if (proto.dataLocation !== 1) continue;
        expect(Buffer.from(dataOf(proto).bytes).equals(elements)).toBe(true);
        for (const side of [proto, wanted[i]!]) withoutData(side);
      }
      expect(toBinary(ModelProtoSchema, back)).toEqual(toBinary(ModelProtoSchema, model));
    }),
    { numRuns: 40 },
  );
});

function withoutData(proto: TensorProto): void {
  Object.assign(proto, { rawData: new Uint8Array(), dataLocation: 0, externalData: [] });
  delete proto.$unknown;
}

const plain = toBinary(
  ModelProtoSchema,
  modelOf([tensorOf("w", { count: 30_000, way: "raw" })], [], []),
);

test("files that are cut off are left to who reads all of them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: plain.length - 1 }), async (length) => {
      const rest = await withoutWeights(memorySource("m.onnx", plain.subarray(0, length)));
      if (!rest) return;
      // Cut between two fields of the model, what is left is one.
      expect(() => fromBinary(ModelProtoSchema, plain.subarray(0, length))).not.toThrow();
    }),
    { numRuns: 60 },
  );
});

test("bytes that are anything end in nothing or in a message, and never in an endless walk", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      await withoutWeights(memorySource("m.onnx", bytes));
    }),
  );
});

test("numbers in several pieces, or in the file and elsewhere, stay where they are", async () => {
  const twice = new BinaryWriter();
  for (let i = 0; i < 2; i++) {
    twice.tag(9, WireType.LengthDelimited).bytes(new Uint8Array(70_000).fill(i + 1));
  }
  const elsewhere = toBinary(
    TensorProtoSchema,
    create(TensorProtoSchema, {
      rawData: new Uint8Array(70_000),
      dataLocation: 1,
      externalData: [{ key: "location", value: "w.bin" }],
    }),
  );
  for (const tensor of [twice.finish(), elsewhere]) {
    const graph = new BinaryWriter().tag(5, WireType.LengthDelimited).bytes(tensor).finish();
    const bytes = new BinaryWriter().tag(7, WireType.LengthDelimited).bytes(graph).finish();
    const rest = await withoutWeights(memorySource("m.onnx", bytes));
    expect(Buffer.from(rest!.bytes).equals(bytes)).toBe(true);
  }
});

test("a message that comes in parts is left to who merges them", async () => {
  const field = (number: number, bytes: Uint8Array) =>
    new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(bytes).finish();
  const tensor = tensorOf("w", { count: 30_000, way: "raw" });
  const parts = [tensor, create(TensorProtoSchema, { rawData: new Uint8Array(4) })];
  const attribute = Buffer.concat(parts.map((t) => field(5, toBinary(TensorProtoSchema, t))));
  const bytes = field(7, field(1, field(5, attribute)));
  expect(await withoutWeights(memorySource("m.onnx", bytes))).toBeUndefined();
});

test("a list of which a part has tags of its own stays where it is", async () => {
  const { $unknown: packed } = tensorOf("w", { count: 30_000, way: "floats" });
  const tensor = new BinaryWriter().tag(2, WireType.Varint).int32(1);
  tensor.tag(4, WireType.LengthDelimited).raw(packed![0]!.data).tag(4, WireType.Bit32).float(1);
  const graph = new BinaryWriter().tag(5, WireType.LengthDelimited).bytes(tensor.finish()).finish();
  const bytes = new BinaryWriter().tag(7, WireType.LengthDelimited).bytes(graph).finish();
  const rest = await withoutWeights(memorySource("m.onnx", bytes));
  expect(Buffer.from(rest!.bytes).equals(bytes)).toBe(true);
});
