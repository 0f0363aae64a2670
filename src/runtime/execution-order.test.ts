/** @file In which order ONNX Runtime runs nodes, on which it depends how long values live. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, boolean, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { differentiate } from "../autodiff/differentiate.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { cut, valuesRead } from "../graph/edit.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { withShapeProbes } from "../graph/shape-probes.ts";
import { tensorOf } from "../graph/tensor.ts";
import { withLateMasks } from "./late-masks.ts";
import { nodeSettings } from "./onnxruntime-node.ts";
import { ort } from "./onnxruntime-silent.ts";
import { createRuntime } from "./onnxruntime.ts";
import type { SessionOptions } from "./runtime.ts";

/** Names of the nodes that ONNX Runtime ran, in its order. */
async function executed(graph: Graph, options: SessionOptions): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "limpid-order-"));
  const profiled: ort.InferenceSession[] = [];
  const create = async (model: Uint8Array, given: ort.InferenceSession.SessionOptions) => {
    const profileFilePrefix = join(folder, "run");
    const session = await ort.InferenceSession.create(model, {
      ...given,
      enableProfiling: true,
      profileFilePrefix,
    });
    profiled.push(session);
    return session;
  };
  try {
    const api = { InferenceSession: { create }, Tensor: ort.Tensor };
    const session = await createRuntime("profiled", api, nodeSettings({}).settings).open(
      graph,
      options,
    );
    const { name, dims } = graph.inputs[0]!;
    const sizes = dims as number[];
    const length = sizes.reduce((product, size) => product * size, 1);
    await session.run({ [name]: tensorOf("float32", sizes, Array<number>(length).fill(1)) });
    profiled[0]!.endProfiling();
    await session.release();
    const events = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]!), "utf8")) as {
      readonly cat: string;
      readonly name: string;
    }[];
    return events
      .filter(({ cat, name: event }) => cat === "Node" && event.endsWith("_kernel_time"))
      .map(({ name: event }) => event.slice(0, -"_kernel_time".length));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the shape of a value is read before the next one is made", async () => {
  const b = new GraphBuilder();
  let value = b.input("x", [1, 2, 3]);
  for (let i = 0; i < 5; i++) value = b.op("Sqrt", [value], {}, `value${i}`);
  b.output(value);
  const graph = b.build();
  const names = graph.nodes.flatMap(({ outputs }) => outputs);
  const order = await executed(withShapeProbes(graph, names, []), { optimization: "none" });
  expect(order).toEqual(names.flatMap((name) => [name, `${name}/measured-shape`]));
});

test.skipIf(process.arch !== "x64")(
  "the mask of a rectifier before a pool is made when the pool's gradient is there",
  async () => {
    const b = new GraphBuilder();
    const weights = b.fill([16, 16, 3, 3], 0.1);
    const convolved = () => b.op("Conv", [value, weights], { pads: [1, 1, 1, 1] });
    let value = b.input("x", [1, 16, 8, 8]);
    for (const part of ["first", "second"]) {
      b.scope = `${part}/`;
      value = convolved();
      value = b.op("Relu", [value]);
      value = b.op("MaxPool", [value], { kernel_shape: [2, 2], strides: [2, 2] });
    }
    b.scope = "";
    const sum = b.reduceSum(value, [0, 1, 2, 3], false);
    b.output(sum);
    const { graph, gradients } = differentiate(b.build(), { of: sum.name, wrt: ["x"] });
    const order = await executed(cut(graph, { outputs: [gradients.get("x")!] }), {});
    const masks = order.flatMap((name, i) => (/Relu\/Cast/.test(name) ? [i] : []));
    const pools = order.flatMap((name, i) => (/MaxPool\/MaxPool/.test(name) ? [i] : []));
    expect(masks).toHaveLength(2);
    expect(Math.min(...masks)).toBeGreaterThan(Math.min(...pools));
  },
);

test.skipIf(process.arch !== "x64").each([true, false])(
  "a pool is in blocks where a convolution's weights are constant (%s), not where they are fed",
  async (isConstant) => {
    const b = new GraphBuilder();
    const x = b.input("x", [16, 16, 4, 4]);
    const weights = isConstant ? b.fill([16, 16, 1, 1], 1) : b.slice(x, [0, 0], [1, 1], [2, 3]);
    const pool = { kernel_shape: [2, 2], strides: [2, 2] };
    b.output(b.op("MaxPool", [b.op("Conv", [x, weights])], pool, "pool"));
    const order = await executed(b.build(), {});
    expect(order.some((name) => name === "pool_nchwc")).toBe(isConstant);
  },
);

/** Graphs of nodes that read one or two of the values before them. */
const drawn = array(
  record({
    reads: array(integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 2 }),
    isMask: boolean(),
  }),
  { minLength: 1, maxLength: 20 },
);

test("late masks stand right before their first reader, and every node behind what it reads", () => {
  assert(
    property(drawn, (parts) => {
      const nodes = parts.map(({ reads }, i): Node => ({
        name: `${i}`,
        operator: "Sum",
        domain: "",
        inputs: reads.map((read) => `v${(read % (i + 1)) - 1}`),
        outputs: [`v${i}`],
        attributes: {},
      }));
      const masks = new Set(parts.flatMap(({ isMask }, i) => (isMask ? [`v${i}`] : [])));
      const outputs = new Set([`v${parts.length - 1}`]);
      const ordered = withLateMasks(nodes, masks, outputs);
      expect(new Set(ordered)).toEqual(new Set(nodes));
      expect(ordered).toHaveLength(nodes.length);
      const place = new Map(ordered.map(({ outputs: [name] }, i) => [name!, i]));
      for (const [i, node] of ordered.entries()) {
        for (const name of valuesRead(node)) expect(place.get(name) ?? -1).toBeLessThan(i);
        const [made = ""] = node.outputs;
        const first = ordered.findIndex((other) => valuesRead(other).includes(made));
        if (!masks.has(made) || outputs.has(made) || first < 0) continue;
        const between = ordered.slice(i + 1, first).flatMap((other) => other.outputs);
        expect(between.every((name) => isForLateOnly(name, ordered, masks, outputs))).toBe(true);
      }
    }),
  );
});

/** Whether a value is a mask or read by what makes masks alone, so that it is late itself. */
function isForLateOnly(
  name: string,
  nodes: readonly Node[],
  masks: ReadonlySet<string>,
  outputs: ReadonlySet<string>,
): boolean {
  if (outputs.has(name)) return false;
  if (masks.has(name)) return true;
  const readers = nodes.filter((node) => valuesRead(node).includes(name));
  return readers.every(({ outputs: [made] }) => isForLateOnly(made!, nodes, masks, outputs));
}
