/** @file Class names that a user asks for, read through the platform. */
import { OnceEach } from "../once.ts";
import { LimpidError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { elementCount } from "../graph/tensor.ts";
import { answerOutputs, areValues, type HeadOptions } from "../network/head.ts";
import { namesInFile } from "../network/told/class-names.ts";
import type { HeadKind } from "../network/head-kind.ts";
import { metadataKeys } from "../graph/metadata.ts";
import {
  namesByCount,
  namesTold,
  namesUnder,
  type NamedOutput,
} from "../network/told/output-names.ts";
import type { Model } from "../network/model.ts";
import { classCount } from "../scores/class-targets.ts";
import { option, say, type Message } from "../wording/face.ts";
import type { Detector } from "../network/detection/detection.ts";
import { labelsOf, namedCounts, parseLabels, type Labels } from "../network/labels.ts";
import { isImagenetCount } from "../network/background-class.ts";
import { headOfOutput } from "../scores/explained-model.ts";
import type { Platform } from "./platform.ts";

/**
 * The class names of a file, or `imagenet`; else what `labelsOf` finds, for a model traced at shape `dims`; none where its
 * output has no classes. Throws as `labelsOf` and `readText`, and `bad-option` for names of an output without classes.
 */
export function readLabels(
  platform: Pick<Platform, "readText">,
  asked: string | undefined,
  model: Model,
  dims: readonly number[],
): Promise<Labels> {
  if (asked !== undefined) return findLabels(platform, asked, model, dims);
  return ownLabels.get(model, String(dims), () => findLabels(platform, asked, model, dims));
}

/** What networks themselves say, by the shape that they are traced at: it is asked for with every map. */
const ownLabels = new OnceEach<Model, Labels>();

async function findLabels(
  platform: Pick<Platform, "readText">,
  asked: string | undefined,
  model: Model,
  dims: readonly number[],
): Promise<Labels> {
  const { kind, output, detector, groups } = (await headOfOutput(model, undefined, dims)).head;
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
  const told = asked === undefined ? namesTold(metadata, { name: output, classes }) : undefined;
  if (told && !metadata.has(metadataKeys.classes)) return told;
  // Parts that have a softmax each are no list of ImageNet's, however many they are together.
  const isUnusual = areValues(kind) || (groups !== undefined && isImagenetCount(classes));
  const isUnnamed = isUnusual && !namedCounts(metadata).has(classes);
  if (asked === undefined && isUnnamed) return { names: undefined };
  if (asked === undefined || asked === "imagenet") return labelsOf(asked, classes, metadata);
  const text = await platform.readText(asked);
  const under = namesUnder(text, output);
  if (under?.length === classes) return { names: under, from: asked };
  const isOfOthers = answerOutputs(model.network).some(({ name }) => namesUnder(text, name));
  if (isOfOthers && !under) return { names: undefined };
  return labelsOf({ text, from: asked }, classes, metadata);
}

/** Names of the classes of outputs beside the one that is explained where none is named. */
export interface OtherLabels {
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** What was assumed. */
  readonly notes: readonly Message[];
}

/**
 * The names of the classes of all other outputs: those of the file that is asked for, of metadata or files beside the model
 * under the output's name; else the only list of as many names, if no other output has as many classes, which a note says.
 */
export async function readOtherLabels(
  platform: Pick<Platform, "readText">,
  asked: string | undefined,
  model: Model,
  dims: readonly number[],
): Promise<OtherLabels> {
  const all = answerOutputs(model.network);
  if (all.length < 2 || asked === "imagenet") return { names: new Map(), notes: [] };
  const text = asked === undefined ? undefined : await platform.readText(asked);
  const outputs: NamedOutput[] = [];
  for (const { name } of all) {
    const { kind, units } = (await headOfOutput(model, name, dims)).head;
    const isNamed = units !== undefined && namedKinds.has(kind);
    if (isNamed) outputs.push({ name, classes: classCount(kind, units) });
  }
  const { metadata } = model.graph;
  const own = model.head.output;
  const names = new Map<string, readonly string[]>();
  const notes: Message[] = [];
  for (const output of outputs.filter(({ name }) => name !== own)) {
    const under = text === undefined ? undefined : namesUnder(text, output.name);
    const isUnder = under?.length === output.classes;
    const found = isUnder
      ? { names: under, from: asked!, isAssumed: false }
      : (namesTold(metadata, output) ?? namesByCount(metadata, output, outputs));
    if (!found) continue;
    names.set(output.name, found.names);
    if (found.isAssumed) {
      notes.push(
        say`${found.from} has as many names as output "${output.name}" has classes, and no other output has: they are assumed to be its classes' (${option("labels", "FILE")} says otherwise, by a JSON object with a list for each output)`,
      );
    }
  }
  return { names, notes };
}

/** Heads whose numbers are classes with names. */
const namedKinds: ReadonlySet<HeadKind> = new Set(["classes", "labels", "yes-no", "map"]);

/** How many classes a user's names are of, for a network that is yet to be opened; nothing where that is not told. */
export async function namesAsked(
  platform: Pick<Platform, "readText">,
  asked: string | undefined,
): Promise<Pick<HeadOptions, "names">> {
  if (asked === undefined || asked === "imagenet") return {};
  const names = namesInFile(await platform.readText(asked));
  return names ? { names: names.length } : {};
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
