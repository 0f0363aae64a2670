/** @file The shared first step of gradient methods: activations, logits and gradients of chosen targets in one run. */
import { OnceEach } from "../../once.ts";
import { rulesBetween } from "../../autodiff/path.ts";
import { differentiateBy } from "../../autodiff/reverse-walk.ts";
import type { RuleTable } from "../../autodiff/rule.ts";
import type { StopSignal } from "../../errors.ts";
import { GraphBuilder, type Value } from "../../graph/builder.ts";
import { cut } from "../../graph/edit.ts";
import type { Graph } from "../../graph/graph.ts";
import { elementCount, tensorOf, type Tensor } from "../../graph/tensor.ts";
import { withHeldConstants } from "../../network/held-values.ts";
import type { Model } from "../../network/model.ts";
import { runDims } from "../../network/batches.ts";
import { layerRun, type LayerRun } from "../../network/known-layer.ts";
import { repeatRow, runRows, type RowResult } from "../../network/run-rows.ts";
import {
  fedClasses,
  classWeights,
  preferredAmong,
  type ClassTargets,
} from "../../scores/class-targets.ts";
import { explainedScore, type ExplainedScore } from "../../scores/explained-score.ts";

export interface GradientRequest {
  readonly targets: ClassTargets;
  /** Values whose gradients are wanted. */
  readonly values: readonly string[];
  /** Rules laid over the default table. */
  readonly rules?: RuleTable;
  /** Changes the graph before the walk, and what is carried; the same function for the same rules. */
  readonly walk?: Walk;
  /** What the changed graph is fed besides pictures and targets, one row, by the inputs' names. */
  readonly feeds?: Readonly<Record<string, Tensor>>;
  readonly signal?: StopSignal;
}

/** A traced graph made ready for a walk, which keeps the values named, and the rules of the walk. */
export type Walk = (graph: Graph, kept: readonly string[]) => PreparedWalk;

interface PreparedWalk {
  readonly graph: Graph;
  readonly rules: RuleTable;
  /** The walk starts with 1 at the score, as a gradient does, or with the score itself. */
  readonly carries: "slopes" | "relevance";
}

/** What one picture gave. */
export interface ExplainedRow extends ExplainedScore {
  /** Values and gradients in the order asked, each [...dims] without the batch axis. */
  readonly values: readonly Float32Array[];
  readonly gradients: readonly Float32Array[];
  /** Shapes of the values without the batch axis. */
  readonly dims: readonly (readonly number[])[];
}

/**
 * Values and their gradients of the target logit, one row a picture of `input` [N, C, H, W]. Both sides
 * of an answer of yes or no are classes: 0 is minus its logit, 1 the logit. Throws `bad-option` for a class
 * that the network does not have and `shape-mismatch` for an input that it does not take.
 */
export async function explainRows(
  model: Model,
  input: Tensor,
  request: GradientRequest,
): Promise<ExplainedRow[]> {
  model.requirePictures(input);
  const dims = runDims(model, input.dims);
  const traced = constantHeld(await model.at(dims), model, request);
  const units = elementCount(traced.shapes.get(model.explained)!.dims) / dims[0]!;
  const targets = fedClasses(request.targets, input.dims[0]!, units, model.head.kind);
  const run = await layerRunFor(traced, model, input, request);
  const graph = await gradientGraph(run?.graph ?? traced, model, request);
  // Where nothing on the way depends on them, the graph has no such inputs.
  const taken = new Set(graph.inputs.map(({ name }) => name));
  const fed = Object.entries(request.feeds ?? {}).filter(([name]) => taken.has(name));
  const rows = {
    graph,
    batch: dims[0]!,
    pictures: run?.pictures ?? input,
    instead: run?.value && { [request.values[0]!]: run.value },
    feeds: (batch: readonly number[]) => ({
      [names.target]: tensorOf(
        "int64",
        [batch.length, 1],
        batch.map((row) => targets[row]!),
      ),
      ...Object.fromEntries(
        fed.map(([name, { data, dims: shape }]) => [
          name,
          repeatRow(data as Float32Array, batch.length, shape.slice(1)),
        ]),
      ),
    }),
    ...(request.signal ? { signal: request.signal } : {}),
  };
  return runRows(model, rows, (result) => {
    run?.keep(result);
    return rowOf(model, result, request.values, targets);
  });
}

/** A gradient ends at its value, so that what lies before it is the same for every class; a walk may change it. */
async function layerRunFor(
  traced: Graph,
  model: Model,
  input: Tensor,
  { values: [value, ...others], walk }: GradientRequest,
): Promise<LayerRun | undefined> {
  if (value === undefined || others.length > 0 || walk) return undefined;
  return layerRun(model, traced, value, input);
}

const names = {
  target: "explained/target",
  scores: "explained/scores",
  logits: "explained/logits",
  gradient: (i: number) => `explained/gradient-${i}`,
} as const;

function rowOf(
  model: Model,
  result: RowResult,
  values: readonly string[],
  targets: readonly number[],
): ExplainedRow {
  const scores = Array.from(result.of(names.scores));
  const logits = Array.from(result.of(names.logits));
  return {
    ...explainedScore(model, scores, logits, targets[result.row]!),
    values: values.map((value) => result.of(value)),
    gradients: values.map((_, i) => result.of(names.gradient(i))),
    dims: values.map((value) => result.dims(value)),
  };
}

/** A walk of its own asks what the picture decides; for it, all that is held is constant, at the price of a session. */
function constantHeld(traced: Graph, model: Model, { walk }: GradientRequest): Graph {
  return walk ? withHeldConstants(traced, model.held) : traced;
}

/** Graphs by what is asked of them, so that the runtime finds its session again. */
const built = new OnceEach<Graph, Graph>();
const ruleKeys = new WeakMap<RuleTable | Walk, number>();
let ruleCount = 0;

function gradientGraph(traced: Graph, model: Model, request: GradientRequest): Promise<Graph> {
  const { values } = request;
  const rules = request.walk ?? request.rules;
  if (rules && !ruleKeys.has(rules)) ruleKeys.set(rules, ++ruleCount);
  const key = JSON.stringify([rules ? ruleKeys.get(rules) : 0, model.explained, values]);
  return built.get(traced, key, () => buildGradientGraph(traced, model, request));
}

/** Outputs: scores, logits, the values, and their gradients of the sum of the targets' scores. */
async function buildGradientGraph(
  traced: Graph,
  model: Model,
  request: GradientRequest,
): Promise<Graph> {
  const kept = [model.explained, model.logits, ...request.values];
  const prepared = request.walk?.(traced, kept);
  const { graph, rules } = prepared ?? { graph: traced, rules: request.rules };
  const b = new GraphBuilder(graph);
  const scores = rowsOf(b, b.value(model.explained));
  const logits = rowsOf(b, b.value(model.logits));
  const fed = b.input(names.target, [scores.dims[0]!, 1], "int64");
  const { head } = model;
  const weights = classWeights(b, { scores, logits, fed }, head.kind, preferredAmong(head));
  const explained = b.mul(scores, weights);
  const start =
    prepared?.carries === "relevance"
      ? { of: scores.name, seed: explained.name }
      : { of: b.reduceSum(explained, [0, 1], false).name };
  const scored = b.build();
  const asked = { ...start, wrt: request.values, rules };
  const result = differentiateBy(await rulesBetween(scored, asked), scored, asked);
  const named = new GraphBuilder(result.graph);
  const copy = (from: string, to: string) => named.op("Identity", [named.value(from)], {}, to).name;
  const outputs = [
    copy(scores.name, names.scores),
    copy(logits.name, names.logits),
    ...request.values,
    ...request.values.map((value, i) => copy(result.gradients.get(value)!, names.gradient(i))),
  ];
  return cut(named.build(), { outputs });
}

/** All units of each picture in one row, [N, units]. */
function rowsOf(b: GraphBuilder, value: Value): Value {
  return b.reshape(value, [value.dims[0]!, elementCount(value.dims) / value.dims[0]!]);
}
