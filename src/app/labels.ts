/** @file Class names that a user asks for, read through the platform. */
import { LimpidError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { elementCount } from "../graph/tensor.ts";
import { areValues } from "../network/head.ts";
import type { Model } from "../network/model.ts";
import { classCount } from "../scores/class-targets.ts";
import { option, say } from "../wording/face.ts";
import type { Detector } from "../network/detection/detection.ts";
import { labelsOf, namedCounts, parseLabels, type Labels } from "../network/labels.ts";
import { headOfOutput } from "../scores/explained-model.ts";
import type { Platform } from "./platform.ts";

/**
 * The class names of a file, or `imagenet`; else what `labelsOf` finds, for a model traced at shape `dims`; none where its
 * output has no classes. Throws as `labelsOf` and `readText`, and `bad-option` for names of an output without classes.
 */
export async function readLabels(
  platform: Pick<Platform, "readText">,
  asked: string | undefined,
  model: Model,
  dims: readonly number[],
): Promise<Labels> {
  const { kind, output, detector } = (await headOfOutput(model, undefined, dims)).head;
  const { metadata } = model.graph;
  if (detector) return boxLabels(platform, asked, detector, metadata);
  if (kind === "value" || kind === "items") {
    if (asked === undefined) return { names: undefined };
    throw new LimpidError(
      "bad-option",
      say`labels: names must be of classes, got ${asked} for output "${output}", which has none. leave ${option("labels")} out${kind === "value" ? say`, or read both sides of the value as classes with ${option("kind", "yes-no")}` : ""}.`,
    );
  }
  const traced = await model.at(dims);
  const shape = traced.shapes.get(model.explained)!.dims;
  const classes = classCount(kind, elementCount(shape) / shape[0]!);
  const isUnnamed = areValues(kind) && !namedCounts(metadata).has(classes);
  if (asked === undefined && isUnnamed) return { names: undefined };
  if (asked === undefined || asked === "imagenet") return labelsOf(asked, classes, metadata);
  return labelsOf({ text: await platform.readText(asked), from: asked }, classes, metadata);
}

/** Names of a detector's classes; where its outputs tell only which class a box has, as many as there are names. */
async function boxLabels(
  platform: Pick<Platform, "readText">,
  asked: string | undefined,
  { classes }: Detector,
  metadata: Graph["metadata"],
): Promise<Labels> {
  if (asked === undefined || asked === "imagenet") {
    const [count] = classes === undefined ? namedCounts(metadata) : [classes];
    return count === undefined ? { names: undefined } : labelsOf(asked, count, metadata);
  }
  const text = await platform.readText(asked);
  const count = classes ?? parseLabels(text, asked).length;
  return labelsOf({ text, from: asked }, count, metadata);
}
