/** @file Pictures of many units of one layer, in batches that memory allows. */
import { batchSizeOf } from "../optvis/batch-memory.ts";
import type { MaximizedUnit } from "../optvis/maximize.ts";
import { maximizeUnits } from "../optvis/maximize-units.ts";
import { visualized } from "../optvis/visualized-network.ts";
import type { PictureSize } from "../optvis/parameterizations.ts";
import type { Preset } from "../optvis/presets.ts";
import type { ChannelUnit } from "../optvis/units.ts";
import type { StudyNetwork } from "./network.ts";
import type { SectionTools } from "../report/section.ts";
import { formatProse } from "../wording/numbers.ts";

export interface UnitPictureOptions {
  readonly preset: Preset;
  readonly size: PictureSize;
  readonly seed: number;
  /** The units are sides of a layer with one unit. */
  readonly oneUnit?: boolean;
}

/** One picture a unit; all units are of one layer. Throws `aborted` when the signal fires. */
export async function maximizeLayerUnits(
  { model, preprocessing }: StudyNetwork,
  units: readonly ChannelUnit[],
  { preset, size, seed, oneUnit = false }: UnitPictureOptions,
  tools: Pick<SectionTools, "signal" | "report">,
): Promise<readonly MaximizedUnit[]> {
  const together = Math.min(await batchSizeOf(model, units[0]!.layer, size), mostTogether);
  const made: MaximizedUnit[] = [];
  const batches = maximizeUnits(visualized(model, preprocessing), units, {
    preset,
    size,
    seed,
    // The logit of a class alone, whatever the preset says.
    goalOf: () => ({ negative: false, oneUnit }),
    togetherOf: () => together,
    signal: tools.signal,
    onStep: (batch, { step }) =>
      tools.report(
        (made.length + (batch.length * step) / preset.steps) / units.length,
        batch[0]!.layer,
      ),
  });
  for await (const batch of batches) made.push(...batch.made);
  return made;
}

/** So many that progress is still seen. */
const mostTogether = 16;

/** How pictures were made, as a sentence. */
export function describePreset(name: string, preset: Preset, size: PictureSize): string {
  const { parameterization, transforms, optimizer } = preset;
  const moves =
    Object.keys(transforms).length > 0
      ? `moved by ${Object.keys(transforms).map(spelled).join(", ")}`
      : "not moved";
  return `Preset ${name}: ${parameterization.name}, ${preset.steps} steps of ${optimizer.name} at ${formatProse(optimizer.rate)}, ${moves}, ${size.widthPx} × ${size.heightPx} pixels.`;
}

function spelled(transform: string): string {
  return transform === "rotateDegrees" ? "rotation" : transform;
}
