/** @file How far a runtime is from what PyTorch and Captum computed on a golden network; runs in Node and in the browser. */
import { differentiate } from "../src/autodiff/differentiate.ts";
import { deconvolution, guidedBackpropagation } from "../src/autodiff/overrides.ts";
import type { RuleTable } from "../src/autodiff/rule.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import type { Tensor } from "../src/graph/tensor.ts";
import { inferenceForm } from "../src/graph/inference/inference-form.ts";
import { trace } from "../src/graph/trace.ts";
import type { Runtime } from "../src/runtime/runtime.ts";

export interface Golden {
  readonly model: Uint8Array;
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Value whose gradient is stored, if any. */
  readonly camLayer: string | undefined;
  readonly softmaxInside: boolean;
}

/** L2 norm of the difference over L2 norm of the reference, by the golden tensor's name. */
export type Distances = Readonly<Record<string, number>>;

type Objective = (b: GraphBuilder, output: Value) => Value;

/** Distances of everything that the engine alone computes of a golden network. */
export async function goldenDistances(runtime: Runtime, golden: Golden): Promise<Distances> {
  const { tensors } = golden;
  const input = tensors["input"]!;
  const { graph } = inferenceForm(decodeOnnx(golden.model));
  const traced = await trace(graph, { input }, async (probe, feeds) => {
    const session = await runtime.open(probe, { optimization: "none" });
    const results = await session.run(feeds);
    await session.release();
    return results;
  });
  const gradientOf = async (objective: Objective, wrt: readonly string[], rules?: RuleTable) =>
    gradients(runtime, traced, input, objective, wrt, rules);
  const targets = sumOfTargets(tensors["target"]!);
  const distances: Record<string, number> = {};
  const plain = await gradientOf(targets, ["input"]);
  distances["output"] = distance(plain.output, tensors["output"]!);
  distances["input_gradient"] = distance(plain.gradients[0]!, tensors["input_gradient"]!);
  if (golden.camLayer !== undefined) {
    const inner = await gradientOf(targets, [golden.camLayer]);
    distances["cam_layer_gradient"] = distance(inner.gradients[0]!, tensors["cam_layer_gradient"]!);
  }
  const bent = { guided_backprop: guidedBackpropagation, deconvolution };
  for (const [name, rules] of Object.entries(bent)) {
    const reference = tensors[name];
    if (!reference) continue;
    const found = await gradientOf(targets, ["input"], rules);
    distances[name] = distance(found.gradients[0]!, reference);
  }
  const names = Object.keys(tensors).filter((name) => name.startsWith(parameterPrefix));
  if (names.length > 0) {
    const weights = [...traced.initializers].filter(([, value]) => value.type === "float32");
    const wrt = weights.map(([name]) => name);
    const found = await gradientOf(crossEntropy(tensors["target"]!, golden.softmaxInside), wrt);
    const byName = new Map(wrt.map((name, i) => [name, found.gradients[i]!]));
    for (const name of names) {
      const nearest = parameterDistance(name, tensors[name]!, byName);
      if (nearest !== undefined) distances[name] = nearest;
    }
  }
  return distances;
}

const parameterPrefix = "parameter_gradient/";

async function gradients(
  runtime: Runtime,
  traced: Graph,
  input: Tensor,
  objective: Objective,
  wrt: readonly string[],
  rules: RuleTable | undefined,
): Promise<{ output: Tensor; gradients: readonly Tensor[] }> {
  const b = new GraphBuilder(traced);
  const output = b.value("output");
  const score = objective(b, output);
  b.output(output);
  const result = differentiate(b.build(), { of: score.name, wrt, ...(rules ? { rules } : {}) });
  const session = await runtime.open(result.graph);
  const found = await session.run({ input });
  await session.release();
  return {
    output: found["output"]!,
    gradients: wrt.map((name) => found[result.gradients.get(name)!]!),
  };
}

function oneHot(b: GraphBuilder, target: Tensor, output: Value): Value {
  const classes = Array.from(target.data as ArrayLike<number | bigint>, Number);
  const rows = classes.flatMap((chosen) =>
    Array.from({ length: output.dims[1]! }, (_, i) => (i === chosen ? 1 : 0)),
  );
  return b.constant(rows, output.dims);
}

/** The sum over rows of output[row, target[row]]. */
function sumOfTargets(target: Tensor): Objective {
  return (b, output) => b.reduceSum(b.mul(output, oneHot(b, target, output)), [0, 1], false);
}

/** Mean cross-entropy of the rows; a network that ends in its own softmax gives probabilities. */
function crossEntropy(target: Tensor, softmaxInside: boolean): Objective {
  return (b, output) => {
    const logarithms = softmaxInside
      ? b.op("Log", [output])
      : b.op("LogSoftmax", [output], { axis: -1 });
    const chosen = b.reduceSum(b.mul(logarithms, oneHot(b, target, output)), [0, 1], false);
    return b.scale(chosen, -1 / output.dims[0]!);
  };
}

/**
 * The distance of one parameter's gradient. An exporter that merged batch normalisation into its
 * convolution (w' = w s, b' = beta - mean s, one s a channel) left no parameter of that name; then db'
 * must equal dbeta, and every channel of dw' must be parallel to that of dw. The gradient of a merged
 * scale cannot be told from the file, and undefined says so.
 */
function parameterDistance(
  name: string,
  reference: Tensor,
  found: ReadonlyMap<string, Tensor>,
): number | undefined {
  const same = found.get(name.slice(parameterPrefix.length));
  if (same) return distance(same, reference);
  const candidates = [...found.values()].filter(
    (value) => value.dims.join() === reference.dims.join(),
  );
  if (reference.dims.length === 4) {
    const directions = unitRows(reference);
    return Math.min(...candidates.map((value) => distance(unitRows(value), directions)));
  }
  if (!name.endsWith(".bias")) return undefined;
  return Math.min(...candidates.map((value) => distance(value, reference)));
}

function lengthOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

function distance(value: Tensor, reference: Tensor): number {
  const [x, y] = [value.data as Float32Array, reference.data as Float32Array];
  return lengthOf(x.map((element, i) => element - y[i]!)) / Math.max(lengthOf(y), 1e-30);
}

/** Every row (axis 0) divided by its own length. */
function unitRows(value: Tensor): Tensor {
  const rows = value.dims[0]!;
  const size = value.data.length / rows;
  const data = Float32Array.from(value.data as Float32Array);
  for (let row = 0; row < rows; row++) {
    const part = data.subarray(row * size, (row + 1) * size);
    const length = Math.max(lengthOf(part), 1e-30);
    for (let i = 0; i < size; i++) part[i]! /= length;
  }
  return { type: "float32", dims: value.dims, data };
}
