/** @file The shared first step of gradient methods: activations, logits and gradients of chosen targets in one run. */
import { differentiate } from "../autodiff/differentiate.ts";
import type { RuleTable } from "../autodiff/rule.ts";
import { LimpidError, type StopSignal } from "../errors.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { cut } from "../graph/edit.ts";
import type { Graph } from "../graph/graph.ts";
import {
  elementCount,
  formatShape,
  tensor,
  tensorOf,
  toNumbers,
  type Tensor,
} from "../graph/tensor.ts";
import type { Model } from "../model/model.ts";

/** A class index for each picture, or the class that the network itself prefers. */
export type Targets = readonly number[] | "top";

export interface GradientRequest {
  readonly targets: Targets;
  /** Values whose gradients are wanted. */
  readonly values: readonly string[];
  readonly rules?: RuleTable;
  readonly signal?: StopSignal;
}

/** What one picture gave. */
export interface ExplainedRow {
  readonly target: number;
  readonly logit: number;
  readonly probability: number;
  /** Values and gradients in the order asked, each [...dims] without the batch axis. */
  readonly values: readonly Float32Array[];
  readonly gradients: readonly Float32Array[];
  /** Shapes of the values without the batch axis. */
  readonly dims: readonly (readonly number[])[];
}

/** Graphs that differ in nothing but numbers fed are built once a model. */
const built = new WeakMap<Graph, Map<string, Graph>>();

/**
 * Values and their gradients of the target logit, one row a picture of `input` [N, C, H, W]. Both sides
 * of a one-unit network are classes: 0 is minus its logit, 1 the logit. Throws `bad-option` for a class
 * that the network does not have.
 */
export async function explainRows(
  model: Model,
  input: Tensor,
  request: GradientRequest,
): Promise<ExplainedRow[]> {
  const pictures = input.dims[0]!;
  const limit = model.batchLimit;
  requireTargetEach(request.targets, pictures);
  const rows: ExplainedRow[] = [];
  for (let start = 0; start < pictures; start += limit) {
    const end = Math.min(start + limit, pictures);
    const part = filled(rowsOf(input, start, end), limit);
    const targets = targetsOf(request.targets, start, end, part.dims[0]!);
    const explained = await explainBatch(model, part, { ...request, targets });
    rows.push(...explained.slice(0, end - start));
  }
  return rows;
}

/** Throws `bad-option` unless there is one class for all pictures or one for each. */
function requireTargetEach(targets: Targets, pictures: number): void {
  if (targets === "top" || targets.length === 1 || targets.length === pictures) return;
  throw new LimpidError(
    "bad-option",
    `target: there must be one class, or one a picture (${pictures}), got ${targets.length}.`,
  );
}

/** Targets of the pictures from `start` to `end`, the last one repeated for pictures that only fill the batch. */
function targetsOf(targets: Targets, start: number, end: number, count: number): Targets {
  if (targets === "top") return targets;
  const own = targets.length === 1 ? [targets[0]!] : targets.slice(start, end);
  return Array.from({ length: count }, (_, i) => own[Math.min(i, own.length - 1)]!);
}

/** A batch of the size that the network fixes, its last picture repeated. */
function filled(part: Tensor, batch: number): Tensor {
  const pictures = part.dims[0]!;
  if (!Number.isFinite(batch) || pictures === batch) return part;
  const size = part.data.length / pictures;
  const data = new Float32Array(batch * size);
  for (let i = 0; i < batch; i++) {
    const from = Math.min(i, pictures - 1) * size;
    data.set((part.data as Float32Array).subarray(from, from + size), i * size);
  }
  return tensor("float32", [batch, ...part.dims.slice(1)], data);
}

function rowsOf(value: Tensor, start: number, end: number): Tensor {
  const size = value.data.length / value.dims[0]!;
  const data = (value.data as Float32Array).slice(start * size, end * size);
  return tensor("float32", [end - start, ...value.dims.slice(1)], data);
}

async function explainBatch(
  model: Model,
  input: Tensor,
  request: GradientRequest,
): Promise<ExplainedRow[]> {
  const traced = await model.at(input.dims);
  const { logits } = model.head;
  const pictures = input.dims[0]!;
  const stop = request.signal ? { signal: request.signal } : {};
  const units = elementCount(traced.shapes.get(logits)!.dims) / pictures;
  const feed = { [model.input.name]: input };
  const asked = askedTargets(request.targets, pictures, units);
  const gradient = cached(traced, cacheKey(request, logits), () =>
    gradientGraph(traced, logits, units, request),
  );
  const target = tensorOf("int64", [pictures, 1], asked);
  const results = await model.runtime.run(gradient, { ...feed, [targetName]: target }, stop);
  const scores = toNumbers(results[logitsName]!);
  const targets = asked.map((given, row) =>
    given === top ? preferred(scores.slice(row * units, (row + 1) * units)) : given,
  );
  const activation = units === 1 ? "sigmoid" : model.head.activation;
  return targets.map((target, row) => {
    const own = scores.slice(row * units, (row + 1) * units);
    return {
      target,
      logit: units === 1 ? own[0]! * (target === 0 ? -1 : 1) : own[target]!,
      probability: probabilityOf(own, target, activation),
      values: request.values.map((value) => rowData(results[value]!, row)),
      gradients: request.values.map((_, i) => rowData(results[gradientName(i)]!, row)),
      dims: request.values.map((value) => results[value]!.dims.slice(1)),
    };
  });
}

const targetName = "explained/target";
const logitsName = "explained/logits";
/** Stands for the class that the network prefers. */
const top = -1;
const gradientName = (i: number) => `explained/gradient-${i}`;

const ruleKeys = new WeakMap<RuleTable, number>();
let ruleCount = 0;

function cacheKey(request: GradientRequest, logits: string): string {
  let rules = 0;
  if (request.rules) {
    rules = ruleKeys.get(request.rules) ?? ++ruleCount;
    ruleKeys.set(request.rules, rules);
  }
  return `gradient:${logits}:${rules}:${request.values.join()}`;
}

function cached(graph: Graph, key: string, build: () => Graph): Graph {
  const known = built.get(graph) ?? new Map<string, Graph>();
  built.set(graph, known);
  const found = known.get(key) ?? build();
  known.set(key, found);
  return found;
}

/** Outputs: the values, then the gradients of the weighted sum of logits. */
function gradientGraph(
  traced: Graph,
  logits: string,
  units: number,
  request: GradientRequest,
): Graph {
  const b = new GraphBuilder(traced);
  const output = b.value(logits);
  const flat = b.reshape(output, [output.dims[0]!, units]);
  const weights = targetWeights(b, flat, b.input(targetName, [flat.dims[0]!, 1], "int64"));
  const objective = b.reduceSum(b.mul(flat, weights), [0, 1], false);
  const result = differentiate(b.build(), {
    of: objective.name,
    wrt: request.values,
    ...(request.rules ? { rules: request.rules } : {}),
  });
  const named = new GraphBuilder(result.graph);
  const gradients = request.values.map((value, i) =>
    named.op("Identity", [named.value(result.gradients.get(value)!)], {}, gradientName(i)),
  );
  const scores = named.op("Identity", [named.value(flat.name)], {}, logitsName);
  return cut(named.build(), {
    outputs: [scores.name, ...request.values, ...gradients.map((gradient) => gradient.name)],
  });
}

/**
 * One-hot rows [N, units] of the targets [N, 1]; a target of -1 means the largest logit. For a one-unit
 * network -1 or 1: minus its logit for class 0, and for -1 the sign of the logit.
 */
function targetWeights(b: GraphBuilder, flat: Value, target: Value): Value {
  const isTop = b.greater(b.scalar(0, "int64"), target);
  const one = b.scalar(1);
  if (flat.dims[1] === 1) {
    const positive = b.op("GreaterOrEqual", [flat, b.scalar(0)]);
    const second = b.greater(target, b.scalar(0, "int64"));
    return b.where(isTop, b.where(positive, one, b.scalar(-1)), b.where(second, one, b.scalar(-1)));
  }
  const best = b.op("ArgMax", [flat], { axis: 1, keepdims: 1 });
  const chosen = b.where(isTop, best, target);
  const classes = b.constant(
    Array.from({ length: flat.dims[1]! }, (_, unit) => unit),
    [1, flat.dims[1]!],
    "int64",
  );
  return b.cast(b.op("Equal", [chosen, classes]), flat.type);
}

/** The class that scores prefer; of one unit, 1 where its logit is not negative. */
function preferred(scores: readonly number[]): number {
  if (scores.length === 1) return scores[0]! >= 0 ? 1 : 0;
  return scores.indexOf(Math.max(...scores));
}

/** A class for each picture, or -1 for the preferred one. Throws `bad-option`. */
function askedTargets(asked: Targets, pictures: number, units: number): readonly number[] {
  if (asked === "top") return Array<number>(pictures).fill(top);
  const classes = Math.max(units, 2);
  const wrong = asked.find(
    (target) => !(Number.isInteger(target) && target >= 0 && target < classes),
  );
  if (wrong === undefined) return asked;
  throw new LimpidError(
    "bad-option",
    `target: the class must be a whole number from 0 to ${classes - 1}, got ${wrong}.`,
  );
}

function probabilityOf(
  scores: readonly number[],
  target: number,
  activation: "softmax" | "sigmoid",
): number {
  if (activation === "sigmoid") {
    const score = scores.length === 1 ? scores[0]! * (target === 0 ? -1 : 1) : scores[target]!;
    return 1 / (1 + Math.exp(-score));
  }
  const largest = Math.max(...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - largest), 0);
  return Math.exp(scores[target]! - largest) / total;
}

function rowData(value: Tensor, row: number): Float32Array {
  const data = value.data as Float32Array;
  const size = data.length / value.dims[0]!;
  if (!Number.isInteger(size)) {
    throw new LimpidError(
      "internal",
      `internal: explainRows: ${formatShape(value.dims)} has no batch axis`,
    );
  }
  return data.slice(row * size, (row + 1) * size);
}
