/** @file What methods share whose maps are gradients at the input: the run, and the map of a row. */
import type { RuleTable } from "../../autodiff/rule.ts";
import type { StopSignal } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { explainRows, type ExplainedRow } from "./explained-rows.ts";
import { warningsOf, type Heatmap } from "../heatmap.ts";
import { onlyScore, type ExplainedScore } from "../../scores/explained-score.ts";
import type { ClassTargets } from "../../scores/class-targets.ts";

export interface PixelGradientOptions {
  readonly targets: ClassTargets;
  readonly signal?: StopSignal;
}

/** The unit of plain gradients. */
export function gradientUnit(model: Model): string {
  return `${model.scoreName} per input unit`;
}

/** One row a picture of `input` [N, C, H, W], with the one gradient at the input. Throws as `explainRows`. */
export function inputGradients(
  model: Model,
  input: Tensor,
  { targets, signal }: PixelGradientOptions,
  rules?: RuleTable,
): Promise<ExplainedRow[]> {
  return explainRows(model, input, {
    targets,
    values: [model.input.name],
    ...(rules ? { rules } : {}),
    ...(signal ? { signal } : {}),
  });
}

/** A map [C, H, W] of the pixels of a row. */
export function pixelMap(
  model: Model,
  row: ExplainedScore & Pick<ExplainedRow, "dims">,
  data: Float32Array,
  kind: { readonly method: string; readonly unit: string },
): Heatmap {
  return {
    ...kind,
    data,
    dims: row.dims[0]!,
    ...onlyScore(row),
    layer: model.input.name,
    warnings: warningsOf(data),
  };
}
