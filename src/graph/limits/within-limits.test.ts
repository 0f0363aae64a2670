/** @file What is refused before ONNX Runtime sees it, and what is not. */
import { expect, test } from "vitest";
import { readLimits } from "../../wording/limits.ts";
import type { Graph, Node } from "../graph.ts";
import { tensor, zeros, type Tensor } from "../tensor.ts";
import { execute, floats, graphOf, int, ints, node } from "../../../test/node-lines.ts";
import { requireRoom, requireWithinLimits } from "./within-limits.ts";

const yes = tensor("bool", [], Uint8Array.of(1));

/** A body of `inputs`, as the graphs inside loops and branches are. */
function bodyOf(
  inputs: readonly string[],
  outputs: readonly string[],
  nodes: readonly Node[],
): Graph {
  const info = (name: string) => ({ name, type: undefined, dims: undefined });
  return {
    ...graphOf(nodes.length > 0 ? nodes : [node("unused = Identity(x)")]),
    inputs: inputs.map(info),
    outputs: outputs.map(info),
    nodes,
  };
}

const check = (graph: Graph, given: Readonly<Record<string, string>> = {}) =>
  requireWithinLimits(graph, { x: zeros("float32", [1, 3, 8, 8]) }, execute, readLimits(given));

const huge = ints(1, 4, 32_000, 32_000);

test.each<[string, Node[], Record<string, Tensor>]>([
  ["ConstantOfShape", [node("y = ConstantOfShape(a)")], { a: huge }],
  ["Expand", [node("y = Expand(b, a)")], { a: huge, b: floats(1) }],
  ["Expand", [node("c = Mul(a, a)"), node("y = Expand(b, c)")], { a: ints(70_000), b: floats(1) }],
  ["Tile", [node("y = Tile(b, a)")], { a: ints(4_000_000_000), b: floats(1) }],
  ["Range", [node("y = Range(a, b, c)")], { a: int(0), b: int(4_000_000_000), c: int(1) }],
  [
    "OneHot",
    [node("y = OneHot(a, b, c)")],
    { a: ints(1, 2), b: int(2 ** 31 - 1), c: floats(0, 1) },
  ],
  ["Pad", [node("y = Pad(b, a)")], { a: ints(4_000_000_000, 0), b: floats(1) }],
  ["RandomNormal", [node("y = RandomNormal()", { shape: [4_000_000_000] })], {}],
  ["HannWindow", [node("y = HannWindow(a)")], { a: int(2_000_000_000) }],
  ["Resize", [node("y = Resize(x, , a)")], { a: floats(1, 1, 1e5, 1e5) }],
  ["Tile", [node("y = Tile(x, a)")], { a: ints(1, 1, 40_000, 40_000) }],
  [
    "Conv",
    [node("y = Conv(x, w)", { pads: [50_000, 50_000, 50_000, 50_000] })],
    { w: zeros("float32", [3, 3, 1, 1]) },
  ],
  [
    "ConvTranspose",
    [node("y = ConvTranspose(x, w)", { strides: [9_999, 9_999] })],
    { w: zeros("float32", [3, 9, 1, 1]) },
  ],
])(
  "%s of billions of numbers is refused, with the option that allows it",
  async (name, nodes, constants) => {
    const error = await check(graphOf(nodes, constants)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "over-limit" });
    expect(String(error)).toMatch(
      new RegExp(`at most [\\d.]+[mg] of memory, got ${name} "y", .*memory-limit: "`),
    );
  },
);

test("what is refused is allowed with a higher limit", async () => {
  const graph = graphOf([node("y = ConstantOfShape(a)")], { a: huge });
  await expect(check(graph, { "memory-limit": "17g" })).resolves.toBeUndefined();
});

test("sizes behind operators that are not computed ahead are learned by a run", async () => {
  const nodes = [
    node("found = NonZero(a)"),
    node("shape = Shape(found)"),
    node("large = Mul(shape, b)"),
    node("y = ConstantOfShape(large)"),
  ];
  const constants = { a: floats(0, 1, 2), b: ints(40_000, 40_000) };
  await expect(check(graphOf(nodes, constants))).rejects.toThrow(/got ConstantOfShape "y"/);
  const small = { ...constants, b: ints(2, 3) };
  await expect(check(graphOf(nodes, small))).resolves.toBeUndefined();
});

test("sizes that depend on the numbers in a picture are refused", async () => {
  const nodes = [
    node("sum = ReduceSum(x)", { keepdims: 0 }),
    node("whole = Cast(sum)", { to: 7 }),
    node("shape = Unsqueeze(whole, a)"),
    node("y = ConstantOfShape(shape)"),
  ];
  await expect(check(graphOf(nodes, { a: ints(0) }))).rejects.toThrow(
    /^ConstantOfShape "y": what it makes must have a size that does not depend on the numbers in a picture, got "shape"/,
  );
});

const endless = 2 ** 62;

function loopOf(nodes: readonly Node[], carried: string, rounds: number): Graph {
  const body = bodyOf(["i", "go", "v"], ["go", "w"], nodes);
  return graphOf([node(`y = Loop(m, go, ${carried})`, { body })], {
    m: int(rounds),
    go: yes,
    c: floats(1, 2),
  });
}

test("loops without an end are refused, and those of few rounds not", async () => {
  const step = [node("w = Add(v, v)")];
  for (const carried of ["x", "c"]) {
    await expect(check(loopOf(step, carried, endless))).rejects.toThrow(
      /got Loop "y", with which it is without an end. export the model with an end/,
    );
    await expect(check(loopOf(step, carried, 5))).resolves.toBeUndefined();
  }
  await expect(check(loopOf(step, "c", 1e8))).rejects.toThrow(/time-limit: "/);
});

test("loops that double what they carry are refused", async () => {
  const step = [node("w = Concat(v, v)", { axis: 0 })];
  await expect(check(loopOf(step, "c", 60))).rejects.toThrow(/of memory, got Concat "w"/);
  await expect(check(loopOf(step, "c", 8))).resolves.toBeUndefined();
});

test("of a branch that is not taken nothing is refused", async () => {
  const make = (size: number) =>
    bodyOf(
      [],
      ["w"],
      [node("s = Mul(one, one)"), node("w = Expand(b, s)")].map((each) => ({
        ...each,
        inputs: each.inputs.map((name) => (name === "one" ? `size${size}` : name)),
      })),
    );
  const branches = { then_branch: make(1), else_branch: make(2) };
  const constants = { size1: ints(2), size2: ints(90_000), b: floats(1) };
  const known = graphOf([node("y = If(go)", branches)], { ...constants, go: yes });
  await expect(check(known)).resolves.toBeUndefined();
  const open = graphOf(
    [
      node("sum = ReduceSum(x)", { keepdims: 0 }),
      node("go = Cast(sum)", { to: 9 }),
      node("y = If(go)", branches),
    ],
    constants,
  );
  await expect(check(open)).rejects.toThrow(/got Expand "w"/);
});

test("more nodes than can be opened are refused", async () => {
  const nodes = Array.from({ length: 50_000 }, (_, i) => node(`v${i} = Relu(x)`));
  await expect(check(graphOf(nodes))).rejects.toThrow(/got 50000 nodes/);
});

test("inputs that fit nowhere are refused", () => {
  const limits = readLimits({});
  expect(() => requireRoom("input", [1, 3, 100_000, 100_000], limits)).toThrow(
    /input must take at most 16g of memory, got \[1, 3, 100000, 100000\], which takes 112g/,
  );
  expect(() => requireRoom("input", [1, 3, 2160, 3840], limits)).not.toThrow();
  const roomy = readLimits({ "memory-limit": "9999g" });
  expect(() => requireRoom("input", [2 ** 16, 2 ** 17], roomy)).toThrow(/at most 16g/);
});
