/** @file What a classifier answers to every picture of a folder, one after the other. */
import { scoreRows } from "../../attribution/perturbation/scored-rows.ts";
import { isFailure, LimpidError, throwIfAborted } from "../../errors.ts";
import type { Model } from "../../network/model.ts";
import { classCount, logitOf, probabilityOf } from "../../scores/class-targets.ts";
import { wordsOf } from "../../wording/face.ts";
import { tellProgress, type JobContext } from "../context.ts";
import { openPictureFolder } from "../picture-folder.ts";
import { readSource } from "../read-source.ts";
import { matchClasses } from "./class-match.ts";
import { trueLabels } from "./true-labels.ts";

/** A picture and what the network says of it. */
export interface JudgedPicture {
  readonly path: string;
  /** The class that a table tells, else that its folder means, if any. */
  readonly label: number | undefined;
  /** The preferred class, its probability, and that of the class that is meant; undefined where the picture cannot be read. */
  readonly predicted: number | undefined;
  readonly confidence: number | undefined;
  readonly ownProbability: number | undefined;
  /** Why it could not be judged. */
  readonly failure: string | undefined;
}

/** What is judged. */
export interface JudgePlan {
  readonly paths: readonly string[];
  readonly labels: readonly (number | undefined)[];
  /** Number of the network's classes. */
  readonly classes: number;
  /** Names of folders that mean no class of the network. */
  readonly unknown: readonly string[];
  /** What is to be said of tables that tell classes, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * The pictures of a folder, with the classes that tables (the paths of CSV or TSV files) tell, else those that its
 * sub-folders are named after. Throws `bad-option` for networks that do not tell classes apart, and as
 * `openPictureFolder`.
 */
export async function planJudging(
  model: Model,
  names: readonly string[] | undefined,
  folder: string,
  { platform }: Pick<JobContext, "platform">,
  tables: readonly string[] = [],
): Promise<JudgePlan> {
  const { kind, units, output } = model.head;
  if (!["classes", "labels", "yes-no"].includes(kind)) {
    throw new LimpidError(
      "bad-option",
      `judge: a folder must be given to a network that tells classes apart, got output "${output}". open a classifier.`,
    );
  }
  const classes = units === undefined ? (names?.length ?? 0) : classCount(kind, units);
  const found = await openPictureFolder(platform, folder);
  const match = matchClasses(found.classes ?? [], names, classes);
  const byFolder = found.paths.map((_, i) => {
    const own = found.labels?.[i];
    return own === undefined ? undefined : match.classes[own];
  });
  const told = await trueLabels(platform, tables, found.paths, { names, count: classes });
  const labels = byFolder.map((own, i) => told.labels[i] ?? own);
  const others = byFolder.filter((own, i) => own !== undefined && own !== labels[i]).length;
  const note = `of ${others} pictures the table tells another class than their folder: the table's is taken`;
  const notes = others > 0 ? [...told.notes, note] : told.notes;
  // Where tables tell classes, folders may be called as they like.
  const areTold = told.labels.some((own) => own !== undefined);
  return { paths: found.paths, labels, classes, unknown: areTold ? [] : match.unknown, notes };
}

/** Each picture when it is judged; one that cannot be read says why. Throws `aborted` when the signal fires. */
export async function* judgePictures(
  model: Model,
  { paths, labels }: JudgePlan,
  context: JobContext,
): AsyncGenerator<JudgedPicture> {
  const progress = tellProgress(context, { what: "judge", total: paths.length });
  try {
    for (const [i, path] of paths.entries()) {
      throwIfAborted(context.signal, "judge");
      yield await judged(model, path, labels[i], context);
      progress.update(i + 1, path);
    }
  } finally {
    progress.end();
  }
}

/** Pictures are prepared as the command prepares them. */
const preparation = { preprocess: undefined, range: undefined, isAnswered: false };

async function judged(
  model: Model,
  path: string,
  label: number | undefined,
  { platform, signal, words }: JobContext,
): Promise<JudgedPicture> {
  try {
    const { input } = await readSource(platform, model, path, preparation);
    const request = { targets: "top", values: [model.logits], signal } as const;
    const [row] = await scoreRows(model, input, request);
    const logits = Array.from(row!.values[0]!);
    const probability = (of: number) => probabilityOf(logits, of, model.head) ?? undefined;
    return {
      path,
      label,
      predicted: row!.target,
      confidence: row!.probability ?? probability(row!.target),
      ownProbability: label === undefined ? undefined : probability(label),
      failure: Number.isFinite(logitOf(logits, row!.target, model.head.kind))
        ? undefined
        : "the network's answer is no number",
    };
  } catch (error) {
    if (!isFailure(error) || (error instanceof LimpidError && error.code === "aborted"))
      throw error;
    const nothing = { predicted: undefined, confidence: undefined, ownProbability: undefined };
    return { path, label, ...nothing, failure: wordsOf(error.said, words) };
  }
}
