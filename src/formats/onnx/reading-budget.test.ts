/** @file Small files that would become endless graphs. */
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { decodeOnnx } from "./decode.ts";
import {
  ModelProtoSchema,
  type GraphProtoSchema,
  type NodeProtoSchema,
} from "../../../test/onnx/onnx_pb.ts";

type NodeInit = MessageInitShape<typeof NodeProtoSchema>;
type GraphInit = MessageInitShape<typeof GraphProtoSchema>;
type ModelInit = MessageInitShape<typeof ModelProtoSchema>;

const opsetImport = [
  { domain: "", version: 21n },
  { domain: "own", version: 1n },
];

function decode(node: readonly NodeInit[], functions: ModelInit["functions"] = []) {
  const graph = { node: [...node], input: [{ name: "x" }], output: [{ name: "y" }] };
  return decodeOnnx(
    toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph, functions, opsetImport })),
  );
}

const call = (name: string, input = "x", output = "y"): NodeInit => ({
  opType: name,
  domain: "own",
  input: [input],
  output: [output],
});

const body = (name: string, node: readonly NodeInit[]) => ({
  name,
  domain: "own",
  input: ["x"],
  output: ["y"],
  node: [...node],
  opsetImport,
});

const relu: NodeInit = { opType: "Relu", input: ["x"], output: ["y"] };

/** Functions that each call the next so often. */
function chain(length: number, calls: 1 | 2): ModelInit["functions"] {
  return Array.from({ length }, (_, i) => {
    const next = `f${i + 1}`;
    if (i === length - 1) return body(`f${i}`, [relu]);
    return body(`f${i}`, calls === 1 ? [call(next)] : [call(next, "x", "h"), call(next, "h")]);
  });
}

test("functions call each other a hundred deep and no deeper", () => {
  expect(decode([call("f0")], chain(100, 1)).nodes).toHaveLength(1);
  for (const depth of [102, 3000]) {
    expect(() => decode([call("f0")], chain(depth, 1))).toThrow(/more than 100 deep, got more/);
  }
});

test("functions that double at every call are refused", () => {
  expect(() => decode([call("f0")], chain(40, 2))).toThrow(/at most 200000 nodes, got more/);
});

test("functions that are given much and called often are refused", () => {
  const ints = Array<bigint>(1_000_000).fill(1n);
  const given = {
    opType: "Pad",
    input: ["x"],
    output: ["y"],
    attribute: [{ name: "pads", ints, type: 7 }],
  };
  const calls = Array.from({ length: 60 }, (_, i) => call("f", "x", i === 0 ? "y" : `y${i}`));
  expect(() => decode(calls, [body("f", [given])])).toThrow(/at most 50000000 numbers, got more/);
});

test("nodes of very many inputs are refused", () => {
  const input = Array<string>(20_000).fill("x");
  expect(() => decode([{ opType: "Sum", input, output: ["y"] }])).toThrow(
    /Sum "Sum_0" must have at most 2000 inputs, got 20000/,
  );
});

test("graphs that lie too deep in each other are refused", () => {
  let node: NodeInit = relu;
  for (let depth = 0; depth < 40; depth++) {
    const g: GraphInit = { node: [node], output: [{ name: "y" }] };
    node = {
      opType: "If",
      input: ["x"],
      output: ["y"],
      attribute: [{ name: "then_branch", g, type: 5 }],
    };
  }
  expect(() => decode([node])).toThrow(/nest too deep|more than 32 deep/);
  const bodies = Array.from({ length: 40 }, (_, i) => {
    const g = { node: [i === 39 ? relu : call(`f${i + 1}`)], output: [{ name: "y" }] };
    return body(`f${i}`, [
      {
        opType: "If",
        input: ["x"],
        output: ["y"],
        attribute: [{ name: "then_branch", g, type: 5 }],
      },
    ]);
  });
  expect(() => decode([call("f0")], bodies)).toThrow(/more than 32 deep/);
});
