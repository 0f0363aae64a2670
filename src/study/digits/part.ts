/** @file Part 1: what the ten units of a digits network want to see, and what regularisation has to do with it. */
import type { MaximizedUnit } from "../../optvis/maximize.ts";
import { presets, type Preset } from "../../optvis/presets.ts";
import { correlation, median } from "../../statistics.ts";
import type { Dataset } from "../../image/dataset.ts";
import { climbDigits, sizeOf } from "./maximized-digits.ts";
import { describePreset } from "../climb.ts";
import { evaluationSection } from "../evaluation.ts";
import { floatsOf, shown, type Reading, type StudyNetwork } from "../network.ts";
import { count, measured, share } from "../../report/measures.ts";
import type { Source } from "../../report/record.ts";
import type { MadeSection, PartPlan, SectionPlan } from "../../report/section.ts";
import { sweepSection } from "./sweep.ts";
import { formatProse, formatProsePercent } from "../../wording/numbers.ts";

export interface DigitsPart {
  readonly network: StudyNetwork;
  readonly dataset: Dataset;
  readonly data: Source;
  readonly quick: boolean;
}

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
      evaluationSection({ network, dataset, examples, part: "mnist", things: "digits" }),
      unitsSection(part),
      sweepSection(network, quick),
    ],
  };
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
              `read as ${target}, ${formatProsePercent(probability)}`,
              `logit ${formatProse(activation)}`,
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
