/** @file Scores without gradients: of pictures as they are, and of one picture changed in many ways. */
import type { StopSignal } from "../../errors.ts";
import { cut } from "../../graph/edit.ts";
import type { Graph } from "../../graph/graph.ts";
import { elementCount, sizeInBytes, tensor, toNumbers, type Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { batchesOf } from "../../network/batches.ts";
import { runDims } from "../../network/batches.ts";
import {
  fedTargets,
  logitOf,
  probabilityOf,
  targetOf,
  type Targets,
} from "../../scores/targets.ts";

/** What one picture gave. */
export interface ScoredRow {
  readonly target: number;
  /** What is explained: the logit, or the probability if the model keeps its activation. */
  readonly score: number;
  readonly logit: number;
  readonly probability: number;
  /** Values in the order asked, each without the batch axis. */
  readonly values: readonly Float32Array[];
}

export interface ScoreRequest {
  readonly targets: Targets;
  /** Values that are wanted beside the scores. */
  readonly values?: readonly string[];
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
  const targets = fedTargets(request.targets, input.dims[0]!, units);
  const { values = [], signal } = request;
  const graph = scoringGraph(traced, model, undefined, values);
  const scored: ScoredRow[] = [];
  for (const { pictures, rows } of batchesOf(input, dims[0]!)) {
    const feeds = { [model.input.name]: pictures };
    const results = await model.runtime.run(graph, feeds, signal ? { signal } : {});
    for (const [i, row] of rows.entries()) {
      const scores = rowOf(results[model.explained]!, i);
      const logits = rowOf(results[model.head.logits]!, i);
      const target = targetOf(targets[row]!, scores.length === 1 ? logits : scores);
      scored.push({
        target,
        score: logitOf(scores, target),
        logit: logitOf(logits, target),
        probability: probabilityOf(logits, target, model.head.activation),
        values: values.map((name) => Float32Array.from(rowOf(results[name]!, i))),
      });
    }
  }
  return scored;
}

function rowOf(value: Tensor, row: number): number[] {
  const size = value.data.length / value.dims[0]!;
  return toNumbers({ ...value, data: value.data.slice(row * size, (row + 1) * size) });
}

/** One picture changed in `count` ways. */
export interface Perturbations {
  /** The picture's own, [C, H, W] without a batch axis. */
  readonly dims: readonly number[];
  readonly count: number;
  /** The class whose score is wanted. */
  readonly target: number;
  /** What is wanted of the class: what the model explains by default, or always the probability. */
  readonly of?: "score" | "probability";
  /** Changes are made to this value instead of the input; `picture` is fed where paths lead around it. */
  readonly layer?: string;
  readonly picture?: Float32Array;
  /** Writes the whole of change number `index` into `into`, which holds something else. */
  write(index: number, into: Float32Array): void;
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
      ? { [model.input.name]: repeated(picture!, [batch, ...request.dims]) }
      : {};
  const scores = new Float64Array(count);
  for (let first = 0; first < count; first += batch) {
    const data = new Float32Array(batch * size);
    const filled = Math.min(batch, count - first);
    for (let i = 0; i < filled; i++) {
      request.write(first + i, data.subarray(i * size, (i + 1) * size));
    }
    // A layer that does not lead to the class is no input of the graph.
    const feeds = fed.has(changed)
      ? { ...around, [changed]: tensor("float32", dims, data) }
      : around;
    const results = await model.runtime.run(graph, feeds, signal ? { signal } : {});
    for (let i = 0; i < filled; i++) scores[first + i] = scoreOf(model, results, request, i);
  }
  return scores;
}

function scoreOf(
  model: Model,
  results: Readonly<Record<string, Tensor>>,
  { of, target }: Perturbations,
  row: number,
): number {
  if (of !== "probability") return logitOf(rowOf(results[model.explained]!, row), target);
  return probabilityOf(rowOf(results[model.head.logits]!, row), target, model.head.activation);
}

function repeated(picture: Float32Array, dims: readonly number[]): Tensor {
  const data = new Float32Array(elementCount(dims));
  for (let at = 0; at < data.length; at += picture.length) data.set(picture, at);
  return tensor("float32", dims, data);
}

/** More pictures at once gain no time on a processor. */
const largestBatch = 16;
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
  const outputs = [...new Set([model.explained, model.head.logits, ...values])];
  const graph =
    known.get(key) ?? cut(traced, layer === undefined ? { outputs } : { outputs, inputs: [layer] });
  known.set(key, graph);
  return graph;
}
