/** @file Whether a network computes the same as the file that it was written to. */
import { distance } from "../../attribution/check/first-difference.ts";
import { isFailure, LimpidError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import { toNumbers, type Tensor } from "../../graph/tensor.ts";
import type { Runtime, Tensors } from "../../runtime/runtime.ts";
import { formatNumber } from "../../wording/numbers.ts";
import { usualLimits } from "../../wording/limits.ts";
import { say } from "../../wording/face.ts";
import type { JobContext } from "../context.ts";
import { randomFeeds } from "./random-feeds.ts";
import type { Comparison } from "./schema.ts";

/** What outputs may differ by, as a share of their largest number. */
const mostDifference = 1e-4;

/**
 * Runs both on the same random input. Null, with a note, where the network itself cannot be run. Throws `runtime` where
 * only the written one cannot, or where an output differs by more than `mostDifference`.
 */
export async function compareRuns(
  read: Graph,
  written: Graph,
  runtime: Runtime,
  seed: number,
  context: JobContext,
): Promise<Comparison | null> {
  const run = await runOfOwn(read, runtime, seed, context);
  if (!run) return null;
  const { feeds, results } = run;
  const again = await runOnce(written, runtime, feeds, context);
  const outputs = Object.entries(results).map(([name, value]) => ({
    name,
    difference: differenceOf(again[name], value),
  }));
  for (const { name, difference } of outputs) {
    if (difference <= mostDifference) continue;
    throw new LimpidError(
      "runtime",
      `convert: output "${name}" must be the same in the file that is written, got a difference of ${formatNumber(difference)} of its largest number. nothing was written; please report the model.`,
    );
  }
  const inputs = Object.entries(feeds).map(([name, { dims }]) => ({ name, shape: [...dims] }));
  return { seed, inputs, outputs };
}

async function runOfOwn(
  graph: Graph,
  runtime: Runtime,
  seed: number,
  context: JobContext,
): Promise<{ readonly feeds: Tensors; readonly results: Tensors } | undefined> {
  try {
    const feeds = randomFeeds(graph, seed, runtime.limits ?? usualLimits);
    return { feeds, results: await runOnce(graph, runtime, feeds, context) };
  } catch (error) {
    if (!isFailure(error)) throw error;
    context.onNote?.(
      say`the network could not be run, so numbers were not compared: ${error.said}`,
    );
    return undefined;
  }
}

async function runOnce(
  graph: Graph,
  runtime: Runtime,
  feeds: Tensors,
  { signal }: JobContext,
): Promise<Tensors> {
  const session = await runtime.open(graph, { optimization: "none" });
  try {
    return await session.run(feeds, { signal });
  } finally {
    await session.release();
  }
}

function differenceOf(one: Tensor | undefined, wanted: Tensor): number {
  if (!one || String(one.dims) !== String(wanted.dims)) return Number.POSITIVE_INFINITY;
  if (wanted.type === "string") return String(one.data) === String(wanted.data) ? 0 : 1;
  return distance(toNumbers(one), toNumbers(wanted));
}
