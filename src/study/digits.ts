/** @file Part 1: what the ten units of a digits network want to see, and what regularisation has to do with it. */
import { tensor, type Tensor } from "../graph/tensor.ts";
import type { MaximizedUnit } from "../optvis/maximize.ts";
import type { PictureSize } from "../optvis/parameterizations.ts";
import { presets, type Preset } from "../optvis/presets.ts";
import type { Dataset } from "../train/data/dataset.ts";
import { climbUnits, describePreset } from "./climb.ts";
import { judgeSection } from "./judge.ts";
import { correlation, median } from "./measures.ts";
import { gridOf, readInputs, shown, type Reading, type StudyNetwork } from "./network.ts";
import { count, formatNumber, formatPercent, measured, share } from "./numbers.ts";
import type { Source } from "./record.ts";
import type { MadeSection, PartPlan, SectionPlan, SectionTools } from "./section.ts";

export interface DigitsPart {
  readonly network: StudyNetwork;
  readonly dataset: Dataset;
  readonly data: Source;
  readonly quick: boolean;
}

/** Weights of the study of 2018, and none. */
export const sweepWeights = [0, 0.001, 0.01, 0.1, 1, 10] as const;

/** The plan of part 1. */
export function digitsPart(part: DigitsPart): PartPlan {
  const { network, dataset, data, quick } = part;
  const examples = quick ? 500 : 10_000;
  return {
    name: "mnist",
    title: "Digits",
    lead: "A small network reads handwritten digits. What does each of its ten output units want to see, and how much of the picture is the network's, how much the regulariser's?",
    sources: [network.source, data],
    sections: [
      judgeSection({ network, dataset, examples, part: "mnist", things: "digits" }),
      unitsSection(part),
      sweepSection(part),
    ],
  };
}

function sizeOf(network: StudyNetwork): PictureSize {
  const [, channels, heightPx, widthPx] = network.model.inputDims();
  return { channels: channels === 1 ? 1 : 3, heightPx, widthPx };
}

/**
 * Free pixels, because a natural spectrum leaves too little contrast for strokes; moved a little, and with total
 * variation at twice the logit's gradient, which leaves strokes and takes the grain that a network of so few
 * pixels asks for.
 */
function digitPreset(quick: boolean): Preset {
  return {
    ...presets["keras-vis"],
    steps: quick ? 100 : presets["keras-vis"].steps,
    transforms: { jitter: 0.05, scale: [0.95, 1.05], rotateDegrees: 5 },
    regularizers: { "total-variation": 2 },
    display: "range",
  };
}

function unitsSection(part: DigitsPart): SectionPlan {
  const { network, dataset, quick } = part;
  const preset = digitPreset(quick);
  return {
    name: "units",
    title: "Ten units, ten pictures",
    recipe: { network: network.source.sha256, data: dataset.title(0), preset },
    effort: 6,
    async make(tools) {
      const { made, readings } = await climbDigits(network, preset, tools);
      const likeness = await likenessOf(made, dataset);
      return describeUnits(part, preset, { made, readings, likeness, seed: tools.seed });
    },
  };
}

async function climbDigits(network: StudyNetwork, preset: Preset, tools: SectionTools) {
  const { model } = network;
  const units = Array.from({ length: 10 }, (_, digit) => ({
    layer: model.head.logits,
    channel: digit,
    class: digit,
  }));
  const options = { preset, size: sizeOf(network), seed: tools.seed };
  const made = await climbUnits(network, units, options, tools);
  return {
    made,
    readings: await readInputs(
      model,
      made.map(({ input }) => input),
    ),
  };
}

/** Examples whose mean a digit's picture is held against. */
const meanOf = 1000;

/** Which digit's mean each picture is most like: the row of correlations with the ten means. */
async function likenessOf(
  made: readonly MaximizedUnit[],
  dataset: Dataset,
): Promise<readonly (readonly number[])[]> {
  const places = dataset.dims.reduce((product, dim) => product * dim, 1);
  const means = dataset.classes.map(() => new Float64Array(places));
  for (let i = 0; i < Math.min(meanOf, dataset.length); i++) {
    const { picture, label } = await dataset.read(i);
    for (let at = 0; at < places; at++) means[label]![at]! += picture[at]!;
  }
  return made.map(({ picture }) => means.map((mean) => correlation(picture, mean)));
}

interface UnitsFound {
  readonly made: readonly MaximizedUnit[];
  readonly readings: readonly Reading[];
  readonly likeness: readonly (readonly number[])[];
  readonly seed: number;
}

function describeUnits(
  { network }: DigitsPart,
  preset: Preset,
  { made, readings, likeness, seed }: UnitsFound,
): MadeSection {
  const size = sizeOf(network);
  const pictures = shown(
    made.map(({ picture }) => picture),
    size,
    preset.display,
  );
  const own = readings.map(({ logits }, digit) => probabilityAt(logits, digit));
  const read = readings.filter(({ target }, digit) => target === digit).length;
  const alike = likeness.filter((row, digit) => row.indexOf(Math.max(...row)) === digit).length;
  return {
    paragraphs: [
      "Each picture starts as grey noise and is changed step by step so that one unit of the last layer, before the softmax, becomes as large as it can. Nothing but the network says what a digit looks like.",
    ],
    claims: [
      {
        text: "pictures are read by the network as the digit that they were made for.",
        measures: [
          count("read as their own", read, 10),
          share("smallest probability", Math.min(...own)),
          share("median probability", median(own)),
        ],
      },
      {
        text: "pictures are more like the mean of their own digit than like that of any other. The network was not asked for this: it is how far what it looks for is what people see.",
        measures: [
          count("most like their own mean", alike, 10),
          measured("median correlation with it", median(likeness.map((row, digit) => row[digit]!))),
        ],
      },
    ],
    figures: [
      {
        id: "mnist-units",
        title: "What the ten units want to see",
        cells: made.map(({ activation }, digit) => {
          const { target, probability } = readings[digit]!;
          return {
            picture: pictures[digit]!,
            alt: `The picture that excites unit ${digit} most; the network reads it as ${target}`,
            title: String(digit),
            notes: [
              `read as ${target}, ${formatPercent(probability)}`,
              `logit ${formatNumber(activation)}`,
            ],
            enlarge: "squares" as const,
          };
        }),
        columns: 5,
        charts: [],
        floats: [
          {
            name: "mnist-units",
            value: floatsOf(
              made.map(({ input }) => input),
              size,
            ),
          },
        ],
        sees: "Bright strokes where the digit must have ink, dark gaps where ink would make it another one. At the borders, where digits never have ink, the network does not care, and anything may grow. Below each picture, what the network reads in it.",
        recipe: describePreset(
          "keras-vis, with total variation at 2 and small moves",
          preset,
          size,
        ),
        seed,
        warnings: [],
      },
    ],
    tables: [],
    series: { probability: own, logit: made.map(({ activation }) => activation) },
  };
}

function probabilityAt(logits: readonly number[], target: number): number {
  const largest = Math.max(...logits);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
  return Math.exp(logits[target]! - largest) / total;
}

/** Pictures as one tensor [N, C, H, W]. */
export function floatsOf(pictures: readonly Float32Array[], size: PictureSize): Tensor {
  const dims = [pictures.length, size.channels, size.heightPx, size.widthPx];
  const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
  for (const [i, picture] of pictures.entries()) data.set(picture, i * picture.length);
  return tensor("float32", dims, data);
}

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

function sweepSection({ network, quick }: DigitsPart): SectionPlan {
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
    alt: `${title} at weights ${stages.map((stage) => `${stage.weight}: ${formatNumber(of(stage))}`).join("; ")}.`,
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
            `median logit ${formatNumber(stage.logit)}`,
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
