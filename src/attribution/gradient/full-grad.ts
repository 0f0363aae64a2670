/** @file FullGrad: what the input and every bias give to the logit, laid over each other. */
import { nodesBefore } from "../../graph/edit.ts";
import type { Graph, Node } from "../../graph/graph.ts";
import { elementCount, toNumbers, type Tensor } from "../../graph/tensor.ts";
import { AttributeReader } from "../../graph/attributes.ts";
import { plane } from "../../image/picture.ts";
import { resizePlane } from "../../image/resize.ts";
import type { Model } from "../../network/model.ts";
import { runDims } from "../../network/batches.ts";
import { explainRows, type ExplainedRow } from "./explained-rows.ts";
import { formatPlain } from "../../wording/numbers.ts";
import { extremes, warningsOf, type Heatmap, type MapWarning } from "../heatmap.ts";
import type { PixelGradientOptions } from "./pixel-gradients.ts";
import { onlyScore } from "../../scores/explained-score.ts";

/**
 * FullGrad of every picture of `input` [N, C, H, W] (Srinivas and Fleuret 2019, section 4). Biases are those of
 * convolutions, dense layers, batch normalisations and additions of constants. In networks of linear layers, ReLUs
 * and pools, input and biases add up to the logit (proposition 1): `figures.delta` is what they are off by. Each map
 * is [H, W], not negative.
 */
export async function fullGrad(
  model: Model,
  input: Tensor,
  options: PixelGradientOptions,
): Promise<Heatmap[]> {
  model.requirePictures(input);
  const biases = biasesOf(await model.at(runDims(model, input.dims)), model);
  const rows = await explainRows(model, input, {
    ...options,
    values: [model.input.name, ...biases.map(({ output }) => output)],
  });
  return rows.map((row) => fullGradient(model, row, biases));
}

/** A value that a constant was added to, one number a channel. */
interface Bias {
  readonly output: string;
  readonly numbers: readonly number[];
}

function biasesOf(graph: Graph, model: Model): readonly Bias[] {
  const path = nodesBefore(graph, model.explained);
  const reached = new Set([model.input.name]);
  return graph.nodes.flatMap((node) => {
    if (!node.inputs.some((name) => reached.has(name))) return [];
    for (const output of node.outputs) reached.add(output);
    const numbers = path.has(node) ? addedBy(node, graph) : undefined;
    return numbers ? [{ output: node.outputs[0]!, numbers }] : [];
  });
}

/** What a node adds to each channel, axis 1 of its output; undefined if nothing or not by channel. */
function addedBy(node: Node, graph: Graph): readonly number[] | undefined {
  const constant = (i: number) => {
    const value = graph.initializers.get(node.inputs[i] ?? "");
    return value && toNumbers(value);
  };
  switch (node.operator) {
    case "Conv":
    case "ConvTranspose":
      return constant(2);
    case "Gemm": {
      const factor = new AttributeReader(node).float("beta", 1);
      return constant(2)?.map((bias) => factor * bias);
    }
    case "BatchNormalization": {
      const [scale, bias, mean, variance] = [1, 2, 3, 4].map(constant);
      const epsilon = new AttributeReader(node).float("epsilon", 1e-5);
      return bias?.map(
        (own, c) => own - (scale![c]! * mean![c]!) / Math.sqrt(variance![c]! + epsilon),
      );
    }
    case "Add": {
      const added = constant(1) ?? constant(0);
      const channels = graph.shapes.get(node.outputs[0]!)?.dims[1];
      return added?.length === channels ? added : undefined;
    }
    default:
      return undefined;
  }
}

function fullGradient(model: Model, row: ExplainedRow, biases: readonly Bias[]): Heatmap {
  const [, height, width] = row.dims[0] as [number, number, number];
  const own = row.gradients[0]!.map((slope, i) => slope * row.values[0]![i]!);
  const data = new Float32Array(height * width);
  addRescaled(data, own, row.dims[0]!, height, width);
  let total = own.reduce((sum, value) => sum + value, 0);
  for (const [i, { numbers }] of biases.entries()) {
    const dims = row.dims[i + 1]!;
    const places = elementCount(dims.slice(1));
    const part = row.gradients[i + 1]!.map(
      (slope, at) => slope * numbers[Math.floor(at / places)]!,
    );
    total += part.reduce((sum, value) => sum + value, 0);
    if (dims.length === 3) addRescaled(data, part, dims, height, width);
  }
  return {
    method: "full-grad",
    unit: "shares of the layers' largest",
    data,
    dims: [height, width],
    ...onlyScore(row),
    layer: model.input.name,
    figures: { delta: total - row.score },
    warnings: [...warningsOf(data), ...incompleteness(total, row.score)],
  };
}

/** Being off by this share of the score is rounding. */
const mostOff = 0.02;

/** Input and biases add up only where every function between is piecewise linear through 0. */
function incompleteness(total: number, score: number): MapWarning[] {
  const off = Math.abs(total - score);
  if (!(off > mostOff * Math.max(Math.abs(score), 1e-3))) return [];
  return [
    {
      cause: "incomplete",
      message: `input and biases do not add up to what is explained: they give ${formatPlain(total)} of ${formatPlain(score)}, since the network has functions other than ReLU: compare places, not amounts`,
    },
  ];
}

/** Adds the channels of psi of a part [C, h, w] to the map. */
function addRescaled(
  data: Float32Array,
  part: Float32Array,
  dims: readonly number[],
  height: number,
  width: number,
): void {
  const [, h, w] = dims as [number, number, number];
  const sizes = part.map(Math.abs);
  const { min, max } = extremes(sizes);
  if (!(max > min)) return;
  const sum = new Float32Array(h * w);
  for (let at = 0; at < sizes.length; at++) sum[at % (h * w)]! += (sizes[at]! - min) / (max - min);
  const enlarged = resizePlane(plane(w, h, sum), width, height, { filter: "bilinear" });
  for (let i = 0; i < data.length; i++) data[i]! += enlarged.data[i]!;
}
