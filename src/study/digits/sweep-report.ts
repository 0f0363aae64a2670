/** @file What the report says of the sweep. */
import type { PictureSize } from "../../optvis/parameterizations.ts";
import type { Preset } from "../../optvis/presets.ts";
import { count, measured, share } from "../../report/measures.ts";
import type { Claim } from "../../report/record.ts";
import type { CurvesDescription, MadeCell, MadeFigure, MadeSection } from "../../report/section.ts";
import { formatProse } from "../../wording/numbers.ts";
import { describePreset } from "../maximized-units.ts";
import { floatsOf, gridOf, shown } from "../network.ts";
import type { SweepStage } from "./sweep.ts";

/** How the pictures of all stages were made; `preset` is that of the stage without a penalty. */
export interface SweepRecipe {
  readonly size: PictureSize;
  readonly preset: Preset;
  readonly seed: number;
}

/** The section of the stages, from the smallest weight to the largest. */
export function describeSweep(stages: readonly SweepStage[], recipe: SweepRecipe): MadeSection {
  return {
    paragraphs: [
      "The same ten units once more, as keras-vis made them in 2018: pixels climb without being moved, and total variation, a penalty on differences between neighbours, holds them back. Its weight is the share that its gradient has of the logit's at the start. The objective has no bound, so it is the penalty that decides how the picture looks.",
    ],
    claims: sweepClaims(stages),
    figures: [sweepFigure(stages, recipe)],
    tables: [],
    series: {
      weight: stages.map(({ weight }) => weight),
      logit: stages.map(({ logit }) => logit),
      variation: stages.map(({ variation }) => variation),
      read: stages.map(({ read }) => read),
    },
  };
}

function sweepClaims(stages: readonly SweepStage[]): readonly Claim[] {
  const [none, last] = [stages[0]!, stages.at(-1)!];
  return [
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
  ];
}

function sweepFigure(
  stages: readonly SweepStage[],
  { size, preset, seed }: SweepRecipe,
): MadeFigure {
  return {
    id: "mnist-sweep",
    title: "Total variation from none to 10",
    cells: stages.map((stage) => stageCell(stage, size, preset)),
    columns: 3,
    charts: [
      sweepChart("Median logit", stages, ({ logit }) => logit),
      sweepChart("Median total variation", stages, ({ variation }) => variation),
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
  };
}

function stageCell(stage: SweepStage, size: PictureSize, preset: Preset): MadeCell {
  const floats = stage.made.map(({ picture }) => picture);
  const name = nameOf(stage);
  return {
    picture: gridOf(shown(floats, size, preset.display), 5),
    alt: `Pictures of the ten units, 0 to 9, with total variation at ${name}`,
    title: `weight ${name}`,
    notes: [`${stage.read} of 10 read as their own`, `median logit ${formatProse(stage.logit)}`],
    enlarge: "squares",
  };
}

function sweepChart(
  title: string,
  stages: readonly SweepStage[],
  of: (stage: SweepStage) => number,
): CurvesDescription {
  const said = stages.map((stage) => `${stage.weight}: ${formatProse(of(stage))}`).join("; ");
  return {
    title,
    alt: `${title} at weights ${said}.`,
    x: "weight of the total variation",
    y: title.toLowerCase(),
    kind: "lines",
    series: [{ label: title, points: stages.map((stage) => ({ x: nameOf(stage), y: of(stage) })) }],
  };
}

function nameOf({ weight }: { readonly weight: number }): string {
  return weight === 0 ? "none" : String(weight);
}
