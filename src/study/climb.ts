/** @file Pictures of many units of one layer, in batches that memory allows. */
import { batchSizeOf } from "../optvis/batch-memory.ts";
import { maximize, type MaximizedUnit } from "../optvis/maximize.ts";
import { visualized } from "../optvis/visualized-network.ts";
import type { PictureSize } from "../optvis/parameterizations.ts";
import type { Preset } from "../optvis/presets.ts";
import { activationOf, objectiveOf, type Unit } from "../optvis/units.ts";
import type { StudyNetwork } from "./network.ts";
import type { SectionTools } from "../report/section.ts";
import { formatProse } from "../wording/numbers.ts";

export interface ClimbOptions {
  readonly preset: Preset;
  readonly size: PictureSize;
  readonly seed: number;
  /** The units are sides of a layer with one unit. */
  readonly oneUnit?: boolean;
}

/** One picture a unit; all units are of one layer. Throws `aborted` when the signal fires. */
export async function climbUnits(
  { model, how }: StudyNetwork,
  units: readonly Unit[],
  { preset, size, seed, oneUnit = false }: ClimbOptions,
  tools: Pick<SectionTools, "signal" | "report">,
): Promise<readonly MaximizedUnit[]> {
  const { layer } = units[0]!;
  const together = Math.min(await batchSizeOf(model, layer, size), mostTogether);
  const goal = { negative: false, oneUnit };
  const made: MaximizedUnit[] = [];
  for (let first = 0; first < units.length; first += together) {
    const batch = units.slice(first, first + together);
    const objectives = batch.map((unit) => objectiveOf(unit, goal));
    const judgedBy = batch.map((unit) => activationOf(unit, oneUnit));
    const onStep = ({ step }: { readonly step: number }) =>
      tools.report((first + (batch.length * step) / preset.steps) / units.length, layer);
    const options = { preset, size, seed, judgedBy, signal: tools.signal, onStep };
    made.push(...(await maximize(visualized(model, how), objectives, options)));
  }
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
