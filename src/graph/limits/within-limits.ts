/** @file Whether a graph may run at all: looked at before ONNX Runtime sees it. */
import { LimpidError } from "../../errors.ts";
import { subgraphsOf } from "../inference/subgraphs.ts";
import { option, say } from "../../wording/face.ts";
import { roomySizeText, sizeText, type Limits } from "../../wording/limits.ts";
import { cut } from "../edit.ts";
import type { Graph } from "../graph.ts";
import { probeName, withShapeProbes, type Execute } from "../shape-probes.ts";
import { elementCount, formatShape, sizeInBytes, toNumbers, type Tensor } from "../tensor.ts";
import { Budget } from "./budget.ts";
import type { Known } from "./known-values.ts";
import { NeedsRun } from "./sized-node.ts";
import { Walk } from "./walk.ts";

/** Runs of parts of a graph that may be needed to learn the sizes of the rest. */
const mostRuns = 32;

/**
 * Throws `over-limit` where a run would take more memory or time than the limits say, and `bad-file` for nodes that ONNX
 * Runtime would not survive. Sizes that only a run tells are learned by runs of the part before them.
 */
export async function requireWithinLimits(
  graph: Graph,
  feeds: Readonly<Record<string, Tensor>>,
  execute: Execute,
  limits: Limits,
): Promise<void> {
  let fileBytes = 0;
  for (const value of graph.initializers.values()) fileBytes += sizeInBytes(value);
  const fedBytes = Object.values(feeds).reduce((sum, value) => sum + sizeInBytes(value), 0);
  const budget = new Budget(limits, fileBytes, fedBytes);
  budget.checkNodes(graph.nodes.length);
  const fed = new Map(
    Object.entries(feeds).map(([name, { type, dims }]) => [name, { type, dims, varies: true }]),
  );
  const found = new Map<string, Known>();
  const bodies = hasBodies(graph) ? await import("./bodies.ts") : undefined;
  for (let run = 0; ; run++) {
    const walk = new Walk(graph, { budget, found, bodies });
    try {
      walk.go(fed);
      return;
    } catch (error) {
      if (!(error instanceof NeedsRun)) throw error;
      if (run === mostRuns) throw tooManyRuns(error.value);
      await learn(walk, error.value, feeds, execute, found);
    }
  }
}

/** Whether graphs lie inside of it, as branches and loops have them. */
function hasBodies({ nodes }: Graph): boolean {
  return nodes.some((node) => subgraphsOf(node).length > 0);
}

/** Elements that one array of JavaScript's holds. */
const mostElements = 2 ** 32;

/** Throws `over-limit` for a float32 value that is larger than the memory may be; `where` names it. */
export function requireRoom(where: string, dims: readonly number[], { memoryBytes }: Limits): void {
  const bytes = sizeInBytes({ type: "float32", dims });
  if (bytes <= memoryBytes && elementCount(dims) <= mostElements) return;
  const most = Math.min(memoryBytes, mostElements * 4);
  throw new LimpidError(
    "over-limit",
    say`${where} must take at most ${sizeText(most)} of memory, got ${formatShape(dims)}, which takes ${sizeText(bytes)}. use a smaller one, or give ${option("memory-limit", roomySizeText(bytes))}.`,
  );
}

function tooManyRuns(value: string): LimpidError {
  return new LimpidError(
    "over-limit",
    `limits: sizes must be known after at most ${mostRuns} runs of parts of the network, got none for "${value}". fix the input size and export the model again.`,
  );
}

/** Runs the part before a value: its numbers, if it is constant, and all sizes on the way there that are not known. */
async function learn(
  { graph, values }: Walk,
  value: string,
  feeds: Readonly<Record<string, Tensor>>,
  execute: Execute,
  found: Map<string, Known>,
): Promise<void> {
  const part = cut(graph, { outputs: [value] });
  const made = part.nodes.flatMap((node) => node.outputs.filter(Boolean));
  const open = made.filter((name) => values.of(name).dims === undefined);
  const wanted = values.of(value).varies ? [] : [value];
  const given = part.inputs.map(({ name }) => [name, feeds[name]!] as const);
  const results = await execute(withShapeProbes(part, open, wanted), Object.fromEntries(given));
  for (const name of open) {
    found.set(name, { ...values.of(name), dims: toNumbers(results[probeName(name)]!) });
  }
  const told = results[value];
  if (!told) return;
  const numbers = told.type === "string" ? [] : toNumbers(told);
  found.set(value, { type: told.type, dims: told.dims, numbers, varies: false });
}
