/** @file Makes the pictures of a block of a grid's cells: of each the direction of its average, all of them in one batch. */
import type { JobContext } from "../../app/context.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import type { Picture } from "../../image/picture.ts";
import { maximizeUnits } from "../../optvis/maximize-units.ts";
import { visualized } from "../../optvis/visualized-network.ts";
import type { AtlasPlan } from "../plan.ts";
import { encodeCells, type CellScores } from "./cells-part.ts";
import { gridOf } from "./grid-job.ts";
import type { CellsJob } from "../jobs/job.ts";
import type { PartStore } from "../jobs/part-store.ts";

/** What is maximised: the product with the direction times the square of their cosine, as the paper has it. */
const objective = [{ name: "cosine", weight: 1, options: { power: 2 } }] as const;

/** The part's bytes; told how much of the job is done, 0..1. Throws `aborted`. */
export async function cellsPart(
  plan: AtlasPlan,
  { layer: name, first, end }: CellsJob,
  store: PartStore,
  { signal }: Pick<JobContext, "signal">,
  onShare: (share: number) => void,
): Promise<Uint8Array> {
  const { pictured, how, layers, preset, request } = plan;
  const { making } = preset;
  const { size } = layers.find((layer) => layer.name === name)!;
  const { cells } = await gridOf(plan, name, store);
  const units = cells
    .slice(first, end)
    .map(({ direction }) => ({ layer: name, vector: [...direction] }));
  const pictures: Picture[] = [];
  const scores: CellScores[] = [];
  const batches = maximizeUnits(visualized(pictured, how), units, {
    preset: making,
    size,
    seed: request.seed,
    goalOf: () => ({ negative: false, oneUnit: false, objective }),
    togetherOf: () => units.length,
    signal,
    onStep: (_batch, { step }) => onShare(step / making.steps),
  });
  for await (const { made } of batches)
    for (const { picture, start, activation } of made) {
      pictures.push(pictureOfFloats(picture, size, making.display));
      scores.push({ start, reached: activation });
    }
  return encodeCells(pictures, scores);
}
