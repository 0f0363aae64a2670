/** @file Scores without gradients: of pictures as they are, and of one picture changed in many ways. */
import type { StopSignal } from "../../errors.ts";
import { cut } from "../../graph/edit.ts";
import type { Graph } from "../../graph/graph.ts";
import { elementCount, sizeInBytes, tensor, type Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { largestBatch, runDims } from "../../network/batches.ts";
import { layerRun } from "../../network/known-layer.ts";
import { repeatRow, rowData, runRows } from "../../network/run-rows.ts";
import {
  fedClasses,
  logitOf,
  probabilityOf,
  type ClassTargets,
} from "../../scores/class-targets.ts";
import { explainedScore, type ExplainedScore } from "../../scores/explained-score.ts";

/** What one picture gave. */
export interface ScoredRow extends ExplainedScore {
  /** Values in the order asked, each without the batch axis. */
  readonly values: readonly Float32Array[];
}

export interface ScoreRequest {
  readonly targets: ClassTargets;
  /** Values that are wanted beside the scores. */
  readonly values?: readonly string[];
  /** A layer that gradients are asked at of the same pictures: its value is made too, in the same session for all. */
  readonly layer?: string | undefined;
  /** Whether that value is kept for them. */
  readonly keeps?: boolean;
  readonly signal?: StopSignal;
}

/** Scores and values of every picture of `input` [N, C, H, W]. Throws as `explainRows`. */
export async function scoreRows(
  model: Model,
  input: Tensor,
  request: ScoreRequest,
): Promise<ScoredRow[]> {
  model.requirePictures(input);
  const dims = runDims(model, input.dims);
  const traced = await model.at(dims);
  const units = elementCount(traced.shapes.get(model.explained)!.dims) / dims[0]!;
  const targets = fedClasses(request.targets, input.dims[0]!, units, model.head.kind);
  const { values = [], layer, keeps = false, signal } = request;
  const run = layer === undefined ? undefined : await layerRun(model, traced, layer, input);
  const graph = scoringGraph(traced, model, undefined, run ? [...values, layer!] : values);
  const pictures = run?.pictures ?? input;
  const rows = { graph, batch: dims[0]!, pictures, ...(signal ? { signal } : {}) };
  return runRows(model, rows, (result) => {
    if (keeps) run?.keep(result);
    const scores = Array.from(result.of(model.explained));
    const logits = Array.from(result.of(model.logits));
    return {
      ...explainedScore(model, scores, logits, targets[result.row]!),
      values: values.map((name) => result.of(name)),
    };
  });
}

/** One picture changed in `count` ways. */
export interface Perturbations {
  /** The picture's own, [C, H, W] without a batch axis. */
  readonly dims: readonly number[];
  readonly count: number;
  /** The class whose score is wanted. */
  readonly target: number;
  /** What is wanted of the class: what the model explains by default, or the probability where there is one. */
  readonly of?: "score" | "probability";
  /** Changes are made to this value instead of the input; `picture` is fed where paths lead around it. */
  readonly layer?: string;
  readonly picture?: Float32Array;
  /** Writes the whole of change number `index` into `into`, which holds something else. */
  write(index: number, into: Float32Array): void;
  /** Told of the share of the changes that is done, from 0 to 1. */
  onProgress?(share: number): void;
  readonly signal: StopSignal | undefined;
}

/** The target's score, or probability, of every change, [count], computed in batches that fit the memory. */
export async function perturbedScores(model: Model, request: Perturbations): Promise<Float64Array> {
  const { count, layer, picture, signal } = request;
  const batch = await batchSize(model, request);
  const traced = await model.at([batch, ...request.dims]);
  const graph = scoringGraph(traced, model, layer, []);
  const changed = layer ?? model.input.name;
  const dims = [batch, ...traced.shapes.get(changed)!.dims.slice(1)];
  const size = elementCount(dims) / batch;
  const fed = new Set(graph.inputs.map(({ name }) => name));
  const around =
    layer !== undefined && fed.has(model.input.name)
      ? { [model.input.name]: repeatRow(picture!, batch, request.dims) }
      : {};
  const scores = new Float64Array(count);
  // A new array for each batch would keep the collector busy for a tenth of the time.
  const data = new Float32Array(batch * size);
  for (let first = 0; first < count; first += batch) {
    const filled = Math.min(batch, count - first);
    data.fill(0, filled * size);
    for (let i = 0; i < filled; i++) {
      request.write(first + i, data.subarray(i * size, (i + 1) * size));
    }
    // A layer that does not lead to the class is no input of the graph.
    const feeds = fed.has(changed)
      ? { ...around, [changed]: tensor("float32", dims, data) }
      : around;
    const results = await model.runtime.run(graph, feeds, signal ? { signal } : {});
    for (let i = 0; i < filled; i++) scores[first + i] = scoreOf(model, results, request, i);
    request.onProgress?.((first + filled) / count);
  }
  return scores;
}

/** What changes are scored by where the probability is wanted: the score itself where there is none. */
export function chanceName({ head, scoreName }: Model): string {
  return head.probabilities === "none" ? scoreName : "probability";
}

function rowNumbers(value: Tensor, row: number): number[] {
  return Array.from(rowData(value, row));
}

function scoreOf(
  model: Model,
  results: Readonly<Record<string, Tensor>>,
  { of, target }: Perturbations,
  row: number,
): number {
  const { head } = model;
  if (of === "probability") {
    const probability = probabilityOf(rowNumbers(results[model.logits]!, row), target, head);
    if (probability !== null) return probability;
  }
  return logitOf(rowNumbers(results[model.explained]!, row), target, head.kind);
}

/** What all values of a run may take together; a runtime frees most of them on the way. */
const scoresBudgetBytes = 1024 ** 3;

/** How many changes of a picture [C, H, W] run at once, when the values of all may take `budgetBytes` together. */
export async function batchSize(
  model: Model,
  { dims, count }: Pick<Perturbations, "dims" | "count">,
  budgetBytes = scoresBudgetBytes,
): Promise<number> {
  if (model.fixedBatch !== undefined) return model.fixedBatch;
  const single = await model.at([1, ...dims]);
  const bytes = [...single.shapes.values()].reduce((sum, shape) => sum + sizeInBytes(shape), 0);
  return Math.max(Math.min(count, largestBatch, Math.floor(budgetBytes / bytes)), 1);
}

/** Graphs by what is asked of them, so that the runtime finds its session again. */
const built = new WeakMap<Graph, Map<string, Graph>>();

function scoringGraph(
  traced: Graph,
  model: Model,
  layer: string | undefined,
  values: readonly string[],
): Graph {
  const known = built.get(traced) ?? new Map<string, Graph>();
  built.set(traced, known);
  const key = JSON.stringify([layer ?? null, model.explained, values]);
  const outputs = [...new Set([model.explained, model.logits, ...values])];
  const graph =
    known.get(key) ?? cut(traced, layer === undefined ? { outputs } : { outputs, inputs: [layer] });
  known.set(key, graph);
  return graph;
}
