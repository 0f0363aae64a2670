/** @file What the channels of all layers add to the logits of classes, in a block of photos, and in all of them. */
import type { JobContext } from "../../app/context.ts";
import { throwIfAborted } from "../../errors.ts";
import { readSource } from "../../app/read-source.ts";
import type { ClassesJob } from "../jobs/job.ts";
import { presentPart, type PartStore } from "../jobs/part-store.ts";
import type { AtlasPlan } from "../plan.ts";
import { classesOf, decodeAnswers, type Answers } from "./answers.ts";
import { ClassSums } from "./class-sums.ts";
import { contributions } from "./contributions.ts";
import type { PlannedReadOut } from "./plan-read-out.ts";

/** What the read-out comes down to. */
export interface ReadOut {
  readonly sums: ClassSums;
  /** Place of a layer among those of the sums, by name. */
  readonly layers: ReadonlyMap<string, number>;
}

/** The part's bytes. Throws `aborted`, and `bad-file` for a photo that is another by now. */
export async function classesPart(
  { readOut, photos }: AtlasPlan,
  { first, end }: ClassesJob,
  store: PartStore,
  { platform, signal }: Pick<JobContext, "platform" | "signal">,
  onShare: (share: number) => void,
): Promise<Uint8Array> {
  const { model, sample, layers } = readOut!;
  const answers = await answersOf(readOut!, store);
  const sums = emptySums(readOut!, answers);
  for (let at = first; at < end; at++) {
    throwIfAborted(signal, "atlas");
    if (answers[at] === undefined || sums.classes.length === 0) continue;
    const path = photos!.folder.paths[sample[at]!]!;
    const { input } = await readSource(platform, model, path, photos!.set.preparation);
    sums.add(await contributions(model, input, sums.classes, layers, signal));
    onShare((at + 1 - first) / (end - first));
  }
  return sums.encode();
}

/** The sums over all photos of the sample. Throws `bad-file` for parts that are not as they were written. */
export async function allClasses(readOut: PlannedReadOut, store: PartStore): Promise<ReadOut> {
  const { layers, classes } = readOut;
  const sums = emptySums(readOut, await answersOf(readOut, store));
  for (const { part } of classes)
    sums.absorb(
      ClassSums.decode(await presentPart(store, part), part, sums.classes, channelsOf(readOut)),
    );
  return { sums, layers: new Map(layers.map(({ name }, i) => [name, i])) };
}

async function answersOf(
  { answers: { part }, sample }: PlannedReadOut,
  store: PartStore,
): Promise<Answers> {
  return decodeAnswers(await presentPart(store, part), part, sample.length);
}

function emptySums(readOut: PlannedReadOut, answers: Answers): ClassSums {
  return new ClassSums(classesOf(answers, readOut.of), channelsOf(readOut));
}

function channelsOf({ layers }: PlannedReadOut): readonly number[] {
  return layers.map(({ channels }) => channels);
}
