/** @file The sweep of part 1: how much of a unit's picture is the regulariser's. */
import type { MaximizedUnit } from "../../optvis/maximize.ts";
import type { PictureSize } from "../../optvis/parameterizations.ts";
import { presets, type Preset } from "../../optvis/presets.ts";
import { median } from "../../statistics.ts";
import { maximizeDigits } from "./digit-units.ts";
import { sizeOf, type StudyNetwork } from "../network.ts";
import type { SectionPlan } from "../../report/section.ts";
import { describeSweep } from "./sweep-report.ts";

/** Weights of the study of 2018, and none. */
const sweepWeights = [0, 0.001, 0.01, 0.1, 1, 10] as const;

/** What one weight made of the ten units. */
export interface SweepStage {
  readonly weight: number;
  readonly made: readonly MaximizedUnit[];
  /** Pictures that are read as their own digit. */
  readonly read: number;
  /** Medians over the pictures. */
  readonly logit: number;
  readonly variation: number;
}

/** keras-vis' way, on which the study of 2018 turned the weight of the total variation. */
function sweepPreset(weight: number, quick: boolean): Preset {
  const { steps } = presets["keras-vis"];
  return {
    ...presets["keras-vis"],
    steps: quick ? steps / 4 : steps,
    regularizers: { "total-variation": weight },
    display: "range",
  };
}

/** The section about the weights of the study of 2018, and none. */
export function sweepSection(network: StudyNetwork, quick: boolean): SectionPlan {
  return {
    name: "sweep",
    title: "How much of the picture is the regulariser's",
    recipe: {
      network: network.source.sha256,
      presets: sweepWeights.map((w) => sweepPreset(w, quick)),
    },
    effort: 12,
    async make(tools) {
      const size = sizeOf(network);
      const stages: SweepStage[] = [];
      for (const [i, weight] of sweepWeights.entries()) {
        const report = (done: number) =>
          tools.report((i + done) / sweepWeights.length, `weight ${weight}`);
        const preset = sweepPreset(weight, quick);
        const { made, readings } = await maximizeDigits(network, preset, { ...tools, report });
        stages.push({
          weight,
          made,
          read: readings.filter(({ target }, digit) => target === digit).length,
          logit: median(made.map(({ activation }) => activation)),
          variation: median(made.map(({ picture }) => variationOf(picture, size))),
        });
      }
      return describeSweep(stages, { size, preset: sweepPreset(0, quick), seed: tools.seed });
    },
  };
}

/** Mean over pixels of dx^2 + dy^2 of a picture [C, H, W]. */
function variationOf(data: Float32Array, { channels, heightPx, widthPx }: PictureSize): number {
  let sum = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y + 1 < heightPx; y++) {
      for (let x = 0; x + 1 < widthPx; x++) {
        const at = (c * heightPx + y) * widthPx + x;
        sum += (data[at + 1]! - data[at]!) ** 2 + (data[at + widthPx]! - data[at]!) ** 2;
      }
    }
  }
  return sum / (channels * (heightPx - 1) * (widthPx - 1));
}
