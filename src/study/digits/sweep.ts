/** @file The sweep of part 1: how much of a unit's picture is the regulariser's. */
import type { MaximizedUnit } from "../../optvis/maximize.ts";
import type { PictureSize } from "../../optvis/parameterizations.ts";
import { presets, type Preset } from "../../optvis/presets.ts";
import { median } from "../../statistics.ts";
import { climbDigits, sizeOf } from "./maximized-digits.ts";
import { describePreset } from "../climb.ts";
import { floatsOf, gridOf, shown, type StudyNetwork } from "../network.ts";
import { count, measured, share } from "../../report/measures.ts";
import type { MadeSection, SectionPlan } from "../../report/section.ts";
import { formatProse } from "../../wording/numbers.ts";

/** Weights of the study of 2018, and none. */
export const sweepWeights = [0, 0.001, 0.01, 0.1, 1, 10] as const;

/** One stage of the sweep. */
interface SweepStage {
  readonly weight: number;
  readonly made: readonly MaximizedUnit[];
  readonly read: number;
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
        const { made, readings } = await climbDigits(network, preset, { ...tools, report });
        stages.push({
          weight,
          made,
          read: readings.filter(({ target }, digit) => target === digit).length,
          logit: median(made.map(({ activation }) => activation)),
          variation: median(made.map(({ picture }) => variationOf(picture, size))),
        });
      }
      return describeSweep(stages, size, { seed: tools.seed, preset: sweepPreset(0, quick) });
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

function describeSweep(
  stages: readonly SweepStage[],
  size: PictureSize,
  { seed, preset }: { readonly seed: number; readonly preset: Preset },
): MadeSection {
  const [none, ...others] = stages as readonly [SweepStage, ...SweepStage[]];
  const last = others.at(-1)!;
  const chart = (title: string, of: (stage: SweepStage) => number) => ({
    title,
    alt: `${title} at weights ${stages.map((stage) => `${stage.weight}: ${formatProse(of(stage))}`).join("; ")}.`,
    x: "weight of the total variation",
    y: title.toLowerCase(),
    kind: "lines" as const,
    series: [{ label: title, points: stages.map((stage) => ({ x: nameOf(stage), y: of(stage) })) }],
  });
  return {
    paragraphs: [
      "The same ten units once more, as keras-vis made them in 2018: pixels climb without being moved, and total variation, a penalty on differences between neighbours, holds them back. Its weight is the share that its gradient has of the logit's at the start. The objective has no bound, so it is the penalty that decides how the picture looks.",
    ],
    claims: [
      {
        text: `of its logit is what the middle unit keeps when the weight goes from none to ${last.weight}: smoother pictures cost excitement.`,
        measures: [
          share("share kept", last.logit / none.logit),
          measured("median logit with none", none.logit),
          measured(`with ${last.weight}`, last.logit),
        ],
      },
      {
        text: `less total variation have the pictures at weight ${last.weight} than those at none (medians).`,
        measures: [
          measured("factor", none.variation / last.variation, "times"),
          measured("with none", none.variation),
          measured(`with ${last.weight}`, last.variation),
        ],
      },
      {
        text: "is the smallest number of pictures, at any weight, that the network reads as their own digit: to the network even noise is a digit.",
        measures: [count("read as their own", Math.min(...stages.map(({ read }) => read)), 10)],
      },
    ],
    figures: [
      {
        id: "mnist-sweep",
        title: "Total variation from none to 10",
        cells: stages.map((stage) => ({
          picture: gridOf(
            shown(
              stage.made.map(({ picture }) => picture),
              size,
              preset.display,
            ),
            5,
          ),
          alt: `Pictures of the ten units, 0 to 9, with total variation at ${nameOf(stage)}`,
          title: `weight ${nameOf(stage)}`,
          notes: [
            `${stage.read} of 10 read as their own`,
            `median logit ${formatProse(stage.logit)}`,
          ],
          enlarge: "squares" as const,
        })),
        columns: 3,
        charts: [
          chart("Median logit", ({ logit }) => logit),
          chart("Median total variation", ({ variation }) => variation),
        ],
        floats: stages.map((stage) => ({
          name: `mnist-sweep-${nameOf(stage)}`,
          value: floatsOf(
            stage.made.map(({ input }) => input),
            size,
          ),
        })),
        sees: "Units 0 to 4 above, 5 to 9 below. Without a penalty the pictures are grain that excites the unit far more than any digit does; with it, strokes come out, until the penalty wins and little is left.",
        recipe: describePreset("keras-vis without its Lp norm", preset, size),
        seed,
        warnings: [],
      },
    ],
    tables: [],
    series: {
      weight: stages.map(({ weight }) => weight),
      logit: stages.map(({ logit }) => logit),
      variation: stages.map(({ variation }) => variation),
      read: stages.map(({ read }) => read),
    },
  };
}

function nameOf({ weight }: { readonly weight: number }): string {
  return weight === 0 ? "none" : String(weight);
}
