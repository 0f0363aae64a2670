/** @file Maps of a difference: what speaks for a picture's score being other than a reference's. */
import { LimpidError, type StopSignal } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Model } from "../network/model.ts";
import { option, say } from "../wording/face.ts";
import type { Heatmap } from "./heatmap.ts";
import type { AttributionMethod, AttributionOptions } from "./method.ts";
import { scoreRows } from "./perturbation/scored-rows.ts";
import { takenBy } from "./require-takes.ts";

/**
 * The maps of a method whose baseline is a reference: the mean of its maps over reference pictures [1, C, H, W] in the
 * network's own numbers, so that of methods that add up the sum is the score less the mean of theirs. (The mean over
 * pictures, as in expected gradients, not the map against the mean picture: that is no picture, and its score is not the
 * mean of the scores.) Maps of methods without a baseline are what they are without a reference. Throws `bad-option`
 * for a baseline beside the reference.
 */
export async function mapsAgainst(
  { info, run }: AttributionMethod,
  { model, input, options }: { model: Model; input: Tensor; options: AttributionOptions },
  references: readonly Tensor[],
): Promise<readonly Heatmap[]> {
  if (takenBy({ info, run }).reference !== "pixels") return run(model, input, options);
  if (options.baseline !== undefined) {
    throw new LimpidError(
      "bad-option",
      say`baseline: it must be left out beside a reference, whose pixels are the baseline, got both. leave ${option("baseline")} or ${option("reference")} out.`,
    );
  }
  const all: (readonly Heatmap[])[] = [];
  for (const { data } of references) {
    const baseline = { picture: data as Float32Array };
    all.push(await run(model, input, { ...options, baseline }));
  }
  return all[0]!.map((map, row) =>
    meanOf(
      map,
      all.map((maps) => maps[row]!),
    ),
  );
}

/** The mean of maps of one picture. */
function meanOf(first: Heatmap, maps: readonly Heatmap[]): Heatmap {
  if (maps.length === 1) return first;
  const data = first.data.map((_, i) => average(maps.map((map) => map.data[i]!)));
  const figures = Object.keys(first.figures ?? {}).map((name) => [
    name,
    average(maps.map((map) => map.figures![name]!)),
  ]);
  const warnings = new Map(maps.flatMap((map) => map.warnings.map((each) => [each.cause, each])));
  return {
    ...first,
    data,
    ...(first.figures ? { figures: Object.fromEntries(figures) as Record<string, number> } : {}),
    warnings: [...warnings.values()],
  };
}

/**
 * The same maps with scores that are differences from the reference's: of the same class, or the same places, the mean
 * over reference pictures.
 */
export async function withDifferences(
  model: Model,
  maps: readonly Heatmap[],
  references: readonly Tensor[],
  signal?: StopSignal,
): Promise<readonly Heatmap[]> {
  const known = new Map<number, number>();
  const differing: Heatmap[] = [];
  for (const map of maps) {
    const scores: number[] = [];
    for (const picture of known.has(map.target) ? [] : references) {
      const request = { targets: [map.target], ...(signal ? { signal } : {}) };
      scores.push((await scoreRows(model, picture, request))[0]!.score);
    }
    const value = known.get(map.target) ?? average(scores);
    known.set(map.target, value);
    differing.push({
      ...map,
      score: map.score - value,
      scoreName: `${map.scoreName} difference`,
      reference: { own: map.score, value },
    });
  }
  return differing;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
