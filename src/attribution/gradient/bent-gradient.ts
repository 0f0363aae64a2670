/** @file The gradient under rules that bend it at ReLUs; networks without one are refused. */
import { isRectifier } from "../../graph/rectifiers.ts";
import type { RuleTable } from "../../autodiff/rule.ts";
import { LimpidError } from "../../errors.ts";
import { nodesBefore } from "../../graph/edit.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { runDims } from "../../network/batches.ts";
import type { Heatmap } from "../heatmap.ts";
import { inputGradients, pixelMap, type PixelGradientOptions } from "./pixel-gradients.ts";

/**
 * The gradient of every picture of `input` [N, C, H, W] under `rules`, bent once more by
 * `atInput`; each map is [C, H, W]. Throws
 * `bad-option` if no ReLU or ReLU6 leads to the class, because the map would be the plain gradient.
 */
export async function bentGradient(
  model: Model,
  input: Tensor,
  options: PixelGradientOptions,
  method: string,
  rules: RuleTable,
  atInput?: (slope: number) => number,
): Promise<Heatmap[]> {
  await requireRectifier(model, input, method);
  const rows = await inputGradients(model, input, options, rules);
  const kind = { method, unit: `bent ${model.scoreName} per input unit` };
  return rows.map((row) => {
    const slopes = row.gradients[0]!;
    return pixelMap(model, row, atInput ? slopes.map(atInput) : slopes, kind);
  });
}

async function requireRectifier(model: Model, input: Tensor, method: string): Promise<void> {
  model.requirePictures(input);
  const graph = await model.at(runDims(model, input.dims));
  const nodes = [...nodesBefore(graph, model.explained)];
  if (nodes.some((node) => isRectifier(node, graph.initializers))) return;
  throw new LimpidError(
    "bad-option",
    `${method}: the network must have a ReLU or ReLU6 before the class, got none. choose gradient, which needs none.`,
  );
}
