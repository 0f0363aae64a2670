/** @file Pictures of the ten units of a digits network. */
import type { Preset } from "../../optvis/presets.ts";
import { maximizeLayerUnits } from "../maximized-units.ts";
import { readInputs, sizeOf, type StudyNetwork } from "../network.ts";
import type { SectionTools } from "../../report/section.ts";

/** The pictures of the ten units, and what the network reads in them. */
export async function maximizeDigits(network: StudyNetwork, preset: Preset, tools: SectionTools) {
  const { model } = network;
  const units = Array.from({ length: 10 }, (_, digit) => ({
    layer: model.logits,
    channel: digit,
    class: digit,
  }));
  const options = { preset, size: sizeOf(network), seed: tools.seed };
  const made = await maximizeLayerUnits(network, units, options, tools);
  return {
    made,
    readings: await readInputs(
      model,
      made.map(({ input }) => input),
    ),
  };
}
