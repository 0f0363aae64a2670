/** @file What the ten units of a digits network want to see, and how far it is what people see. */
import type { Dataset } from "../../image/dataset.ts";
import type { MaximizedUnit } from "../../optvis/maximize.ts";
import { presets, type Preset } from "../../optvis/presets.ts";
import { count, measured, share } from "../../report/measures.ts";
import type { Claim } from "../../report/record.ts";
import type { MadeFigure, MadeSection, SectionPlan } from "../../report/section.ts";
import { probabilityOf } from "../../scores/class-targets.ts";
import { correlation, median } from "../../statistics.ts";
import { formatProse, formatProsePercent } from "../../wording/numbers.ts";
import { describePreset } from "../maximized-units.ts";
import {
  floatsOf,
  requireProbability,
  shown,
  sizeOf,
  type Reading,
  type StudyNetwork,
} from "../network.ts";
import { maximizeDigits } from "./digit-units.ts";
import type { DigitsPart } from "./part.ts";

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

/** The section about the ten units. */
export function unitsSection({ network, dataset, quick }: DigitsPart): SectionPlan {
  const preset = digitPreset(quick);
  return {
    name: "units",
    title: "Ten units, ten pictures",
    recipe: { network: network.source.sha256, data: dataset.title(0), preset },
    effort: 6,
    async make(tools) {
      const { made, readings } = await maximizeDigits(network, preset, tools);
      const pictures = made.map((one, digit): DigitPicture => {
        const reading = readings[digit]!;
        const { model } = network;
        const probability = probabilityOf(reading.logits, digit, model.head);
        return { ...one, reading, probability: requireProbability(model, probability) };
      });
      const correlations = await meanCorrelations(made, dataset);
      return {
        paragraphs: [
          "Each picture starts as grey noise and is changed step by step so that one unit of the last layer, before the softmax, becomes as large as it can. Nothing but the network says what a digit looks like.",
        ],
        claims: [readingClaim(pictures), correlationClaim(correlations)],
        figures: [unitsFigure(network, pictures, preset, tools.seed)],
        tables: [],
        series: {
          probability: pictures.map(({ probability }) => probability),
          logit: pictures.map(({ activation }) => activation),
        },
      } satisfies MadeSection;
    },
  };
}

/** The picture of a unit, and how the network reads it. */
interface DigitPicture extends MaximizedUnit {
  readonly reading: Reading;
  /** Of its own digit. */
  readonly probability: number;
}

/** Examples whose mean a digit's picture is held against. */
const meanOf = 1000;

/** Correlations of each picture with the mean of each digit: a row a picture. */
async function meanCorrelations(
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

function readingClaim(pictures: readonly DigitPicture[]): Claim {
  const own = pictures.map(({ probability }) => probability);
  const read = pictures.filter(({ reading }, digit) => reading.target === digit).length;
  return {
    text: "pictures are read by the network as the digit that they were made for.",
    measures: [
      count("read as their own", read, pictures.length),
      share("smallest probability", Math.min(...own)),
      share("median probability", median(own)),
    ],
  };
}

function correlationClaim(correlations: readonly (readonly number[])[]): Claim {
  const alike = correlations.filter((row, digit) => row.indexOf(Math.max(...row)) === digit);
  const own = correlations.map((row, digit) => row[digit]!);
  return {
    text: "pictures are more like the mean of their own digit than like that of any other. The network was not asked for this: it is how far what it looks for is what people see.",
    measures: [
      count("most like their own mean", alike.length, correlations.length),
      measured("median correlation with it", median(own)),
    ],
  };
}

function unitsFigure(
  network: StudyNetwork,
  made: readonly DigitPicture[],
  preset: Preset,
  seed: number,
): MadeFigure {
  const size = sizeOf(network);
  const floats = made.map(({ picture }) => picture);
  const pictures = shown(floats, size, preset.display);
  const inputs = made.map(({ input }) => input);
  const name = "keras-vis, with total variation at 2 and small moves";
  return {
    id: "mnist-units",
    title: "What the ten units want to see",
    cells: made.map(({ activation, reading: { target, probability } }, digit) => ({
      picture: pictures[digit]!,
      alt: `The picture that excites unit ${digit} most; the network reads it as ${target}`,
      title: String(digit),
      notes: [
        `read as ${target}, ${formatProsePercent(probability)}`,
        `logit ${formatProse(activation)}`,
      ],
      enlarge: "squares" as const,
    })),
    columns: 5,
    charts: [],
    floats: [{ name: "mnist-units", value: floatsOf(inputs, size) }],
    sees: "Bright strokes where the digit must have ink, dark gaps where ink would make it another one. At the borders, where digits never have ink, the network does not care, and anything may grow. Below each picture, what the network reads in it.",
    recipe: describePreset(name, preset, size),
    seed,
    warnings: [],
  };
}
