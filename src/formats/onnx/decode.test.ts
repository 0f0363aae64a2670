import { create, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { goldenNames, loadGoldenModel } from "../../../test/goldens/load.ts";
import { LimpidError } from "../../errors.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { tensor, tensorOf } from "../../graph/tensor.ts";
import { randomStream } from "../../random.ts";
import { decodeOnnx } from "./decode.ts";
import { encodeOnnx } from "./encode.ts";
import { openOnnx } from "./open.ts";
import { ModelProtoSchema } from "../../../test/onnx/onnx_pb.ts";

function smallModel() {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2, 4, 4], "float32", ["batch", 2, "height", "?"]);
  const w = b.initializer("w", tensorOf("float32", [3, 2, 3, 3], new Float32Array(54).fill(0.1)));
  const y = b.op("Conv", [x, w], { pads: [1, 1, 1, 1], auto_pad: "NOTSET" });
  const z = b.op("LeakyRelu", [y], { alpha: 1 }, "z");
  b.output(z);
  return b.build("small");
}

describe("decodeOnnx", () => {
  test("gives back what encodeOnnx wrote", () => {
    const graph = smallModel();
    const back = decodeOnnx(encodeOnnx(graph).bytes);
    expect(back.nodes).toEqual(graph.nodes);
    expect(back.initializers).toEqual(graph.initializers);
    expect(back.inputs[0]).toEqual({
      name: "x",
      type: "float32",
      dims: ["batch", 2, "height", "?"],
    });
    expect(back.outputs.map((output) => output.name)).toEqual(["z"]);
  });

  test("keeps every element type", () => {
    const weights = {
      a: tensorOf("float64", [2], [0.5, -1]),
      b: tensorOf("int64", [2], [2 ** 40, -3]),
      c: tensorOf("uint8", [3], [0, 7, 255]),
      d: tensorOf("bool", [2], [0, 1]),
      e: tensor("float16", [2], Uint16Array.of(0x3c00, 0xc000)),
      f: tensorOf("int32", [], [-5]),
    };
    const b = new GraphBuilder();
    for (const [name, value] of Object.entries(weights)) b.output(b.initializer(name, value));
    const back = decodeOnnx(encodeOnnx(b.build()).bytes);
    expect(Object.fromEntries(back.initializers)).toEqual(weights);
  });

  test("clamps whole numbers beyond what JavaScript holds exactly", () => {
    const model = create(ModelProtoSchema, {
      opsetImport: [{ domain: "", version: 9n }],
      graph: {
        node: [
          {
            opType: "Slice",
            input: ["x"],
            output: ["y"],
            attribute: [
              { name: "starts", type: 7, ints: [1n] },
              { name: "ends", type: 7, ints: [9223372036854775807n] },
            ],
          },
        ],
        input: [{ name: "x", type: { tensorType: { elemType: 1 } } }],
        output: [{ name: "y" }],
      },
    });
    const graph = decodeOnnx(toBinary(ModelProtoSchema, model));
    const ends = graph.initializers.get(graph.nodes[0]!.inputs[2]!)!;
    expect(ends.data).toEqual(BigInt64Array.of(BigInt(Number.MAX_SAFE_INTEGER)));
  });

  test("reads weights in place when it may take the bytes over", () => {
    const b = new GraphBuilder();
    const values = Float32Array.from({ length: 1 << 15 }, (_, i) => i / 7);
    b.output(b.initializer("weights", tensor("float32", [1 << 15], values)));
    for (const name of ["", "x", "xy", "xyz"]) {
      const { bytes } = encodeOnnx({
        ...b.build(`graph${name}`),
        metadata: new Map([["k", name]]),
      });
      const back = decodeOnnx(bytes, { takeOver: true });
      const { data } = back.initializers.get("weights")!;
      expect((data as Float32Array).buffer).toBe(bytes.buffer);
      expect(data).toEqual(values);
    }
  });

  test.each([
    ["a value made twice", { outputs: [["y"], ["y"]], inputs: [["x"], ["x"]] }, /"y" twice/],
    ["an input that nobody makes", { outputs: [["y"]], inputs: [["lost"]] }, /got "lost" in Relu/],
    ["a cycle", { outputs: [["a"], ["y"]], inputs: [["y"], ["a"]] }, /a cycle/],
  ])("refuses %s", (_, { outputs, inputs }, message) => {
    const node = outputs.map((output, i) => ({ opType: "Relu", output, input: inputs[i]! }));
    const model = create(ModelProtoSchema, {
      opsetImport: [{ domain: "", version: 17n }],
      graph: { node, input: [{ name: "x" }], output: [{ name: "y" }] },
    });
    expect(() => decodeOnnx(toBinary(ModelProtoSchema, model))).toThrow(message);
  });

  const scatter = { opType: "Scatter", input: ["x", "i", "x"], output: ["y"] };
  const gelu = { opType: "FastGelu", domain: "com.microsoft", input: ["x"], output: ["y"] };
  const branch = { name: "g", node: [gelu], output: [{ name: "y" }] };
  const inside = {
    opType: "If",
    input: ["c"],
    output: ["z"],
    attribute: ["then_branch", "else_branch"].map((name) => ({ name, type: 5, g: branch })),
  };
  test.each([
    ["nothing to rewrite", 21n, [{ opType: "Relu", input: ["x"], output: ["y"] }]],
    ["an older opset", 9n, [{ opType: "Dropout", input: ["x"], output: ["y"] }]],
    ["a newer opset", 23n, [{ opType: "RMSNormalization", input: ["x", "x"], output: ["y"] }]],
    ["an operator that its opset dropped", 21n, [scatter]],
    ["an operator of ONNX Runtime's own in a branch", 21n, [inside]],
  ])("a file with %s is opened as it is decoded", async (_, version, node) => {
    const names = ["x", "i", "c"];
    const model = create(ModelProtoSchema, {
      opsetImport: [{ domain: "", version }],
      graph: { node, input: names.map((name) => ({ name })), output: [{ name: "y" }] },
    });
    if (node[0] === inside) model.graph!.output[0]!.name = "z";
    const bytes = toBinary(ModelProtoSchema, model);
    const read = async (at: number, length: number) => bytes.slice(at, at + length);
    const source = { name: "m.onnx", size: bytes.length, read, beside: async () => undefined };
    const opened = await openOnnx(source);
    const decoded = decodeOnnx(bytes);
    expect(opened.nodes).toEqual(decoded.nodes);
    expect(opened.initializers).toEqual(decoded.initializers);
  });

  test("puts nodes in order", () => {
    const model = create(ModelProtoSchema, {
      opsetImport: [{ domain: "", version: 17n }],
      graph: {
        node: [
          { name: "second", opType: "Relu", input: ["a"], output: ["y"] },
          { name: "first", opType: "Neg", input: ["x"], output: ["a"] },
        ],
        input: [{ name: "x" }],
        output: [{ name: "y" }],
      },
    });
    const graph = decodeOnnx(toBinary(ModelProtoSchema, model));
    expect(graph.nodes.map((node) => node.name)).toEqual(["first", "second"]);
  });

  test.each(goldenNames)("reads %s and writes it again without a change", (name) => {
    const graph = decodeOnnx(loadGoldenModel(name));
    const again = decodeOnnx(encodeOnnx(graph).bytes);
    expect(again.nodes).toEqual(graph.nodes);
    expect(again.inputs).toEqual(graph.inputs);
  });

  test("10,000 random mutations of a small model give a graph or one clear error", () => {
    const original = encodeOnnx(smallModel()).bytes;
    const random = randomStream("mutations");
    const outcomes = { graphs: 0, errors: 0 };
    for (let i = 0; i < 10_000; i++) {
      const bytes = mutate(original, random);
      try {
        decodeOnnx(bytes);
        outcomes.graphs += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(LimpidError);
        outcomes.errors += 1;
      }
    }
    expect(outcomes.graphs).toBeGreaterThan(100);
    expect(outcomes.errors).toBeGreaterThan(100);
  }, 60_000);
});

/** Flips bytes, cuts the end off, or repeats a stretch. */
function mutate(original: Uint8Array, random: ReturnType<typeof randomStream>): Uint8Array {
  const kind = random.below(4);
  const bytes = original.slice();
  if (kind === 0) return bytes.subarray(0, random.below(bytes.length));
  if (kind === 1) {
    const [start, end] = [random.below(bytes.length), random.below(bytes.length)];
    return Uint8Array.from([...bytes.subarray(0, start), ...bytes.subarray(end)]);
  }
  for (let i = 0; i <= random.below(8); i++) bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}
