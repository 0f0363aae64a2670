/** @file A network of the study, with how its input is prepared and what its classes are called. */
import type { JobContext } from "../app/context.ts";
import { openNetwork, readyModel, type LookUp } from "../app/open.ts";
import { scoreRows } from "../attribution/perturbation/scored-rows.ts";
import { elementCount, type Tensor } from "../graph/tensor.ts";
import { pictureOfFloats, type FloatDisplay } from "../image/float-picture.ts";
import type { Picture } from "../image/picture.ts";
import { pictureGrid } from "../image/raster.ts";
import type { Preprocessing } from "../image/preprocess.ts";
import { choosePreprocessing } from "../network/choose-preprocessing.ts";
import { labelsOf } from "../network/labels.ts";
import type { Model } from "../network/model.ts";
import { classCount } from "../scores/class-targets.ts";
import { stackRows } from "../network/run-rows.ts";
import type { PictureSize } from "../optvis/parameterizations.ts";
import type { Source } from "../report/record.ts";
import { LimpidError } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { formatCount } from "../wording/numbers.ts";

export interface StudyNetwork {
  readonly model: Model;
  readonly preprocessing: Preprocessing;
  /** A name for each class; a network of one unit has two. */
  readonly labels: readonly string[];
  readonly source: Source;
}

export interface NetworkOpening {
  /** A path, or a name of the catalog. */
  readonly asked: string;
  readonly lookUp?: LookUp;
  readonly source: Pick<Source, "what" | "origin" | "standsFor">;
  readonly runtime: Runtime;
}

/** Opens a network of the study. Throws `bad-file` as `openNetwork`, and for metadata that does not fit it. */
export async function openStudyNetwork(
  { asked, lookUp = {}, source, runtime }: NetworkOpening,
  context: JobContext,
): Promise<StudyNetwork> {
  const graph = await openNetwork(asked, context, lookUp);
  const model = await readyModel(graph, runtime, context);
  const { how: preprocessing } = await choosePreprocessing(model, undefined);
  const { what, origin, ...standsFor } = source;
  return {
    model,
    preprocessing,
    labels: await classNames(model),
    source: {
      kind: "network",
      what: `${what}, ${formatCount(parametersOf(model))} parameters`,
      origin,
      sha256: await model.digest(),
      ...standsFor,
    },
  };
}

function parametersOf({ graph }: Model): number {
  return [...graph.initializers.values()]
    .filter(({ type, dims }) => type.startsWith("float") && dims.length > 0)
    .reduce((sum, { dims }) => sum + elementCount(dims), 0);
}

async function classNames(model: Model): Promise<readonly string[]> {
  const traced = await model.at(model.inputDims());
  const units = traced.shapes.get(model.logits)?.dims.at(-1) ?? 1;
  const classes = classCount(model.head.kind, units);
  const { names } = await labelsOf(undefined, classes, model.graph.metadata);
  return names ?? Array.from({ length: classes }, (_, i) => `class ${i}`);
}

/** The size of the pictures that a network takes. */
export function sizeOf({ model }: StudyNetwork): PictureSize {
  const [, channels, heightPx, widthPx] = model.inputDims();
  return { channels: channels === 1 ? 1 : 3, heightPx, widthPx };
}

/** What a network makes of one picture. */
export interface Reading {
  readonly target: number;
  readonly probability: number;
  readonly logits: readonly number[];
}

/**
 * What the network makes of inputs [C, H, W] in its own range; of a network of one unit, class 1 is the side of
 * logits from 0 up.
 */
export async function readInputs(
  model: Model,
  inputs: readonly Float32Array[],
): Promise<readonly Reading[]> {
  const pictures = stackRows(inputs, [inputs.length, ...model.inputDims().slice(1)]);
  const request = { targets: "top", values: [model.explained] } as const;
  const rows = await scoreRows(model, pictures, request);
  return rows.map(({ target, probability, values }) => ({
    target,
    probability: requireProbability(model, probability),
    logits: Array.from(values[0]!),
  }));
}

/** Throws `bad-file` for a network whose numbers are no probabilities of classes. */
export function requireProbability({ head }: Model, probability: number | null): number {
  if (probability !== null) return probability;
  throw new LimpidError(
    "bad-file",
    `study: the network must tell classes apart, got output "${head.output}", whose numbers are no probabilities. take a classifier.`,
  );
}

/** Space between the pictures of a grid. */
const gapPx = 3;

/** Pictures of one size side by side, as the report shows them. */
export function gridOf(pictures: readonly Picture[], columns: number): Picture {
  return pictureGrid(pictures, columns, gapPx);
}

/** Float pictures [C, H, W] as people see them. */
export function shown(
  floats: readonly Float32Array[],
  size: PictureSize,
  display: FloatDisplay,
): readonly Picture[] {
  return floats.map((data) => pictureOfFloats(data, size, display));
}

/** Pictures as one tensor [N, C, H, W]. */
export function floatsOf(pictures: readonly Float32Array[], size: PictureSize): Tensor {
  return stackRows(pictures, [pictures.length, size.channels, size.heightPx, size.widthPx]);
}
