import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { LimpidError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import { toNumbers, tensorOf } from "../../graph/tensor.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { decodeOnnx } from "./decode.ts";
import {
  ModelProtoSchema,
  type FunctionProtoSchema,
  type NodeProtoSchema,
} from "../../../test/onnx/onnx_pb.ts";

type NodeInit = MessageInitShape<typeof NodeProtoSchema>;
type FunctionInit = MessageInitShape<typeof FunctionProtoSchema>;

const standard = [{ domain: "", version: 17n }];
const imports = [...standard, { domain: "own", version: 1n }];
const float = (name: string, f: number) => ({ name, type: 1, f });
const reference = (name: string, type: number, refAttrName: string) => ({
  name,
  type,
  refAttrName,
});

function model(functions: readonly FunctionInit[], node: readonly NodeInit[]): Graph {
  const withImports = functions.map((body) => ({ domain: "own", opsetImport: imports, ...body }));
  const proto = create(ModelProtoSchema, {
    irVersion: 10n,
    opsetImport: imports,
    functions: withImports,
    graph: {
      name: "calls",
      node: [...node],
      input: [
        {
          name: "x",
          type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 3n }] } } },
        },
      ],
      output: [{ name: "y", type: { tensorType: { elemType: 1 } } }],
    },
  });
  return decodeOnnx(toBinary(ModelProtoSchema, proto));
}

async function run(graph: Graph, ...x: number[]): Promise<number[]> {
  const runtime = createNodeRuntime({ threads: 1 });
  const results = await runtime.run(graph, { x: tensorOf("float32", [3], x) });
  await runtime.release();
  return toNumbers(results["y"]!);
}

/** leaky(a) = LeakyRelu(a, alpha), 0.1 where a call does not say. */
const leaky: FunctionInit = {
  name: "leaky",
  input: ["a"],
  output: ["b"],
  attributeProto: [float("slope", 0.1)],
  node: [
    {
      opType: "LeakyRelu",
      input: ["a"],
      output: ["b"],
      attribute: [reference("alpha", 1, "slope")],
    },
  ],
};

/** twice(a) = leaky(a) + leaky(-a), with one slope for both. */
const twice: FunctionInit = {
  name: "twice",
  input: ["a"],
  output: ["sum"],
  attribute: ["s"],
  node: [
    // Out of order on purpose.
    { opType: "Add", input: ["b", "c"], output: ["sum"] },
    {
      opType: "leaky",
      domain: "own",
      input: ["a"],
      output: ["b"],
      attribute: [reference("slope", 1, "s")],
    },
    { opType: "Neg", input: ["a"], output: ["n"] },
    {
      opType: "leaky",
      domain: "own",
      input: ["n"],
      output: ["c"],
      attribute: [reference("slope", 1, "s")],
    },
  ],
};

test("a call becomes the nodes of the function, behind its name", async () => {
  const graph = model(
    [leaky],
    [
      {
        name: "call",
        opType: "leaky",
        domain: "own",
        input: ["x"],
        output: ["y"],
        attribute: [float("slope", 0.5)],
      },
    ],
  );
  expect(graph.nodes).toMatchObject([
    { name: "call/LeakyRelu_0", operator: "LeakyRelu", inputs: ["x"], outputs: ["y"] },
  ]);
  expect(await run(graph, -2, 0, 2)).toEqual([-1, 0, 2]);
});

test("an attribute that a call leaves out has the function's default", async () => {
  const graph = model([leaky], [{ opType: "leaky", domain: "own", input: ["x"], output: ["y"] }]);
  expect((await run(graph, -10, 0, 2))[0]).toBeCloseTo(-1, 6);
});

test("functions call functions, and pass attributes on", async () => {
  const call: NodeInit = { opType: "twice", domain: "own", input: ["x"], output: ["y"] };
  const graph = model([leaky, twice], [{ ...call, attribute: [float("s", 0.5)] }]);
  expect(await run(graph, -2, 0, 4)).toEqual([1, 0, 2]);
  // No default and no value: what the function would have passed on is left out as well.
  const plain = await run(model([leaky, twice], [call]), -10, 0, 10);
  expect(plain[0]).toBeCloseTo(9, 5);
});

test("two calls of one function do not share the names of values", async () => {
  const graph = model(
    [leaky, twice],
    [
      { name: "first", opType: "twice", domain: "own", input: ["x"], output: ["h"] },
      { name: "first", opType: "twice", domain: "own", input: ["h"], output: ["y"] },
    ],
  );
  const names = graph.nodes.map((node) => node.name);
  expect(new Set(names).size).toBe(names.length);
  const [value] = await run(graph, -10, 0, 0);
  expect(value).toBeCloseTo(9 * 0.9, 5);
});

test("an input that a call leaves out is left out inside", async () => {
  const bounded: FunctionInit = {
    name: "bounded",
    input: ["a", "low", "high"],
    output: ["b"],
    node: [
      { opType: "Constant", output: ["top"], attribute: [float("value_float", 1)] },
      { opType: "Clip", input: ["a", "low", "top"], output: ["b"] },
    ],
  };
  const graph = model(
    [bounded],
    [{ opType: "bounded", domain: "own", input: ["x"], output: ["y"] }],
  );
  expect(graph.nodes[0]!.inputs[1]).toBe("");
  expect(await run(graph, -5, 0, 5)).toEqual([-5, 0, 1]);
});

test("an input that goes out again, and one value that goes out twice", async () => {
  const split: FunctionInit = {
    name: "split",
    input: ["a"],
    output: ["a", "n", "n"],
    node: [{ opType: "Neg", input: ["a"], output: ["n"] }],
  };
  const graph = model(
    [split],
    [
      { opType: "split", domain: "own", input: ["x"], output: ["same", "minus", "again"] },
      { opType: "Sum", input: ["same", "minus", "again"], output: ["y"] },
    ],
  );
  expect(await run(graph, 1, 2, 3)).toEqual([-1, -2, -3]);
});

test("branches inside a function see its values and its attributes", async () => {
  const branch = (name: string, opType: string, alpha: boolean) => ({
    name,
    type: 5,
    g: {
      name,
      node: [
        {
          opType,
          input: ["inner"],
          output: ["out"],
          attribute: alpha ? [reference("alpha", 1, "slope")] : [],
        },
      ],
      output: [{ name: "out", type: { tensorType: { elemType: 1 } } }],
    },
  });
  const chosen: FunctionInit = {
    name: "chosen",
    input: ["a"],
    output: ["b"],
    attribute: ["slope"],
    node: [
      { opType: "Neg", input: ["a"], output: ["inner"] },
      {
        opType: "ReduceSum",
        input: ["a"],
        output: ["total"],
        attribute: [{ name: "keepdims", type: 2, i: 0n }],
      },
      { opType: "Constant", output: ["zero"], attribute: [float("value_float", 0)] },
      { opType: "Greater", input: ["total", "zero"], output: ["positive"] },
      {
        opType: "If",
        input: ["positive"],
        output: ["b"],
        attribute: [branch("then_branch", "LeakyRelu", true), branch("else_branch", "Neg", false)],
      },
    ],
  };
  const call = (input: string, output: string): NodeInit => ({
    opType: "chosen",
    domain: "own",
    input: [input],
    output: [output],
    attribute: [float("slope", 0.5)],
  });
  const graph = model([chosen], [call("x", "h"), call("h", "y")]);
  expect(await run(graph, 2, 2, 2)).toEqual([-1, -1, -1]);
});

test("a function keeps the opset it was written in", async () => {
  const old: FunctionInit = {
    name: "old",
    input: ["a"],
    output: ["b"],
    opsetImport: [{ domain: "ai.onnx", version: 7n }],
    node: [
      {
        opType: "Clip",
        input: ["a"],
        output: ["b"],
        attribute: [float("min", -1), float("max", 1)],
      },
    ],
  };
  const graph = model(
    [old],
    [
      { opType: "old", domain: "own", input: ["x"], output: ["h"] },
      { opType: "Relu", input: ["h"], output: ["y"] },
    ],
  );
  expect(await run(graph, -5, 0.5, 5)).toEqual([0, 0.5, 1]);
});

test("functions of one name differ by their overload", async () => {
  const versions = ["Neg", "Abs"].map((opType, i): FunctionInit => ({
    name: "f",
    overload: String(i),
    input: ["a"],
    output: ["b"],
    node: [{ opType, input: ["a"], output: ["b"] }],
  }));
  const graph = model(versions, [
    { opType: "f", domain: "own", overload: "1", input: ["x"], output: ["h"] },
    { opType: "f", domain: "own", overload: "0", input: ["h"], output: ["y"] },
  ]);
  expect(await run(graph, -1, 2, -3)).toEqual([-1, -2, -3]);
});

test("a function that comes back to itself is refused, with the way there", () => {
  const ping = (name: string, other: string): FunctionInit => ({
    name,
    input: ["a"],
    output: ["b"],
    node: [{ opType: other, domain: "own", input: ["a"], output: ["b"] }],
  });
  const read = () =>
    model(
      [ping("ping", "pong"), ping("pong", "ping")],
      [{ opType: "ping", domain: "own", input: ["x"], output: ["y"] }],
    );
  expect(read).toThrow(LimpidError);
  expect(read).toThrow('functions must not call themselves, got "ping" -> "pong" -> "ping"');
});

test("functions that double at every level are refused before they fill memory", () => {
  const levels = Array.from({ length: 30 }, (_, i): FunctionInit => ({
    name: `f${i}`,
    input: ["a"],
    output: ["b"],
    node: ["h", "b"].map((output, k) => ({
      opType: i === 0 ? "Neg" : `f${i - 1}`,
      domain: i === 0 ? "" : "own",
      input: [k === 0 ? "a" : "h"],
      output: [output],
    })),
  }));
  const read = () => model(levels, [{ opType: "f29", domain: "own", input: ["x"], output: ["y"] }]);
  expect(read).toThrow("must come to at most 200000 nodes");
});
