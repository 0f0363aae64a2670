/** @file Explains one input that is in memory. */
import type { Tensor } from "../../graph/tensor.ts";
import type { Picture } from "../../image/picture.ts";
import { runDims } from "../../network/batches.ts";
import type { Model } from "../../network/model.ts";
import { LimpidError } from "../../errors.ts";
import { option, say, type Message } from "../../wording/face.ts";
import type { JobContext } from "../context.ts";
import { readLabels, readOtherLabels, type OtherLabels } from "../labels.ts";
import { assumptionsOf, type Source } from "../source.ts";
import { readTargets } from "../targets.ts";
import { meantTarget, type MeaningContext } from "../../scores/meant-target.ts";
import { targetNotes } from "../../scores/target-text.ts";
import type { BoxSearch, Reference, Target } from "../../scores/target.ts";
import type { ClassNames } from "./findings.ts";
import {
  answerOf,
  questionsOf,
  type Answer,
  type AnswerRequest,
  type MethodRun,
  type Question,
} from "./method-runs.ts";
import { readMethodOptions } from "./options.ts";
import type { ReadReference } from "./reference.ts";
import { shownOf, type Shown } from "./shown-options.ts";
import type { ReadRegion } from "./region.ts";
import type { AttributionSettings } from "./request.ts";

/** An input explained. */
export interface Explanation {
  readonly source: Source;
  /** One for each thing that is explained, in the order of the target's text. */
  readonly answers: readonly Answer[];
  readonly names: ClassNames;
  /** What scores are compared with, where pictures of it can be shown. */
  readonly compared?: ComparedPictures;
  /** What the user says of how the input is shown. */
  readonly shown: Shown;
  /** What was assumed or chosen, a sentence each. */
  readonly notes: readonly (string | Message)[];
}

/** Pictures of a reference. */
export interface ComparedPictures {
  readonly name: string;
  /** Each [1, C, H, W] in the network's own numbers. */
  readonly pictures: readonly Tensor[];
  /** As the network sees them; none of tensors. */
  readonly seen: readonly Picture[];
}

/** A run that goes on, and the share of all of them that is behind, from 0 to 1. */
export interface RunProgress {
  readonly run: MethodRun;
  readonly share: number;
}

/**
 * Explains one input by every run. A run that fails is a result, unless it is the only one. Throws `LimpidError`
 * for a target, labels or options that the network or the methods do not have.
 */
export async function runAttribution(
  model: Model,
  source: Source,
  runs: readonly MethodRun[],
  settings: AttributionSettings,
  context: Pick<JobContext, "platform" | "signal">,
  onRun: (progress: RunProgress) => void = () => {},
): Promise<Explanation> {
  const { dims } = source.input;
  const shown = shownOf(settings.shown ?? {}, model, source);
  const { labels, others, outputs } = await namesOf(model, settings, context, runDims(model, dims));
  const { reference, ...beside } = await referenceOf(model, settings, context);
  const asked = await readTargets(
    context.platform,
    textMeant(settings.target, model, reference),
    labels.names,
    model.graph,
    { reference, outputs },
  );
  const region = await regionOf(source, settings, context);
  const meaning = {
    ...(region ? { region: region.region } : {}),
    ...(labels.names ? { names: labels.names } : {}),
  };
  const targets = await targetsMeant(model, asked, dims, { ...meaning, boxes: settings.boxes });
  const options = readMethodOptions(settings.methods, settings.options ?? {}, {
    how: source.how,
    channels: dims[1]!,
  });
  const answers: Answer[] = [];
  const questions = questionsOf(targets, dims[0]!);
  for (const [i, question] of questions.entries()) {
    const told: ToldRun = (run, share) => onRun({ run, share: (i + share) / questions.length });
    const request = {
      model,
      source,
      runs,
      options,
      ...(reference ? { reference } : {}),
      otherNames: others.names,
      signal: context.signal,
      isChecked: settings.check !== "off",
      isOneMap: settings.isOneMap ?? false,
    };
    answers.push(await judgedAnswer(question, request, settings.trust ?? false, told));
  }
  const chosen = [labels.note, region?.note, beside.note];
  const meanings = settings.trust ? await meaningsOf(answers) : [];
  const told = [
    ...targetNotes(settings.target, labels.names),
    ...notesOf(answers, others),
    ...meanings,
  ];
  const notes = [...assumptionsOf(source), ...chosen, ...told].filter((note) => note !== undefined);
  const compared =
    reference && "pictures" in reference ? { ...reference, seen: beside.seen ?? [] } : undefined;
  return { source, answers, names: labels.names, shown, notes, ...(compared ? { compared } : {}) };
}

type ToldRun = (run: MethodRun, share: number) => void;

/** The share of the work that maps are where they are judged. */
const mapsOfTrust = 0.2;

/** The answer to a question, its maps judged where that is asked for. */
async function judgedAnswer(
  question: Question,
  request: Omit<AnswerRequest, "onRun">,
  isJudged: boolean,
  told: ToldRun,
): Promise<Answer> {
  const { runs, source, options, reference, signal } = request;
  const mapsShare = isJudged ? mapsOfTrust : 1;
  const onRun: ToldRun = (run, share) =>
    told(run, (mapsShare * (indexOf(runs, run) + share)) / runs.length);
  const answer = await answerOf(question, { ...request, onRun });
  if (!isJudged) return answer;
  const onProgress = (share: number, run: MethodRun) =>
    told(run, mapsShare + (1 - mapsShare) * share);
  const { withTrust } = await import("./trust.ts");
  return withTrust(answer, { input: source.input, options, reference, signal, onProgress });
}

/** Names of the classes of the output that is meant where none is named, of the others, and of all. */
async function namesOf(
  model: Model,
  { labels: asked }: Pick<AttributionSettings, "labels">,
  { platform }: Pick<JobContext, "platform">,
  dims: readonly number[],
) {
  const labels = await readLabels(platform, asked, model, dims);
  const others = await readOtherLabels(platform, asked, model, dims);
  const own = labels.names ? [[model.head.output, labels.names] as const] : [];
  return { labels, others, outputs: new Map([...others.names, ...own]) };
}

/** What was chosen for answers; of names of other outputs only where one is explained. */
function notesOf(answers: readonly Answer[], others: OtherLabels) {
  const isOther = answers.some(({ otherNames }) => otherNames);
  const own = answers.flatMap(({ notes }) => notes);
  return [...(isOther ? others.notes : []), ...own];
}

async function meaningsOf(answers: readonly Answer[]): Promise<readonly string[]> {
  const { trustMeanings } = await import("./trust-meanings.ts");
  return trustMeanings(answers);
}

/** The region that is asked for; what reads one is loaded where one is. */
async function regionOf(
  source: Source,
  { region }: AttributionSettings,
  { platform }: Pick<JobContext, "platform">,
): Promise<ReadRegion | undefined> {
  if (region === undefined) return undefined;
  const { readRegion } = await import("./region.ts");
  return readRegion(platform, region, source);
}

/** Where a run was asked for, which may be on several layers where none is named. */
function indexOf(runs: readonly MethodRun[], run: MethodRun): number {
  return runs.findIndex(
    (each) => each === run || (run.role !== undefined && each.name === run.name),
  );
}

/** The reference that is asked for; of nothing else. */
async function referenceOf(
  model: Model,
  { reference, preprocess, range, given }: AttributionSettings,
  { platform }: Pick<JobContext, "platform">,
): Promise<Partial<ReadReference>> {
  if (reference === undefined) return {};
  const { readReference } = await import("./reference.ts");
  return readReference(platform, model, reference, { preprocess, range, given });
}

/** Where nothing is named, an embedding's similarity is meant, and what is compared with an embedding's numbers. */
function textMeant(text: string, { head }: Model, reference: Reference | undefined): string {
  const isAlike = reference && ("embedding" in reference || head.kind === "embedding");
  return isAlike && text === "top" ? "similarity" : text;
}

/** What targets mean of pictures of shape [N, C, H, W], in a region and by a search of boxes if they are named. */
async function targetsMeant(
  model: Model,
  asked: readonly Target[],
  dims: readonly number[],
  { boxes, ...meaning }: MeaningContext & { readonly boxes: BoxSearch | undefined },
): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for (const each of asked) {
    const target = await meantTarget(model, each, dims, meaning);
    targets.push(target.kind === "box" ? { ...target, ...boxes } : target);
  }
  if (!targets.some(({ kind }) => kind === "box")) requireNoSearch(boxes, model);
  return targets;
}

/** Throws `bad-option` for a search of boxes where no box is meant. */
function requireNoSearch(boxes: BoxSearch | undefined, model: Model): void {
  const [asked] = Object.entries(boxes ?? {}).find(([, value]) => value !== undefined) ?? [];
  if (asked === undefined) return;
  throw new LimpidError(
    "bad-option",
    say`${asked}: a box of a detector must be explained, got what output "${model.head.output}" holds. leave ${option(asked)} out.`,
  );
}
