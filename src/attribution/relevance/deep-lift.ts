/** @file DeepLIFT, by its rescale rule. */
import { deepLiftOptions } from "./infos.ts";
import { rescaleRules } from "../../autodiff/relevance/rescale.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { elementCount, tensor, type Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { option, say } from "../../wording/face.ts";
import { formatPlain } from "../../wording/numbers.ts";
import { optionValues } from "../../wording/read-option.ts";
import { hiddenPicture, type Baseline } from "../gradient/baseline.ts";
import { explainRows, type Walk } from "../gradient/explained-rows.ts";
import type { Heatmap, MapWarning } from "../heatmap.ts";
import { pixelMap, type PixelGradientOptions } from "../gradient/pixel-gradients.ts";
import { perturbedScores, scoreRows } from "../perturbation/scored-rows.ts";

export interface DeepLiftOptions extends PixelGradientOptions {
  /** What the picture is compared with; the picture's mean colour by default. */
  readonly baseline?: Baseline;
}

/**
 * DeepLIFT of every picture of `input` [N, C, H, W] (Shrikumar et al. 2017, section 3.5.1). The map adds up to
 * y(x) - y(x'); `figures.delta` is what it is off by, of which more than 5 % is warned (`incomplete`). Each map is [C, H, W], signed. Throws `unsupported-operator` for
 * networks with operators that have no such rule (softmax, attention, layer normalisation).
 */
export async function deepLift(
  model: Model,
  input: Tensor,
  options: DeepLiftOptions,
): Promise<Heatmap[]> {
  const { targets, signal } = options;
  const values = optionValues(deepLiftOptions, options);
  const rows = await scoreRows(model, input, { targets, ...(signal ? { signal } : {}) });
  const dims = input.dims.slice(1);
  const size = elementCount(dims);
  const kind = { method: "deep-lift", unit: model.scoreName };
  const maps: Heatmap[] = [];
  for (const [n, { target, score }] of rows.entries()) {
    const picture = (input.data as Float32Array).slice(n * size, (n + 1) * size);
    const baseline = hiddenPicture(picture, dims, values.baseline, model.parts);
    const [row] = await explainRows(model, tensor("float32", [1, ...dims], picture), {
      targets: [target],
      values: [model.input.name],
      walk: besideBaseline,
      feeds: { [baselineInput]: tensor("float32", [1, ...dims], baseline) },
      ...(signal ? { signal } : {}),
    });
    const write = (_: number, into: Float32Array) => into.set(baseline);
    const [start] = await perturbedScores(model, { dims, count: 1, target, signal, write });
    const data = row!.gradients[0]!.map((slope, i) => slope * (picture[i]! - baseline[i]!));
    const rise = score - start!;
    const delta = data.reduce((sum, value) => sum + value, 0) - rise;
    const map = pixelMap(model, row!, data, kind);
    const scale = Math.max(Math.abs(rise), negligible * Math.abs(score));
    const warnings = [...map.warnings, ...incompleteness(delta, scale)];
    maps.push({ ...map, figures: { delta }, warnings });
  }
  return maps;
}

/** A rise of less than this share of the score is lost in its rounding. */
const negligible = 1e-3;
/** A map whose sum is further off than this share of the rise does not add up. */
const mostOff = 0.05;

function incompleteness(delta: number, scale: number): MapWarning[] {
  if (!(Math.abs(delta) > mostOff * scale)) return [];
  const percent = formatPlain((100 * Math.abs(delta)) / scale, 2);
  const message = say`the map's sum is off by ${percent} % of the difference that it explains: compare places, not amounts, or try another ${option("baseline")}`;
  return [{ cause: "incomplete", message }];
}

const baselineInput = "baseline/input";

/** The graph with a copy of itself that is fed the baseline; both share their weights. */
const besideBaseline: Walk = (traced) => {
  const b = new GraphBuilder(traced);
  const [input] = traced.inputs;
  const bindings = new Map([...traced.initializers.keys()].map((name) => [name, b.value(name)]));
  bindings.set(input!.name, b.input(baselineInput, traced.shapes.get(input!.name)!.dims));
  b.scope = "baseline/";
  const values = b.embed(traced, bindings);
  return { graph: b.build(), rules: rescaleRules((name) => values.get(name)!), carries: "slopes" };
};
