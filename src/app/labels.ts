/** @file Class names that a user asks for, read through the platform. */
import { LimpidError } from "../errors.ts";
import { elementCount } from "../graph/tensor.ts";
import { areValues } from "../network/head.ts";
import type { Model } from "../network/model.ts";
import { classCount } from "../scores/class-targets.ts";
import { option, say } from "../wording/face.ts";
import { labelsOf, type Labels } from "../network/labels.ts";
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
  const { kind, output } = model.head;
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
  const { metadata } = model.graph;
  if (asked === undefined && areValues(kind)) return { names: undefined };
  if (asked === undefined || asked === "imagenet") return labelsOf(asked, classes, metadata);
  return labelsOf({ text: await platform.readText(asked), from: asked }, classes, metadata);
}
