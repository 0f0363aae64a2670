/** @file How well a network does on pictures that it was not trained on: accuracy, confusion, the most wrong ones. */
import { throwIfAborted } from "../errors.ts";
import { tensor } from "../graph/tensor.ts";
import { affineOf } from "../image/preprocess.ts";
import { scaledPictures } from "../optvis/maximize.ts";
import { shareInterval } from "../statistics.ts";
import type { Dataset } from "../image/dataset.ts";
import { readInputs, shown, type Reading, type StudyNetwork } from "./network.ts";
import { count, share } from "../report/measures.ts";
import type { Claim } from "../report/record.ts";
import type { MadeFigure, MadeSection, SectionPlan, SectionTools } from "../report/section.ts";
import { formatCount, formatProsePercent } from "../wording/numbers.ts";

export interface Judgement {
  readonly index: number;
  readonly label: number;
  readonly reading: Reading;
  /** [C, H, W] in 0..1. */
  readonly picture: Float32Array;
}

/** Examples between two looks at the signal. */
const chunk = 256;
const mostShown = 12;

/** What the network makes of the first `examples` pictures of a data set. */
export async function judge(
  { model, how }: StudyNetwork,
  dataset: Dataset,
  examples: number,
  tools: Pick<SectionTools, "signal" | "report">,
): Promise<readonly Judgement[]> {
  const [channels] = dataset.dims;
  const scaling = affineOf(how, channels === 1 ? 1 : 3);
  const judgements: Judgement[] = [];
  for (let first = 0; first < examples; first += chunk) {
    throwIfAborted(tools.signal, "study");
    const rows = [];
    for (let i = first; i < Math.min(first + chunk, examples); i++)
      rows.push(await dataset.read(i));
    const inputs = rows.map(({ picture }) => {
      const one = tensor("float32", [1, ...dataset.dims], picture);
      return scaledPictures(one, scaling).data as Float32Array;
    });
    const readings = await readInputs(model, inputs);
    for (const [row, { picture, label }] of rows.entries()) {
      judgements.push({ index: first + row, label, reading: readings[row]!, picture });
    }
    tools.report(judgements.length / examples, "pictures judged");
  }
  return judgements;
}

export interface JudgeOptions {
  readonly network: StudyNetwork;
  readonly dataset: Dataset;
  readonly examples: number;
  /** Name of the part, for the names of files. */
  readonly part: string;
  /** "digits", "photos". */
  readonly things: string;
}

/** The section that says how good the network is. */
export function judgeSection(options: JudgeOptions): SectionPlan {
  const { network, dataset, things } = options;
  const examples = Math.min(options.examples, dataset.length);
  return {
    name: "accuracy",
    title: `How well it tells ${things} apart`,
    recipe: { network: network.source.sha256, data: dataset.title(0), examples },
    effort: examples / 400,
    async make(tools) {
      const judgements = await judge(network, dataset, examples, tools);
      return describeJudgements(judgements, options);
    },
  };
}

function describeJudgements(
  judgements: readonly Judgement[],
  { dataset, part, things }: JudgeOptions,
): MadeSection {
  const { classes } = dataset;
  const wrong = judgements.filter(({ label, reading }) => label !== reading.target);
  const confusion = classes.map((_, label) =>
    classes.map(
      (_, found) =>
        judgements.filter((one) => one.label === label && one.reading.target === found).length,
    ),
  );
  return {
    paragraphs: [
      `Before asking a network what it looks for, one should know how well it does. It was judged on ${formatCount(judgements.length)} ${things} that it had not been trained on.`,
    ],
    figures: [
      confusionFigure(confusion, classes, part),
      ...(wrong.length > 0 ? [wrongFigure(wrong, dataset, part)] : []),
    ],
    tables: [],
    claims: accuracyClaims(judgements.length, wrong.length, confusion, classes),
    series: { confusion: confusion.flat() },
  };
}

function accuracyClaims(
  examples: number,
  wrong: number,
  confusion: readonly (readonly number[])[],
  classes: readonly string[],
): readonly Claim[] {
  const accuracy = 1 - wrong / examples;
  const [low, high] = shareInterval(accuracy, examples);
  const pairs = confusion
    .flatMap((row, label) => row.map((times, found) => ({ label, found, times })))
    .filter(({ label, found, times }) => label !== found && times > 0)
    .toSorted((a, b) => b.times - a.times);
  const [worst] = pairs;
  const claims: Claim[] = [
    {
      text: `of the pictures get their own class. With this many examples the true share lies between ${formatProsePercent(low)} and ${formatProsePercent(high)} (95 % interval).`,
      measures: [
        share("accuracy", accuracy),
        count("right", examples - wrong, examples),
        share("interval from", low),
        share("to", high),
      ],
    },
  ];
  if (worst && classes.length > 2) {
    claims.push({
      text: `pictures of ${classes[worst.label]} were taken for ${classes[worst.found]}: the most frequent confusion.`,
      measures: [count("pictures", worst.times, examples)],
    });
  }
  return claims;
}

function confusionFigure(
  confusion: readonly (readonly number[])[],
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
        x: "found",
        y: "true",
        kind: "cells",
        series: classes.map((label, row) => ({
          label,
          points: classes.map((x, column) => ({ x, y: confusion[row]![column]! })),
        })),
      },
    ],
    floats: [],
    sees: "A row for each true class, a column for each class that was found; what lies beside the diagonal is wrong.",
    recipe: "The class with the largest logit, one picture at a time.",
    seed: null,
    warnings: [],
  };
}

function wrongFigure(wrong: readonly Judgement[], dataset: Dataset, part: string): MadeFigure {
  const [channels, heightPx, widthPx] = dataset.dims;
  const size = { channels: channels === 1 ? (1 as const) : (3 as const), heightPx, widthPx };
  const first = wrong
    .toSorted((a, b) => b.reading.probability - a.reading.probability)
    .slice(0, mostShown);
  const pictures = shown(
    first.map(({ picture }) => picture),
    size,
    "range",
  );
  return {
    id: `${part}-most-wrong`,
    title: "The surest mistakes",
    cells: first.map(({ label, reading, index }, i) => {
      const [meant, found] = [dataset.classes[label]!, dataset.classes[reading.target]!];
      return {
        picture: pictures[i]!,
        alt: `${dataset.title(index).split(/[/\\]/).at(-1)}: ${meant}, taken for ${found}`,
        title: `${meant}, read as ${found}`,
        notes: [`sure to ${formatProsePercent(reading.probability)}`],
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
