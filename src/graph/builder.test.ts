/** @file What a builder takes over of another graph computes what it did there. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { GraphBuilder } from "./builder.ts";
import type { Attribute, Graph, Node } from "./graph.ts";
import { tensorOf, toNumbers } from "./tensor.ts";

const runtime = createNodeRuntime({ threads: 1 });
const dims = [2, 3];

function node(name: string, operator: string, inputs: readonly string[], branches = {}): Node {
  return { name, operator, domain: "", inputs, outputs: [name], attributes: branches };
}

function graphOf(nodes: readonly Node[], output: string): Graph {
  return {
    name: output,
    inputs: [],
    outputs: [{ name: output, type: "float32", dims: undefined }],
    nodes,
    initializers: new Map(),
    shapes: new Map(),
    metadata: new Map(),
  };
}

/** Branches in branches, each of which reads values of all that are around it. */
function branched(name: string, around: readonly string[], depth: number, picks: number[]): Node {
  const branch = (side: string): Attribute => {
    const own = `${name}/${side}`;
    const read = () => around[(picks.shift() ?? 0) % around.length]!;
    const sum = node(`${own}/sum`, "Add", [read(), read()]);
    const inner = [...around, sum.name];
    if (depth === 0) return { kind: "graph", value: graphOf([sum], sum.name) };
    const deeper = branched(`${own}/if`, inner, depth - 1, picks);
    return { kind: "graph", value: graphOf([sum, deeper], deeper.name) };
  };
  return node(name, "If", ["isBright"], { then_branch: branch("a"), else_branch: branch("b") });
}

const drawn = fc.record({
  depth: fc.integer({ min: 0, max: 2 }),
  picks: fc.array(fc.nat(20), { minLength: 16, maxLength: 16 }),
  input: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 6, maxLength: 6 }),
});

test("branches read what they did, under the names that it has now", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async ({ depth, picks, input }) => {
      const float = { type: "float32", dims } as const;
      const whole: Graph = {
        ...graphOf(
          [
            node("doubled", "Add", ["x", "x"]),
            node("total", "ReduceSum", ["x"], { keepdims: { kind: "int", value: 0 } }),
            node("isBright", "Greater", ["total", "zero"]),
            branched("y", ["x", "doubled", "offset"], depth, [...picks]),
          ],
          "y",
        ),
        inputs: [{ name: "x", ...float }],
        initializers: new Map([
          ["zero", tensorOf("float32", [], [0])],
          ["offset", tensorOf("float32", [1, 3], [5, 6, 7])],
        ]),
        shapes: new Map<string, { readonly type: "float32" | "bool"; readonly dims: number[] }>([
          ["x", { type: "float32", dims }],
          ["doubled", { type: "float32", dims }],
          ["total", { type: "float32", dims: [] }],
          ["isBright", { type: "bool", dims: [] }],
          ["y", { type: "float32", dims }],
        ]),
      };
      const b = new GraphBuilder();
      const picture = b.input("picture", dims);
      b.scope = "inner/";
      b.output(b.embed(whole, new Map([["x", picture]])).get("y")!);
      const answer = async (graph: Graph, name: string) => {
        const session = await runtime.open(graph);
        const results = await session.run({ [name]: tensorOf("float32", dims, input) });
        await session.release();
        return toNumbers(Object.values(results)[0]!);
      };
      expect(await answer(b.build(), "picture")).toEqual(await answer(whole, "x"));
    }),
    { numRuns: 100 },
  );
});
