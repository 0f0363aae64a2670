/** @file Directions in which what all activations have in common counts less. */
import { GraphBuilder } from "../../graph/builder.ts";
import { tensor } from "../../graph/tensor.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { solveFactored, triangularFactor } from "../../symmetric-systems.ts";
import type { Rows } from "../maps/nearest-rows.ts";

/** What is added to the diagonal, as a share of its mean: channels that hardly ever answer would else count above all. */
const ridge = 0.1;

/**
 * Directions v as v S^-1, S being the mean product of channels with channels over the activations (Carter et al. 2019); each as
 * long as 1.
 */
export async function whitened(
  runtime: Runtime,
  activations: Rows,
  directions: Rows,
): Promise<Float32Array> {
  const { length } = activations;
  const factor = triangularFactor(await productsOf(runtime, activations), length)!;
  const found = new Float32Array(directions.data.length);
  for (let from = 0; from < found.length; from += length) {
    const own = Float64Array.from(directions.data.subarray(from, from + length));
    const solved = solveFactored(factor, own, length);
    const norm = Math.sqrt(solved.reduce((sum, value) => sum + value * value, 0));
    found.set(
      solved.map((value) => value / Math.max(norm, 1e-30)),
      from,
    );
  }
  return found;
}

/** The mean products of channels with channels, with the ridge; [length, length]. */
async function productsOf(runtime: Runtime, { data, length }: Rows): Promise<Float64Array> {
  const b = new GraphBuilder();
  const rows = b.input("rows", [data.length / length, length]);
  b.output(b.op("MatMul", [b.transpose(rows, [1, 0]), rows], {}, "products"));
  const found = await runtime.run(b.build("products"), {
    rows: tensor("float32", [data.length / length, length], data),
  });
  const count = data.length / length;
  const products = Float64Array.from(found["products"]!.data as Float32Array, (x) => x / count);
  let trace = 0;
  for (let i = 0; i < length; i++) trace += products[i * length + i]!;
  for (let i = 0; i < length; i++) products[i * length + i]! += (ridge * trace) / length;
  return products;
}
