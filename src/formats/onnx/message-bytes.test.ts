import { create, fromBinary, ScalarType, toBinary, type DescMessage } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import {
  array,
  assert,
  bigInt,
  constantFrom,
  float,
  integer,
  option,
  property,
  record,
  string,
  uint8Array,
  type Arbitrary,
} from "fast-check";
import { expect, test } from "vitest";
import { file_onnx, ModelProtoSchema, NodeProtoSchema } from "../../../test/onnx/onnx_pb.ts";
import { isSet, messageBytes, readMessage } from "./message-bytes.ts";
import { messages, type Field, type MessageName, type WrittenMessage } from "./messages.ts";

/** The messages that `onnx.proto` declares, by their names here. */
const declared = new Map(
  [...nestedTypes(file_onnx)].flatMap((type): [MessageName, DescMessage][] =>
    type.kind === "message" ? [[nameOf(type), type]] : [],
  ),
);

/** Protobuf lets messages lie in another; in the table their names stand alone. */
function nameOf({ name }: DescMessage): MessageName {
  return (name === "Tensor" ? "TensorTypeProto" : name) as MessageName;
}

const scalarNames: Partial<Record<ScalarType, string>> = {
  [ScalarType.STRING]: "string",
  [ScalarType.BYTES]: "bytes",
  [ScalarType.FLOAT]: "float",
  [ScalarType.INT32]: "int32",
  [ScalarType.INT64]: "int64",
};

test("the table is what the schema declares", () => {
  const fields = [...declared].map(([name, { fields }]) => [
    name,
    Object.fromEntries(
      fields.map(({ localName, number, scalar, message, fieldKind }) => [
        localName,
        [
          number,
          message ? nameOf(message) : scalarNames[scalar!],
          ...(fieldKind === "list" ? ["list"] : []),
        ],
      ]),
    ),
  ]);
  expect(messages).toEqual(Object.fromEntries(fields));
});

const scalars: Readonly<Record<string, Arbitrary<unknown>>> = {
  string: string({ unit: "grapheme", maxLength: 200 }),
  bytes: uint8Array({ maxLength: 5 }),
  float: float({ noNaN: true }),
  int32: integer(),
  int64: bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
};

/** A message of a name with anything set, messages inside it down to a depth. */
function messageOf(name: MessageName, depth: number): Arbitrary<object> {
  const fields = Object.entries<Field>(messages[name]).flatMap(([key, [, kind, list]]) => {
    const scalar = scalars[kind];
    if (!scalar && depth === 0) return [];
    const value = scalar ?? messageOf(kind as MessageName, depth - 1);
    return [[key, list ? array(value, { maxLength: 3 }) : value] as const];
  });
  return record(Object.fromEntries(fields), { requiredKeys: [] });
}

const names = constantFrom(...(Object.keys(messages) as MessageName[]));
const anyMessage = names.chain((name) => messageOf(name, 2).map((message) => ({ name, message })));

test("messages are written byte by byte as protobuf's own library writes them", () => {
  assert(
    property(anyMessage, ({ name, message }) => {
      const type = declared.get(name)!;
      expect(messageBytes(name, message)).toEqual(
        toBinary(type, create(type, message as Record<string, unknown>)),
      );
    }),
  );
});

test("messages are read as protobuf's own library reads them, also without what they leave out", () => {
  assert(
    property(anyMessage, ({ name, message }) => {
      const bytes = messageBytes(name, message);
      const own = readMessage(name, bytes) as Record<string, unknown>;
      const known = fromBinary(declared.get(name)!, bytes) as unknown as Record<string, unknown>;
      for (const [key, [, kind, list]] of Object.entries<Field>(messages[name])) {
        if (scalars[kind]) expect(own[key]).toEqual(known[key]);
        else if (list) expect(own[key]).toHaveLength((known[key] as unknown[]).length);
        else expect(own[key] === undefined).toBe(known[key] === undefined);
      }
      expect(messageBytes(name, own as object)).toEqual(bytes);
    }),
  );
});

test("packed lists, unknown fields and messages that come in parts", () => {
  assert(
    property(
      array(scalars["int64"] as Arbitrary<bigint>),
      option(uint8Array(), { nil: undefined }),
      (numbers, unknown) => {
        const writer = new BinaryWriter();
        writer.tag(8, WireType.LengthDelimited).fork();
        for (const number of numbers) writer.int64(number);
        writer.join();
        if (unknown) writer.tag(99, WireType.LengthDelimited).bytes(unknown);
        const read = readMessage("AttributeProto", writer.finish());
        expect(read.ints).toEqual(numbers);
        expect(read.$unknown?.map(({ no }) => no)).toEqual(unknown && [99]);
        expect([isSet<"AttributeProto">(read, "ints"), isSet<"AttributeProto">(read, "f")]).toEqual(
          [numbers.length > 0, false],
        );
      },
    ),
  );
  const part = (graph: WrittenMessage<"GraphProto">) => messageBytes("ModelProto", { graph });
  const parts = [part({ name: "g" }), part({ node: [{ opType: "Relu" }] })];
  const whole = new Uint8Array(parts.flatMap((bytes) => [...bytes]));
  const { graph } = readMessage("ModelProto", whole);
  const known = fromBinary(ModelProtoSchema, whole);
  expect([graph!.name, graph!.node[0]!.opType]).toEqual(["g", "Relu"]);
  expect(toBinary(NodeProtoSchema, known.graph!.node[0]!)).toEqual(
    messageBytes("NodeProto", graph!.node[0]!),
  );
});

test("a list whose last number crosses its end is refused", () => {
  const floats = [(7 << 3) | WireType.LengthDelimited, 6, ...Array<number>(8).fill(0)];
  const ints = [(8 << 3) | WireType.LengthDelimited, 1, 0x80, 1];
  for (const bytes of [floats, ints]) {
    expect(() => readMessage("AttributeProto", Uint8Array.from(bytes))).toThrow("crosses the end");
  }
});
