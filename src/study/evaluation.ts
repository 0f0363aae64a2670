/** @file How well a network does on pictures that it was not trained on: accuracy, confusion, the most wrong ones. */
import { throwIfAborted } from "../errors.ts";
import {
  classificationOf,
  confusionsOf,
  mostWrong,
  type Classification,
  type Prediction,
} from "../evaluate/classification.ts";
import { scalePictures } from "../image/affine.ts";
import { affineOf } from "../image/preprocess.ts";
import type { Dataset } from "../image/dataset.ts";
import { readInputs, shown, type StudyNetwork } from "./network.ts";
import { count, share } from "../report/measures.ts";
import type { Claim } from "../report/record.ts";
import type { MadeFigure, MadeSection, SectionPlan, SectionTools } from "../report/section.ts";
import { formatCount, formatProsePercent } from "../wording/numbers.ts";

/** What a network made of a picture. */
interface PicturePrediction extends Prediction {
  /** Of the class that it found. */
  readonly probability: number;
  /** [C, H, W] in 0..1. */
  readonly picture: Float32Array;
}

/** Examples between two looks at the signal. */
const chunk = 256;
const mostShown = 12;

/** What the network makes of the first `examples` pictures of a data set. */
async function predict(
  { model, preprocessing }: StudyNetwork,
  dataset: Dataset,
  examples: number,
  tools: Pick<SectionTools, "signal" | "report">,
): Promise<readonly PicturePrediction[]> {
  const [channels, height, width] = dataset.dims;
  const scaling = affineOf(preprocessing, channels === 1 ? 1 : 3);
  const predictions: PicturePrediction[] = [];
  for (let first = 0; first < examples; first += chunk) {
    throwIfAborted(tools.signal, "study");
    const rows = [];
    for (let i = first; i < Math.min(first + chunk, examples); i++)
      rows.push(await dataset.read(i));
    const inputs = rows.map(({ picture }) => scalePictures(picture, height * width, scaling));
    const readings = await readInputs(model, inputs);
    for (const [row, { picture, label }] of rows.entries()) {
      const { target, probability } = readings[row]!;
      predictions.push({ index: first + row, label, predicted: target, probability, picture });
    }
    tools.report(predictions.length / examples, "pictures judged");
  }
  return predictions;
}

export interface EvaluationOptions {
  readonly network: StudyNetwork;
  readonly dataset: Dataset;
  readonly examples: number;
  /** Name of the part, for the names of files. */
  readonly part: string;
  /** "digits", "photos". */
  readonly things: string;
}

/** The section that says how good the network is. */
export function evaluationSection(options: EvaluationOptions): SectionPlan {
  const { network, dataset, things } = options;
  const examples = Math.min(options.examples, dataset.length);
  return {
    name: "accuracy",
    title: `How well it tells ${things} apart`,
    recipe: { network: network.source.sha256, data: dataset.title(0), examples },
    effort: examples / 400,
    async make(tools) {
      const predictions = await predict(network, dataset, examples, tools);
      return describeEvaluation(predictions, options);
    },
  };
}

function describeEvaluation(
  predictions: readonly PicturePrediction[],
  { dataset, part, things }: EvaluationOptions,
): MadeSection {
  const { classes } = dataset;
  const found = classificationOf(predictions, classes.length);
  const wrong = mostWrong(predictions, ({ probability }) => probability).slice(0, mostShown);
  return {
    paragraphs: [
      `Before asking a network what it looks for, one should know how well it does. It was judged on ${formatCount(found.examples)} ${things} that it had not been trained on.`,
    ],
    figures: [
      confusionFigure(found, classes, part),
      ...(wrong.length > 0 ? [wrongFigure(wrong, dataset, part)] : []),
    ],
    tables: [],
    claims: accuracyClaims(found, classes),
    series: { confusion: found.confusion.flat() },
  };
}

function accuracyClaims(found: Classification, classes: readonly string[]): readonly Claim[] {
  const { examples, right, accuracy, interval } = found;
  const [low, high] = interval;
  const [worst] = confusionsOf(found);
  const claims: Claim[] = [
    {
      text: `of the pictures get their own class. With this many examples the true share lies between ${formatProsePercent(low)} and ${formatProsePercent(high)} (95 % interval).`,
      measures: [
        share("accuracy", accuracy),
        count("right", right, examples),
        share("interval from", low),
        share("to", high),
      ],
    },
  ];
  if (worst && classes.length > 2) {
    claims.push({
      text: `pictures of ${classes[worst.label]} were taken for ${classes[worst.predicted]}: the most frequent confusion.`,
      measures: [count("pictures", worst.examples, examples)],
    });
  }
  return claims;
}

function confusionFigure(
  { confusion }: Classification,
  classes: readonly string[],
  part: string,
): MadeFigure {
  return {
    id: `${part}-confusion`,
    title: "What was taken for what",
    cells: [],
    columns: 1,
    charts: [
      {
        title: "Confusion",
        alt: `Confusion matrix. ${classes.map((name, i) => `${name}: ${confusion[i]![i]} of ${confusion[i]!.reduce((sum, times) => sum + times, 0)} found`).join("; ")}.`,
        kind: "confusion",
        classes,
        confusion,
      },
    ],
    floats: [],
    sees: "A row for each true class, a column for each class that was found; what lies beside the diagonal is wrong.",
    recipe: "The class with the largest logit, one picture at a time.",
    seed: null,
    warnings: [],
  };
}

function wrongFigure(
  wrong: readonly PicturePrediction[],
  dataset: Dataset,
  part: string,
): MadeFigure {
  const [channels, heightPx, widthPx] = dataset.dims;
  const size = { channels: channels === 1 ? (1 as const) : (3 as const), heightPx, widthPx };
  const pictures = shown(
    wrong.map(({ picture }) => picture),
    size,
    "range",
  );
  return {
    id: `${part}-most-wrong`,
    title: "The surest mistakes",
    cells: wrong.map(({ label, predicted, probability, index }, i) => {
      const [meant, found] = [dataset.classes[label]!, dataset.classes[predicted]!];
      return {
        picture: pictures[i]!,
        alt: `${dataset.title(index).split(/[/\\]/).at(-1)}: ${meant}, taken for ${found}`,
        title: `${meant}, read as ${found}`,
        notes: [`sure to ${formatProsePercent(probability)}`],
        enlarge: widthPx < 64 ? ("squares" as const) : ("smooth" as const),
      };
    }),
    columns: 6,
    charts: [],
    floats: [],
    sees: "The pictures that were given a wrong class with the highest probability. Many of them are hard for people too.",
    recipe: "Sorted by the probability of the class that was found.",
    seed: null,
    warnings: [],
  };
}
