/** @file Which node's numbers are wrong, where a network as it is traced does not give what it gives as it is. */
import { cut } from "../../graph/edit.ts";
import type { Graph, Node } from "../../graph/graph.ts";
import { toFloat32, type Tensor } from "../../graph/tensor.ts";
import { runDims } from "../../network/batches.ts";
import type { Model } from "../../network/model.ts";
import { repeatRow } from "../../network/run-rows.ts";
import type { Runtime, Tensors } from "../../runtime/runtime.ts";

/** What the two may differ by, as a share of the largest number: an order of sums, or another device's arithmetic. */
export const forwardTolerance = 1e-2;

/**
 * The first node whose numbers differ for a picture [1, C, H, W] between a traced graph and the network that was not
 * traced, on its own runtime or on another; undefined where none that both have does.
 */
export async function firstDifference(
  model: Model,
  traced: Graph,
  picture: Tensor,
  reference: Runtime = model.runtime,
): Promise<Node | undefined> {
  const known = new Set(model.graph.nodes.flatMap(({ outputs }) => outputs));
  const nodes = traced.nodes.filter(
    ({ outputs: [first] }) => known.has(first!) && traced.shapes.get(first!)?.type === "float32",
  );
  const names = nodes.map(({ outputs }) => outputs[0]!);
  const dims = runDims(model, picture.dims);
  const feeds = { [model.input.name]: repeatRow(toFloat32(picture), dims[0]!, dims.slice(1)) };
  const own = await runOnce(model.runtime, cut(traced, { outputs: names }), feeds);
  const plain = await runOnce(reference, cut(model.graph, { outputs: names }), feeds);
  return nodes.find(
    ({ outputs: [name] }) =>
      distance(toFloat32(own[name!]!), toFloat32(plain[name!]!)) > forwardTolerance,
  );
}

async function runOnce(runtime: Runtime, graph: Graph, feeds: Tensors): Promise<Tensors> {
  const session = await runtime.open(graph, { optimization: "none" });
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

/** Largest difference of numbers from others, as a share of the largest of these. */
export function distance(one: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let [largest, apart] = [1e-6, 0];
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [one[i]!, wanted[i]!];
    if (Number.isFinite(b)) largest = Math.max(largest, Math.abs(b));
    if (Object.is(a, b) || a === b) continue;
    const gap = Math.abs(a - b);
    apart = Number.isFinite(gap) ? Math.max(apart, gap) : Number.POSITIVE_INFINITY;
  }
  return apart / largest;
}
