/** @file What a network answers to the photos of a sample, and which classes follow from that. */
import type { JobContext } from "../../app/context.ts";
import { readSource } from "../../app/read-source.ts";
import { isFailure, throwIfAborted } from "../../errors.ts";
import { decodePart, encodePart } from "../jobs/part-file.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import { runDims } from "../../network/batches.ts";
import { runRows } from "../../network/run-rows.ts";
import { classOf, preferredAmong } from "../../scores/class-targets.ts";
import type { AtlasPlan } from "../plan.ts";

const format = "limpid-atlas-answers-1";

/** Stands for a photo that cannot be used. */
const none = -1;

/** The class that a network prefers of each photo; undefined for photos that cannot be used. */
export type Answers = readonly (number | undefined)[];

/** Classes that are looked at, of networks with more. */
const mostClasses = 24;

/**
 * The classes that are looked at, in rising order: all of a network with few, else those that are the answer to most photos,
 * of which there may be fewer.
 */
export function classesOf(answers: Answers, of: number): readonly number[] {
  if (of <= mostClasses) return Array.from({ length: of }, (_, number) => number);
  const counts = new Map<number, number>();
  for (const answer of answers)
    if (answer !== undefined) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts]
    .toSorted(([a, counted], [b, other]) => other - counted || a - b)
    .slice(0, mostClasses)
    .map(([number]) => number)
    .toSorted((a, b) => a - b);
}

/** The part's bytes. Photos that cannot be used are left out: whoever looks at all photos tells of them. Throws `aborted`. */
export async function answersPart(
  { readOut, photos }: AtlasPlan,
  { platform, signal }: Pick<JobContext, "platform" | "signal">,
  onShare: (share: number) => void,
): Promise<Uint8Array> {
  const { sample, model } = readOut!;
  const { head } = model;
  const answers = new Int32Array(sample.length).fill(none);
  for (const [i, photo] of sample.entries()) {
    throwIfAborted(signal, "atlas");
    const input = await usable(() =>
      readSource(platform, model, photos!.folder.paths[photo]!, photos!.set.preparation),
    );
    if (!input) continue;
    const dims = runDims(model, input.dims);
    const rows = { graph: await model.at(dims), batch: dims[0]!, pictures: input, signal };
    const [answer] = await runRows(model, rows, (result) =>
      classOf(none, Array.from(result.of(model.logits)), head.kind, preferredAmong(head)),
    );
    answers[i] = answer!;
    onShare((i + 1) / sample.length);
  }
  const tensors = { answers: tensor("int32", [sample.length], answers) };
  return encodePart(format, tensors);

  /** The picture of a file, where it is one for the network. */
  async function usable(
    read: () => Promise<{ readonly input: Tensor }>,
  ): Promise<Tensor | undefined> {
    try {
      const { input } = await read();
      model.requirePictures(input);
      return input;
    } catch (error) {
      if (isFailure(error)) return undefined;
      throw error;
    }
  }
}

/** Throws `bad-file` for bytes that are no answers to `count` photos. */
export function decodeAnswers(bytes: Uint8Array, part: string, count: number): Answers {
  const wanted = { format, part, holds: `the answers to ${count} photos` };
  return decodePart(bytes, wanted, ({ answers }) =>
    answers?.type === "int32" && answers.data.length === count
      ? Array.from(answers.data as Int32Array, (answer) => (answer === none ? undefined : answer))
      : undefined,
  );
}
