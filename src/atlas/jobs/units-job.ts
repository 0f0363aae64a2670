/** @file Makes the pictures of a block of units, all of them in one batch. */
import { isComputedAt } from "../../app/maximize/layers.ts";
import type { JobContext } from "../../app/context.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import { beforeRectifier } from "../../network/before-rectifier.ts";
import { alikenessOf } from "../../optvis/alikeness.ts";
import { maximizeUnits } from "../../optvis/maximize-units.ts";
import type { Goal } from "../../optvis/unit-objective.ts";
import type { ChannelUnit } from "../../optvis/units.ts";
import { visualized } from "../../optvis/visualized-network.ts";
import { apartPlace } from "../plan-other-pictures.ts";
import type { AtlasPlan } from "../plan.ts";
import type { PlannedLayer } from "../plan-layers.ts";
import { diverseOfUnit, type UnitsJob } from "./job.ts";
import { encodeUnits, type MadeUnit } from "./units-part.ts";

/** The part's bytes; told how much of the job is done, 0..1. Throws `aborted`. */
export async function unitsPart(
  plan: AtlasPlan,
  job: UnitsJob,
  { signal }: Pick<JobContext, "signal">,
  onShare: (share: number) => void,
): Promise<Uint8Array> {
  const { pictured, how, layers, preset, request } = plan;
  const layer = layers.find(({ name }) => name === job.layer)!;
  const { size, channels } = layer;
  const { making } = preset;
  const units = await unitsOf(plan, layer, job);
  const apart = job.kind === "diverse" ? await apartPlace(pictured, layer.name, size) : undefined;
  const network = visualized(pictured, how);
  const goal = {
    negative: job.kind === "opposite",
    oneUnit: channels === 1,
    classScore: making.classScore ?? "logit",
    ...(apart ? { apart: apart.name, areGrouped: true } : {}),
  } satisfies Goal;
  let done = 0;
  const batches = maximizeUnits(network, units, {
    preset: making,
    size,
    seed: request.seed,
    goalOf: () => goal,
    togetherOf: () => units.length,
    signal,
    onStep: (batch, { step }) =>
      onShare((done + (batch.length * step) / making.steps) / units.length),
  });
  const made: MadeUnit[] = [];
  for await (const batch of batches) {
    const first = done;
    done += batch.units.length;
    const pictures = batch.made.map(({ input }, i) => ({ input, unit: units[first + i]!.channel }));
    const alike = apart ? await alikenessOf(network, pictures, apart.name, size) : undefined;
    for (const [i, unit] of batch.made.entries()) {
      const picture = pictureOfFloats(unit.picture, size, making.display);
      const { start, activation, silent: isSilent } = unit;
      const isBefore = batch.units[i]!.layer !== job.layer;
      const likeness = alike ? { alike: alike[i]! } : {};
      const short = unit.below ? { below: unit.below.level } : {};
      made.push({ picture, start, activation, isSilent, isBefore, ...short, ...likeness });
    }
  }
  return encodeUnits(made);
}

async function unitsOf(
  plan: AtlasPlan,
  layer: PlannedLayer,
  { kind, first, end }: UnitsJob,
): Promise<readonly ChannelUnit[]> {
  const numbers = Array.from({ length: end - first }, (_, i) => first + i);
  if (kind === "opposite") return oppositeUnits(plan, layer, numbers);
  if (kind === "units") return numbers.map((channel) => ({ layer: layer.name, channel }));
  return numbers.flatMap((channel) =>
    Array.from({ length: diverseOfUnit }, (_, facet) => ({ layer: layer.name, channel, facet })),
  );
}

/**
 * What is minimised for each unit: itself, or, where a rectifier makes nothing of all that is below 0, what the rectifier reads: else
 * every picture that leaves it at 0 would be as opposite as any other.
 */
async function oppositeUnits(
  { pictured }: AtlasPlan,
  { name, size, layout }: PlannedLayer,
  numbers: readonly number[],
): Promise<readonly ChannelUnit[]> {
  const graph = await pictured.whole(pictured.inputDims());
  const known = new Map<string, boolean>();
  const found: ChannelUnit[] = [];
  for (const channel of numbers) {
    const before = layout ? undefined : beforeRectifier(graph, name, channel);
    if (before && !known.has(before.value))
      known.set(before.value, await isComputedAt(pictured, before.value, size));
    found.push(
      before && known.get(before.value) === true
        ? { layer: before.value, channel: before.channel }
        : { layer: name, channel },
    );
  }
  return found;
}
