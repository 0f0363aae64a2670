/** @file The class read-out planned: which photos and layers it looks at, and the jobs that it is cut into. */
import { producers } from "../../graph/graph.ts";
import { nodesBefore } from "../../graph/edit.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { classCount } from "../../scores/class-targets.ts";
import { headOfOutput } from "../../scores/explained-model.ts";
import { blocks, type AnswersJob, type ClassesJob, type PlannedJob } from "../jobs/job.ts";
import { partName } from "../jobs/part-name.ts";
import { chosenPhotos } from "../photo-blocks.ts";
import type { PlannedPhotos } from "../plan.ts";
import type { PlannedLayer } from "../plan-layers.ts";

/** What is looked at to tell which classes units speak for. */
export interface PlannedReadOut {
  /** The network with the head that its output has. */
  readonly model: Model;
  /** How many classes that has. */
  readonly of: number;
  /** Numbers of the photos, in rising order. */
  readonly sample: readonly number[];
  /** The layers from which the logits are computed. */
  readonly layers: readonly PlannedLayer[];
  /** What the network answers to each photo of the sample. */
  readonly answers: PlannedJob<AnswersJob>;
  readonly classes: readonly PlannedJob<ClassesJob>[];
}

/** Photos whose gradients are taken: each takes a run backwards for every class. */
const mostPhotos = 128;

/** Photos of the sample that are one job. */
const photosTogether = 8;

/** Undefined where the network has no logits of classes, or no layer before them. */
export async function planReadOut(
  opened: Model,
  all: readonly PlannedLayer[],
  { names, files }: Pick<PlannedPhotos, "names" | "files">,
  decides: object,
): Promise<PlannedReadOut | undefined> {
  const dims = opened.inputDims();
  const model = await withClassLogits(opened);
  if (!model) return undefined;
  const traced = await model.at(dims);
  const shape = traced.shapes.get(model.logits)!.dims;
  const of = classCount(model.head.kind, elementCount(shape) / shape[0]!);
  const before = nodesBefore(traced, model.logits);
  const makers = producers(traced);
  const layers = all.filter(({ name }) => {
    const maker = makers.get(name);
    return name !== model.logits && maker !== undefined && before.has(maker);
  });
  if (layers.length === 0) return undefined;
  const sample = chosenPhotos(names, mostPhotos);
  const { kind } = model.head;
  const read = { logits: model.logits, kind, of };
  const own = { ...decides, read, files: sample.map((photo) => files[photo]) };
  const answers: PlannedJob<AnswersJob> = {
    job: { kind: "answers", first: 0, end: sample.length },
    part: await partName("answers", own),
    needs: [],
  };
  const needs = [answers.part];
  const looked = layers.map(({ name }) => name);
  const classes: PlannedJob<ClassesJob>[] = [];
  for (const block of blocks(sample.length, photosTogether)) {
    const job = { kind: "classes", ...block } as const;
    const part = await partName(`classes-${block.first}`, { needs, job, looked });
    classes.push({ job, part, needs });
  }
  return { model, of, sample, layers, answers, classes };
}

/** The network with the head that its output has; undefined where its numbers are no logits of answers, or have no gradient. */
export async function withClassLogits(opened: Model): Promise<Model | undefined> {
  const model = await headOfOutput(opened, undefined, opened.inputDims());
  const { head, scoreName } = model;
  const isOfClasses = head.kind === "classes" || head.kind === "labels" || head.kind === "yes-no";
  return isOfClasses && scoreName === "logit" && head.stop === undefined ? model : undefined;
}
