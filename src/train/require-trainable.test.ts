/** @file Networks that cannot be trained are refused before anything starts; all others make a step that compiles. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { tensorOf } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { weightOptimizers } from "../optimize/index.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { fineTunedNetwork } from "./fine-tune.ts";
import { lossOf } from "./losses.ts";
import { buildTrainingStep } from "./step.ts";

const runtime = createNodeRuntime({ threads: 1 });

/** What may stand before, between and behind the weights, and whether a gradient passes it. */
const kinds = {
  rectifier: true,
  "steps of whole numbers": false,
  "a branch that is chosen while it runs": false,
} as const;

type Kind = keyof typeof kinds;

/** Either branch reads the value from outside of itself, and values of its own. */
function branch(operator: string, from: string, name: string): Graph {
  const node: Node = {
    name,
    operator,
    domain: "",
    inputs: [from],
    outputs: [name],
    attributes: {},
  };
  return {
    name,
    inputs: [],
    outputs: [{ name, type: "float32", dims: undefined }],
    nodes: [node],
    initializers: new Map(),
    shapes: new Map(),
    metadata: new Map(),
  };
}

/** The graph with a value computed by a branch, where such is asked for. */
function withBranches(graph: Graph): Graph {
  const nodes = graph.nodes.map((node): Node => {
    if (!node.name.startsWith("branched")) return node;
    const [condition, x] = node.inputs as [string, string, string];
    return {
      ...node,
      operator: "If",
      inputs: [condition],
      attributes: {
        then_branch: { kind: "graph", value: branch("Neg", x, `${node.name}/yes`) },
        else_branch: { kind: "graph", value: branch("Identity", x, `${node.name}/no`) },
      },
    };
  });
  return { ...graph, nodes, shapes: new Map() };
}

function stepped(b: GraphBuilder, x: Value, kind: Kind, name: string): Value {
  if (kind === "rectifier") return b.op("Relu", [x], {}, name);
  if (kind === "steps of whole numbers") return b.op("Floor", [x], {}, name);
  const axes = x.dims.map((_, axis) => axis);
  const isBright = b.greater(b.reduceMean(x, axes, false), b.scalar(0.1));
  return b.op("Where", [isBright, x, x], {}, `branched-${name}`);
}

/** Convolution and dense layer, with something before, between and behind them. */
function network(before: Kind, between: Kind, behind: Kind): Model {
  const b = new GraphBuilder();
  const x = stepped(b, b.input("x", [2, 2, 4, 4], "float32", ["N", 2, 4, 4]), before, "before");
  const kernel = b.initializer("kernel", tensorOf("float32", [3, 2, 1, 1], [1, 2, 3, -1, 2, -3]));
  const conv = b.op("Conv", [x, kernel], {}, "conv");
  const means = b.reduceMean(stepped(b, conv, between, "between"), [2, 3], false);
  const dense = b.initializer("dense", tensorOf("float32", [3, 2], [1, 2, 3, -1, 2, -3]));
  b.output(stepped(b, b.op("MatMul", [means, dense], {}, "scores"), behind, "behind"));
  return new Model(withBranches(b.build()), runtime, { kind: "classes" });
}

const kind = fc.constantFrom(...(Object.keys(kinds) as Kind[]));
const drawn = fc.record({
  before: kind,
  between: kind,
  behind: kind,
  isFrozen: fc.boolean(),
  units: fc.constantFrom(2, 3),
});

/** What must be said; undefined where the network can be trained. */
function refusalOf({
  before,
  between,
  behind,
  isFrozen,
  units,
}: typeof drawn extends fc.Arbitrary<infer T> ? T : never) {
  const isKept = units === 2;
  const parts = [before, between, ...(isKept ? [behind] : [])];
  if (parts.includes("a branch that is chosen while it runs")) return /got If \("/;
  if (isKept && behind === "steps of whole numbers") return /got none for .*"dense"/;
  if (!isFrozen && between === "steps of whole numbers") return /got none for "kernel"/;
  return undefined;
}

test("what stands between weights and answer decides, and what is frozen does not count", async () => {
  const seen = { refused: 0, trained: 0 };
  await fc.assert(
    fc.asyncProperty(drawn, async (made) => {
      const model = network(made.before, made.between, made.behind);
      const planned = fineTunedNetwork(model, {
        batchSize: 2,
        units: made.units,
        ...(made.isFrozen ? { freezeUpTo: "conv" } : {}),
      });
      const refusal = refusalOf(made);
      if (refusal) {
        seen.refused += 1;
        await expect(planned).rejects.toThrow(refusal);
        return;
      }
      const { network: trainable, frozen } = await planned;
      const loss = lossOf(trainable);
      const optimizer = weightOptimizers.sgd(0);
      const design = { network: trainable, batchSize: 2, loss, optimizer, frozen };
      const session = await runtime.open(buildTrainingStep(design).graph);
      await session.release();
      seen.trained += 1;
    }),
    { numRuns: 150 },
  );
  expect(Math.min(seen.refused, seen.trained)).toBeGreaterThan(20);
});
