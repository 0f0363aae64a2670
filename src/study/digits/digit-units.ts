/** @file Pictures of the ten units of a digits network. */
import type { PictureSize } from "../../optvis/parameterizations.ts";
import type { Preset } from "../../optvis/presets.ts";
import { maximizeLayerUnits } from "../maximized-units.ts";
import { readInputs, type StudyNetwork } from "../network.ts";
import type { SectionTools } from "../../report/section.ts";

/** The size that the network takes. */
export function sizeOf(network: StudyNetwork): PictureSize {
  const [, channels, heightPx, widthPx] = network.model.inputDims();
  return { channels: channels === 1 ? 1 : 3, heightPx, widthPx };
}

/** The pictures of the ten units, and what the network reads in them. */
export async function maximizeDigits(network: StudyNetwork, preset: Preset, tools: SectionTools) {
  const { model } = network;
  const units = Array.from({ length: 10 }, (_, digit) => ({
    layer: model.head.logits,
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
