/** @file The two sides of a network's answer: pictures that are made to be read as the one, and as the other. */
import type { MaximizedUnit } from "../../optvis/maximize.ts";
import type { PictureSize } from "../../optvis/parameterizations.ts";
import type { Preset } from "../../optvis/presets.ts";
import { count, measured, share } from "../../report/measures.ts";
import type { Claim } from "../../report/record.ts";
import type { MadeFigure, MadeSection, SectionPlan, SectionTools } from "../../report/section.ts";
import { probabilityOf } from "../../scores/class-targets.ts";
import { median } from "../../statistics.ts";
import { formatProse, formatProsePercent } from "../../wording/numbers.ts";
import { maximizeLayerUnits, describePreset } from "../maximized-units.ts";
import {
  floatsOf,
  readInputs,
  requireProbability,
  shown,
  sizeOf,
  type StudyNetwork,
} from "../network.ts";
import type { CatsPart } from "./part.ts";
import { presetOf } from "./preset.ts";

const picturesPerSide = 4;

/** The section about a network's two classes. */
export function sidesSection({ network, quick }: CatsPart): SectionPlan {
  const preset = presetOf(quick);
  return {
    name: "sides",
    title: "Two sides of one answer",
    recipe: { network: network.source.sha256, preset, picturesPerSide },
    effort: 12,
    make: (tools) => makeSides(network, preset, tools),
  };
}

/** A picture that was made for a side, and how the network reads it. */
interface SidePicture extends MaximizedUnit {
  readonly side: number;
  /** Of its own side. */
  readonly probability: number;
}

async function makeSides(
  network: StudyNetwork,
  preset: Preset,
  tools: SectionTools,
): Promise<MadeSection> {
  const { model, labels } = network;
  const size = sizeOf(network);
  const traced = await model.at(model.inputDims());
  const oneUnit = traced.shapes.get(model.logits)!.dims[1] === 1;
  const made: (MaximizedUnit & { readonly side: number })[] = [];
  for (const side of labels.keys()) {
    const unit = { layer: model.logits, channel: oneUnit ? 0 : side, class: side };
    const units = Array.from({ length: picturesPerSide }, () => unit);
    const report = (done: number) => tools.report((side + done) / 2, labels[side]);
    const options = { preset, size, seed: tools.seed, oneUnit };
    const pictures = await maximizeLayerUnits(network, units, options, {
      signal: tools.signal,
      report,
    });
    made.push(...pictures.map((one) => ({ ...one, side })));
  }
  const inputs = made.map(({ input }) => input);
  const readings = await readInputs(model, inputs);
  const pictures = made.map((one, i): SidePicture => {
    const { logits } = readings[i]!;
    return {
      ...one,
      probability: requireProbability(model, probabilityOf(logits, one.side, model.head)),
    };
  });
  return {
    paragraphs: [answerText(oneUnit, labels)],
    claims: [sidesClaim(pictures, labels)],
    figures: [sidesFigure(pictures, labels, { preset, size, seed: tools.seed })],
    tables: [],
  };
}

function answerText(oneUnit: boolean, labels: readonly string[]): string {
  return oneUnit
    ? `The network answers with one number: below 0 for ${labels[0]}, above for ${labels[1]}. The study of 2018 could show only one side of it. Minus the number is as good an objective as the number itself, so here are both.`
    : `The network answers with one number for each class; here is what makes each of them large.`;
}

function sidesClaim(pictures: readonly SidePicture[], labels: readonly string[]): Claim {
  const medianLogit = (side: number) =>
    median(pictures.filter((one) => one.side === side).map(({ activation }) => activation));
  const own = pictures.map(({ probability }) => probability);
  const right = own.filter((probability) => probability > 0.5).length;
  return {
    text: "pictures are read by the network as the side that they were made for.",
    measures: [
      count("read as their own", right, pictures.length),
      share("smallest probability", Math.min(...own)),
      measured(`median logit for ${labels[0]}`, medianLogit(0)),
      measured(`for ${labels[1]}`, medianLogit(1)),
    ],
  };
}

function sidesFigure(
  made: readonly SidePicture[],
  labels: readonly string[],
  { preset, size, seed }: { preset: Preset; size: PictureSize; seed: number },
): MadeFigure {
  const floats = made.map(({ picture }) => picture);
  const pictures = shown(floats, size, preset.display);
  const inputs = made.map(({ input }) => input);
  return {
    id: "cats-sides",
    title: `What speaks for ${labels[0]}, and what for ${labels[1]}`,
    cells: made.map(({ activation, probability, side }, i) => ({
      picture: pictures[i]!,
      alt: `A picture made to be read as ${labels[side]}`,
      title: `${labels[side]}`,
      notes: [`probability ${formatProsePercent(probability)}`, `logit ${formatProse(activation)}`],
      enlarge: "smooth" as const,
    })),
    columns: picturesPerSide,
    charts: [],
    floats: [{ name: "cats-sides", value: floatsOf(inputs, size) }],
    sees: `Above, four starts that climbed towards ${labels[0]}; below, four towards ${labels[1]}. Pieces of what tells the two apart lie all over the picture, because the network asks whether they are there, not where.`,
    recipe: describePreset("natural", preset, size),
    seed,
    warnings: [],
  };
}
