import { expect, test } from "vitest";
import {
  expectSameResults,
  integers,
  noise,
  oldModelBytes,
  type NodeRow,
  type OldModel,
} from "../../test/old-model.ts";
import { decodeOnnx } from "../formats/onnx/decode.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { tensorOf } from "./tensor.ts";
import { trace } from "./trace.ts";

const x = noise([2, 5, 6]);
const at = (value: number) => tensorOf("int64", [], [value]);

function model(nodes: readonly NodeRow[], outputs: readonly string[] = ["y"]): OldModel {
  const constants = {
    zero: at(0),
    one: at(1),
    two: at(2),
    last: at(-1),
    sizes: integers("int64", [1, 3, 1]),
    three: at(3),
  };
  return { opset: 17, nodes, feeds: { x }, constants, outputs };
}

const construct: NodeRow = ["SequenceConstruct", ["x", "n", "x"], ["q"]];
const negated: NodeRow = ["Neg", ["x"], ["n"]];

test.each<[string, readonly NodeRow[], (readonly string[])?]>([
  [
    "a member read from the front and from the end",
    [negated, construct, ["SequenceAt", ["q", "one"], ["y"]], ["SequenceAt", ["q", "last"], ["z"]]],
    ["y", "z"],
  ],
  ["members joined", [negated, construct, ["ConcatFromSequence", ["q"], ["y"], { axis: 1 }]]],
  [
    "members joined along an axis of their own",
    [negated, construct, ["ConcatFromSequence", ["q"], ["y"], { axis: -1, new_axis: 1 }]],
  ],
  ["how many there are", [negated, construct, ["SequenceLength", ["q"], ["y"]]]],
  [
    "members put in and taken out",
    [
      negated,
      ["SequenceEmpty", [], ["e"]],
      ["SequenceInsert", ["e", "x"], ["e1"]],
      ["SequenceInsert", ["e1", "n", "zero"], ["e2"]],
      ["SequenceInsert", ["e2", "x", "last"], ["e3"]],
      ["SequenceErase", ["e3", "one"], ["e4"]],
      ["SequenceInsert", ["e4", "n"], ["e5"]],
      ["SequenceErase", ["e5"], ["e6"]],
      ["Identity", ["e6"], ["e7"]],
      ["ConcatFromSequence", ["e7"], ["y"], { axis: 0 }],
    ],
  ],
  [
    "pieces of given sizes",
    [
      ["SplitToSequence", ["x", "sizes"], ["q"], { axis: 1 }],
      ["SequenceAt", ["q", "one"], ["y"]],
      ["SequenceInsert", ["q", "y"], ["r"]],
      ["ConcatFromSequence", ["r"], ["z"], { axis: 1 }],
    ],
    ["y", "z"],
  ],
  [
    "pieces of one size",
    [
      ["SplitToSequence", ["x", "three"], ["q"], { axis: 1 }],
      ["SequenceAt", ["q", "zero"], ["y"]],
      ["SequenceAt", ["q", "one"], ["z"]],
      ["ConcatFromSequence", ["q"], ["w"], { axis: 1 }],
    ],
    ["y", "z", "w"],
  ],
  [
    "pieces of one place",
    [
      ["SplitToSequence", ["x"], ["q"], { axis: -1 }],
      ["SequenceAt", ["q", "two"], ["y"]],
      ["SplitToSequence", ["x"], ["r"], { axis: 1, keepdims: 0 }],
      ["SequenceAt", ["r", "last"], ["z"]],
    ],
    ["y", "z"],
  ],
])("%s: the numbers of the file, without sequences", async (_, nodes, outputs) => {
  const operators = await expectSameResults(model(nodes, outputs));
  expect(operators.filter((operator) => operator.includes("Sequence"))).toEqual([]);
});

test("what makes a sequence stays where an output or another node needs it", () => {
  const nodes: NodeRow[] = [negated, construct, ["SequenceAt", ["q", "one"], ["y"]]];
  const graph = decodeOnnx(oldModelBytes(model(nodes, ["y", "q"])));
  expect(graph.nodes.map(({ operator }) => operator)).toEqual([
    "Neg",
    "SequenceConstruct",
    "Identity",
  ]);
});

test.each<[string, readonly NodeRow[]]>([
  [
    "SequenceConstruct",
    [
      negated,
      construct,
      ["ReduceMax", ["x"], ["m"], { keepdims: 0 }],
      ["Cast", ["m"], ["i"], { to: 7 }],
      ["SequenceAt", ["q", "i"], ["y"]],
    ],
  ],
  [
    "SplitToSequence",
    [
      ["SplitToSequence", ["x", "three"], ["q"], { axis: 1 }],
      ["SequenceAt", ["q", "last"], ["y"]],
    ],
  ],
  [
    "Optional",
    [
      ["Optional", ["x"], ["o"]],
      ["OptionalGetElement", ["o"], ["y"]],
    ],
  ],
])("%s of what only a run tells is refused by name", async (operator, nodes) => {
  const runtime = createNodeRuntime();
  const graph = decodeOnnx(oldModelBytes(model(nodes)));
  const tracing = trace(graph, { x }, (each, feeds) => runtime.run(each, feeds));
  await expect(tracing).rejects.toMatchObject({ code: "unsupported-operator" });
  await expect(tracing).rejects.toThrow(`got ${operator} ("node`);
  await runtime.release();
});
