/** @file The weights of a file, where a job asks for them, in the place of those that its network brings along. */
import { LimpidError } from "../errors.ts";
import type { TakenWeights } from "../formats/torch-pickle/checkpoint.ts";
import type { Graph } from "../graph/graph.ts";
import type { LoadedWeights } from "../graph/load-weights.ts";
import { say, type Message } from "../wording/face.ts";
import { listedNames } from "../wording/listed-names.ts";
import { baseName } from "../wording/paths.ts";
import type { JobContext } from "./context.ts";

/**
 * The network that `open` gives, with the weights that the job asks for if it does; a note says what came together.
 * Throws as `readWeightFile` and `loadWeights`.
 */
export async function withAskedWeights(
  open: () => Promise<Graph>,
  { weights: path, platform, onNote }: Pick<JobContext, "weights" | "platform" | "onNote">,
): Promise<Graph> {
  if (path === undefined) return open();
  const { readWeightFile } = await import("../formats/weight-file.ts");
  const { loadWeights } = await import("../graph/load-weights.ts");
  // The network comes last, since what is opened last is told to be the network.
  const file = await readWeightFile(await platform.source(path));
  const graph = await open();
  const loaded = named(path, () => loadWeights(graph, file.tensors));
  onNote?.(loadedText(baseName(path), loaded, file));
  return loaded.graph;
}

/** Puts the name of the file before what does not fit. */
function named(path: string, load: () => LoadedWeights): LoadedWeights {
  try {
    return load();
  } catch (cause) {
    if (!(cause instanceof LimpidError) || cause.code !== "bad-file") throw cause;
    throw new LimpidError("bad-file", say`"${path}": ${cause.said}`, { cause });
  }
}

function loadedText(
  name: string,
  { loaded, kept, unused }: LoadedWeights,
  { taken, passedOver }: TakenWeights,
): Message {
  const all = loaded.length + kept.length;
  const stay = kept.length === 1 ? "1 stays as it was" : `${kept.length} stay as they were`;
  const left = kept.length === 0 ? "" : ` ${stay}: ${listedNames(kept)}.`;
  const beside = unused.length === 0 ? "" : ` Not used of the file: ${listedNames(unused)}.`;
  const what = taken === "" ? "what lies at its top" : `"${taken}"`;
  const choice =
    passedOver.length === 0
      ? ""
      : ` Of the file, ${what} was taken, and passed over: ${listedNames(passedOver)}.`;
  return say`${loaded.length} of the network's ${all} weights are those of "${name}".${choice}${left}${beside}`;
}
