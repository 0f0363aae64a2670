/** @file The two bent gradients of the study of 2018: guided, and rectified as keras-vis' "relu" modifier has it. */
import { explainRows } from "../attribution/gradients.ts";
import { warningsOf } from "../attribution/heatmap.ts";
import type { AttributionMethod } from "../attribution/method.ts";
import { deconvolution, guidedBackpropagation } from "../autodiff/overrides.ts";
import type { RuleTable } from "../autodiff/rule.ts";

function bentGradient(method: string, rules: RuleTable): AttributionMethod["run"] {
  return async (model, input, { targets, signal }) => {
    const rows = await explainRows(model, input, {
      targets,
      values: [model.input.name],
      rules,
      ...(signal ? { signal } : {}),
    });
    return rows.map((row) => ({
      data: row.gradients[0]!,
      dims: row.dims[0]!,
      method,
      target: row.target,
      layer: model.input.name,
      logit: row.logit,
      probability: row.probability,
      unit: "bent logit per input unit",
      warnings: warningsOf(row.gradients[0]!),
    }));
  };
}

/** Guided backpropagation: every ReLU passes only what is positive both ways. Maps [C, H, W]. */
export const guidedGradient: AttributionMethod = {
  info: {
    title: "Guided",
    description: "the gradient, of which every ReLU passes only what is positive both ways",
    paper: "Springenberg et al. 2014, arXiv 1412.6806",
    formula: "dy where y > 0 and dy > 0",
    options: [],
  },
  run: bentGradient("guided", guidedBackpropagation),
};

/** The deconvolution network's rule: every ReLU passes what is positive on the way back. Maps [C, H, W]. */
export const rectifiedGradient: AttributionMethod = {
  info: {
    title: "Rectified",
    description: "the gradient, of which every ReLU passes what is positive on the way back",
    paper: "Zeiler and Fergus 2013, arXiv 1311.2901",
    formula: "max(dy, 0)",
    options: [],
  },
  run: bentGradient("rectified", deconvolution),
};
