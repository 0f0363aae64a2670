/** @file The score of a class as a function of one value of the network: its gradient there, and the score where it is moved. */
import { differentiate } from "../../autodiff/differentiate.ts";
import type { RuleTable } from "../../autodiff/rule.ts";
import type { StopSignal } from "../../errors.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { cut } from "../../graph/edit.ts";
import type { Graph } from "../../graph/graph.ts";
import { elementCount, tensor, toFloat32, type Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import type { Tensors } from "../../runtime/runtime.ts";
import { explainRows } from "../gradient/explained-rows.ts";
import type { PlainNetwork } from "./plain-network.ts";

export interface ProbeRequest {
  /** The class whose score is differentiated. */
  readonly target: number;
  /** The value that the gradient is taken to: the input, or a layer. */
  readonly value: string;
  /** Rules laid over the default table. */
  readonly rules?: RuleTable;
  /** What the layer holds, where it is known. */
  readonly held?: Tensor;
  readonly signal?: StopSignal;
}

/** Where a probe stands: `seed` says how it is moved beside the picture. */
export interface PlacedProbeRequest extends ProbeRequest {
  readonly seed: number;
}

export interface GradientProbe {
  /** Of the score to each number of the value. */
  readonly gradient: Float32Array;
  /** Root mean square of the value. */
  readonly size: number;
  /** Of the graph that gave the gradient, where it was taken. */
  readonly own: number;
  /** How large the score is, or what adds up to it: what it is rounded by is a share of this. */
  readonly scale: number;
  /** The score where the value is moved by `step` times a direction. */
  score(direction: Float32Array, step: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * The probe of a value in a traced graph, beside what a picture [1, C, H, W] makes of it: where many units are exactly 0,
 * as on black ground, a score has another slope on each side. Of the input the score is that of the plain network.
 */
export function openProbe(
  plain: PlainNetwork,
  traced: Graph,
  picture: Tensor,
  request: PlacedProbeRequest,
): Promise<GradientProbe> {
  return request.value === plain.model.input.name
    ? inputProbe(plain, picture, request)
    : layerProbe(plain, traced, picture, request);
}

async function inputProbe(
  plain: PlainNetwork,
  picture: Tensor,
  { target, value, rules, seed, signal }: PlacedProbeRequest,
): Promise<GradientProbe> {
  const at = beside(picture, seed);
  const [row] = await explainRows(plain.model, at, {
    targets: [target],
    values: [value],
    ...(rules ? { rules } : {}),
    ...(signal ? { signal } : {}),
  });
  return {
    ...measures(at, row!.gradients[0]!, row!.score),
    score: (direction, step) => plain.score(moved(at, direction, step), target),
    close: () => Promise.resolve(),
  };
}

const scoreName = "probe/score";

async function layerProbe(
  plain: PlainNetwork,
  traced: Graph,
  picture: Tensor,
  { target, value, rules, seed, signal, held }: PlacedProbeRequest,
): Promise<GradientProbe> {
  const { model } = plain;
  const input = plain.feeds(picture);
  const found = held ?? (await runOnce(model, cut(traced, { outputs: [value] }), input))[value]!;
  const at = beside(found, seed);
  const scored = scoredGraph(model, traced, value, target);
  const { graph, gradients } = differentiate(scored, {
    of: scoreName,
    wrt: [value],
    ...(rules ? { rules } : {}),
  });
  const feedsOf = (value_: Tensor) => fed(scored, { ...input, [value]: value_ });
  const slopes = await runOnce(model, graph, feedsOf(at));
  const session = await model.runtime.open(scored, { optimization: "none" });
  return {
    ...measures(at, toFloat32(slopes[gradients.get(value)!]!), toFloat32(slopes[scoreName]!)[0]!),
    score: async (direction, step) => {
      const options = signal ? { signal } : {};
      const results = await session.run(feedsOf(moved(at, direction, step)), options);
      return toFloat32(results[scoreName]!)[0]!;
    },
    close: () => session.release(),
  };
}

function measures(at: Tensor, gradient: Float32Array, score: number) {
  const values = at.data as Float32Array;
  const parts = Math.sqrt(gradient.reduce((sum, slope, i) => sum + (slope * values[i]!) ** 2, 0));
  const scale = Math.max(Math.abs(score), parts, 1e-6);
  return { gradient, own: score, size: rootMeanSquare(values), scale };
}

function moved({ data, dims }: Tensor, direction: Float32Array, step: number): Tensor {
  const values = (data as Float32Array).map((number, i) => number + step * direction[i]!);
  return tensor("float32", dims, values);
}

/** The graph from a value, and the input where ways lead around it, to the score of a class, summed over the batch. */
function scoredGraph(model: Model, traced: Graph, value: string, target: number): Graph {
  const b = new GraphBuilder(cut(traced, { outputs: [model.explained], inputs: [value] }));
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

async function runOnce(model: Model, graph: Graph, feeds: Tensors): Promise<Tensors> {
  const session = await model.runtime.open(graph, { optimization: "none" });
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

function fed({ inputs }: Graph, feeds: Tensors): Tensors {
  return Object.fromEntries(inputs.map(({ name }) => [name, feeds[name]!]));
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
