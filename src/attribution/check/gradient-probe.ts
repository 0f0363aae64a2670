/** @file The score of a class as a function of one value of the network: its gradient there, and the score where it is moved. */
import { differentiate } from "../../autodiff/differentiate.ts";
import type { RuleTable } from "../../autodiff/rule.ts";
import type { StopSignal } from "../../errors.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { cut } from "../../graph/edit.ts";
import type { Graph } from "../../graph/graph.ts";
import { elementCount, tensor, toFloat32, type Tensor } from "../../graph/tensor.ts";
import { runDims } from "../../network/batches.ts";
import type { Model } from "../../network/model.ts";
import { repeatRow } from "../../network/run-rows.ts";
import { randomStream } from "../../random.ts";
import type { Session, Tensors } from "../../runtime/runtime.ts";

export interface ProbeRequest {
  /** The class whose score is differentiated. */
  readonly target: number;
  /** The value that the gradient is taken to: the input, or a layer. */
  readonly value: string;
  /** Rules laid over the default table. */
  readonly rules?: RuleTable;
  readonly signal?: StopSignal;
}

export interface GradientProbe {
  /** Of the score to each number of the value. */
  readonly gradient: Float32Array;
  /** Root mean square of the value. */
  readonly size: number;
  /** How large the score is, at least 1e-3. */
  readonly scale: number;
  /** The score where the value is moved by `step` times a direction. */
  score(direction: Float32Array, step: number): Promise<number>;
  close(): Promise<void>;
}

const scoreName = "probe/score";

/**
 * The probe of a value in a traced graph, a little beside what a picture [1, C, H, W] makes of it: where many units are
 * exactly 0, as on black ground, a score has another slope on each side.
 */
export async function openProbe(
  model: Model,
  traced: Graph,
  picture: Tensor,
  request: ProbeRequest & { readonly seed: number },
): Promise<GradientProbe> {
  const { target, value, rules, signal, seed } = request;
  const options = signal ? { signal } : {};
  const input = beside(repeated(picture, runDims(model, picture.dims)), seed);
  const at =
    value === model.input.name ? input : beside(await valueAt(model, traced, value, input), seed);
  const scored = scoredGraph(model, traced, value, target);
  const { graph, gradients } = differentiate(scored, {
    of: scoreName,
    wrt: [value],
    ...(rules ? { rules } : {}),
  });
  const gradientName = gradients.get(value)!;
  const feedsOf = (moved: Tensor) => fed(scored, { [model.input.name]: input, [value]: moved });
  const found = await runOnce(model, graph, feedsOf(at));
  const session = await model.runtime.open(scored);
  const values = at.data as Float32Array;
  return {
    gradient: toFloat32(found[gradientName]!),
    size: rootMeanSquare(values),
    scale: Math.max(Math.abs(toFloat32(found[scoreName]!)[0]!), 1e-3),
    score: async (direction, step) => {
      const moved = values.map((number, i) => number + step * direction[i]!);
      const results = await session.run(feedsOf(tensor("float32", at.dims, moved)), options);
      return toFloat32(results[scoreName]!)[0]!;
    },
    close: () => session.release(),
  };
}

/** The graph from a value, and the input where ways lead around it, to the score of a class, summed over the batch. */
function scoredGraph(model: Model, traced: Graph, value: string, target: number): Graph {
  const inputs = value === model.input.name ? [] : [value];
  const b = new GraphBuilder(cut(traced, { outputs: [model.explained], inputs }));
  const scores = b.value(model.explained);
  const units = elementCount(scores.dims) / scores.dims[0]!;
  const rows = b.reshape(scores, [scores.dims[0]!, units]);
  const isAgainst = model.head.kind === "yes-no" && target === 0;
  const weights = Array.from({ length: units }, (_, unit) => (unit === target ? 1 : 0));
  const picked = units === 1 ? [isAgainst ? -1 : 1] : weights;
  const total = b.reduceSum(b.mul(rows, b.constant(picked, [1, units])), [0, 1], false);
  const score = b.op("Identity", [total], {}, scoreName);
  return cut(b.build(), { outputs: [score.name] });
}

async function valueAt(model: Model, traced: Graph, value: string, input: Tensor): Promise<Tensor> {
  const graph = cut(traced, { outputs: [value] });
  const results = await runOnce(model, graph, { [model.input.name]: input });
  return results[value]!;
}

async function runOnce(model: Model, graph: Graph, feeds: Tensors): Promise<Tensors> {
  const session: Session = await model.runtime.open(graph, { optimization: "none" });
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

function fed({ inputs }: Graph, feeds: Tensors): Tensors {
  return Object.fromEntries(inputs.map(({ name }) => [name, feeds[name]!]));
}

function repeated({ data, dims }: Tensor, wanted: readonly number[]): Tensor {
  return repeatRow(toFloat32({ type: "float32", data, dims }), wanted[0]!, wanted.slice(1));
}

/** Values with some noise, the same for the same shape and seed. */
function beside(value: Tensor, seed: number): Tensor {
  const random = randomStream("beside", elementCount(value.dims), seed);
  const values = toFloat32(value);
  const spread = 0.1 * (rootMeanSquare(values) || 1);
  return tensor(
    "float32",
    value.dims,
    values.map((number) => number + spread * random.normal()),
  );
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
