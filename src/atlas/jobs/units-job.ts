/** @file Makes the pictures of a block of units, all of them in one batch. */
import type { JobContext } from "../../app/context.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import { maximizeUnits } from "../../optvis/maximize-units.ts";
import { visualized } from "../../optvis/visualized-network.ts";
import type { AtlasPlan } from "../plan.ts";
import type { UnitsJob } from "./job.ts";
import { encodeUnits, type MadeUnit } from "./units-part.ts";

/** The part's bytes; told how much of the job is done, 0..1. Throws `aborted`. */
export async function unitsPart(
  { model, how, layers, preset, request }: AtlasPlan,
  { layer: name, first, end }: UnitsJob,
  { signal }: Pick<JobContext, "signal">,
  onShare: (share: number) => void,
): Promise<Uint8Array> {
  const { size, channels } = layers.find((layer) => layer.name === name)!;
  const { making } = preset;
  const units = Array.from({ length: end - first }, (_, i) => ({
    layer: name,
    channel: first + i,
  }));
  const batches = maximizeUnits(visualized(model, how), units, {
    preset: making,
    size,
    seed: request.seed,
    goalOf: () => ({
      negative: false,
      oneUnit: channels === 1,
      classScore: making.classScore ?? "logit",
    }),
    togetherOf: () => units.length,
    signal,
    onStep: (_batch, { step }) => onShare(step / making.steps),
  });
  const made: MadeUnit[] = [];
  for await (const batch of batches) {
    for (const unit of batch.made) {
      const picture = pictureOfFloats(unit.picture, size, making.display);
      const { start, activation, silent: isSilent } = unit;
      made.push({ picture, start, activation, isSilent });
    }
  }
  return encodeUnits(made);
}
