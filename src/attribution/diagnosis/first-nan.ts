/** @file Pictures for which a network gives no number, and the first node that gives none. */
import { LimpidError } from "../../errors.ts";
import { cut } from "../../graph/edit.ts";
import type { Graph, Node } from "../../graph/graph.ts";
import { elementCount, tensor, toFloat32, type Tensor } from "../../graph/tensor.ts";
import { runDims } from "../../network/batches.ts";
import type { Model } from "../../network/model.ts";
import { repeatRow } from "../../network/run-rows.ts";
import type { Heatmap } from "../heatmap.ts";

/**
 * Throws `runtime` where what is explained of one of the pictures [N, C, H, W] is NaN though the picture itself is not:
 * its map would show nothing.
 */
export async function requireNumbers(
  model: Model,
  pictures: Tensor,
  maps: readonly Pick<Heatmap, "score">[],
): Promise<void> {
  const row = maps.findIndex(({ score }) => Number.isNaN(score));
  if (row < 0) return;
  const dims = [1, ...pictures.dims.slice(1)];
  const size = elementCount(dims);
  const data = (pictures.data as Float32Array).slice(row * size, (row + 1) * size);
  if (!data.every((value) => Number.isFinite(value))) return;
  const node = await firstNaN(model, tensor("float32", dims, data));
  const at = node ? `, first at ${node.operator} ("${node.name}")` : "";
  const which = maps.length > 1 ? `picture ${row + 1}` : "this picture";
  throw new LimpidError(
    "runtime",
    `score: the network must give a number for ${which}, got NaN${at}: something has no result for what it gets, as the logarithm of a negative number has none. check how the input is prepared, and the network.`,
  );
}

/** The first node that gives NaN for a picture [1, C, H, W]; undefined where none gives any in a run of its own. */
async function firstNaN(model: Model, picture: Tensor): Promise<Node | undefined> {
  const dims = runDims(model, picture.dims);
  const traced = await model.at(dims);
  const nodes = traced.nodes.filter((node) => isFloat(traced, node));
  const names = nodes.map(({ outputs }) => outputs[0]!);
  const session = await model.runtime.open(cut(traced, { outputs: names }), {
    optimization: "none",
  });
  try {
    const fed = repeatRow(toFloat32(picture), dims[0]!, dims.slice(1));
    const values = await session.run({ [model.input.name]: fed });
    return nodes.find(({ outputs: [name] }) =>
      toFloat32(values[name!]!).some((value) => Number.isNaN(value)),
    );
  } finally {
    await session.release();
  }
}

function isFloat(traced: Graph, { outputs: [first] }: Node): boolean {
  return traced.shapes.get(first!)?.type === "float32";
}
