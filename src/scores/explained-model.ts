/** @file The model that explains a target: the network up to what is meant, with one number behind it. */
import { LimpidError } from "../errors.ts";
import { nodesBefore } from "../graph/edit.ts";
import type { Graph } from "../graph/graph.ts";
import { formatShape } from "../graph/tensor.ts";
import { answerOutputs, shapesFound, type Head, type HeadOptions } from "../network/head.ts";
import { option, say, type Message } from "../wording/face.ts";
import { channelAxisOf, placeAxesOf } from "./channel-axis.ts";
import { Model, type ModelOptions } from "../network/model.ts";
import { runDims } from "../network/batches.ts";
import type { ClassTargets } from "./class-targets.ts";
import type { SoughtObjects } from "./sought-objects.ts";
import type { FixedTarget } from "./target.ts";
import type { TargetMarks } from "./target-marks.ts";

/** A model whose score is the target's, for any method. What the score is, is the model's `scoreName`. */
export interface ExplainedModel {
  readonly model: Model;
  /** The class of `model` that stands for the target. */
  readonly targets: ClassTargets;
  /** The end of the network that the target is of, or that it has where a layer is meant. */
  readonly head: Head;
  /** Whether a class of the head is explained, or its value, and not a sum of several or a unit. */
  readonly isOfHead: boolean;
  /** The output that the score is of; undefined for units and directions of layers. */
  readonly output?: string;
  /** The layer of a unit or direction in full; undefined for classes. */
  readonly layer?: string;
  /** What of the picture is meant, of targets that are found on it. */
  readonly marks?: TargetMarks;
  /** The objects that are meant, of targets of detectors. */
  readonly sought?: SoughtObjects;
  /** What is to be said of the head, where pictures of this size, or the output that is named, make another one of it. */
  readonly notes: readonly Message[];
}

/**
 * The model that explains a target for pictures of shape [N, C, H, W]: itself for a class, or the same network with
 * another output explained; otherwise the network up to the value that is meant and one number behind it. A unit that
 * is named by an output is the class, or the value, of that head. Throws `bad-option` for a class, channel or place that
 * there is not and for classes of outputs that have none, `shape-mismatch` for a direction of another length, and
 * `unknown-layer`.
 */
export async function explainedModelOf(
  opened: Model,
  asked: FixedTarget,
  dims: readonly number[],
): Promise<ExplainedModel> {
  const { model, target } = await headAsked(opened, asked, dims);
  const { output } = model.head;
  const notes = notesBeside(opened, model);
  if (model.head.detector && (target.kind === "class" || target.kind === "combination")) {
    throw new LimpidError(
      "bad-option",
      say`target: what is explained of a detector must be boxes of one class, got ${target.kind === "class" ? "a class of no picture" : "several classes"}. name one class, or a box as ${option("target", "box:0")}.`,
    );
  }
  if (target.kind === "class") {
    const targets = target.class === "top" ? target.class : [target.class];
    return { model, head: model.head, targets, isOfHead: true, output, notes };
  }
  const { combinationModel, unitModel } = await import("./number-behind.ts");
  if (target.kind === "combination") {
    const difference = await combinationModel(model, target, dims);
    return { model: difference, head: model.head, targets: [0], isOfHead: false, output, notes };
  }
  const { model: explained, layer } = await unitModel(model, target, dims);
  return { model: explained, head: model.head, targets: [0], isOfHead: false, layer, notes };
}

/** What is to be said of a network with another head than it was opened with. */
export function notesBeside(opened: Model, model: Model): readonly Message[] {
  const known = new Set(opened.notes.map((note) => JSON.stringify(note)));
  return model.notes.filter((note) => !known.has(JSON.stringify(note)));
}

/** A target, and the network with the head that it is of. */
export interface TargetHead {
  readonly model: Model;
  readonly target: FixedTarget;
}

/**
 * The network with the head that a target names, and the target there, for pictures of shape [N, C, H, W]; the network
 * itself for anything else. Throws `bad-option` for classes of outputs that have none.
 */
export async function headAsked(
  opened: Model,
  asked: FixedTarget,
  dims: readonly number[],
): Promise<TargetHead> {
  const found = await headNamed(await sureModel(opened, dims), asked, dims);
  const { kind } = found.target;
  if (kind === "class" || kind === "combination") await requireClasses(found.model, dims);
  return found;
}

/** The network with the head that its output has for pictures of shape [N, C, H, W]; of another output if one is named. */
export async function headOfOutput(
  opened: Model,
  output: string | undefined,
  dims: readonly number[],
): Promise<Model> {
  const model = await sureModel(opened, dims);
  return output === undefined ? model : headModel(model, output, dims);
}

async function headNamed(
  model: Model,
  target: FixedTarget,
  dims: readonly number[],
): Promise<TargetHead> {
  if (target.kind === "combination" && target.output !== undefined) {
    requireOutput(model, target.output);
    return { model: await headModel(model, target.output, dims), target };
  }
  if (target.kind !== "unit" || target.place || !isHead(model, target.layer)) {
    return { model, target };
  }
  const named = await headModel(model, target.layer, dims);
  return named.head.kind === "items" || named.head.kind === "boxes"
    ? { model, target }
    : { model: named, target: { kind: "class", class: target.channel } };
}

/** Throws `bad-option` for a difference of units of a layer. */
function requireOutput(model: Model, name: string): void {
  if (isHead(model, name)) return;
  const outputs = answerOutputs(model.graph).map((output) => `"${output.name}"`);
  throw new LimpidError(
    "bad-option",
    `target: what is added or taken off must be classes of an output, got "${name}". there are ${outputs.join(", ")}.`,
  );
}

/** An output that others are computed from is a layer, unless it holds the logits that they are probabilities of. */
function isHead({ graph, head }: Model, name: string): boolean {
  if (!answerOutputs(graph).some((output) => output.name === name)) return false;
  const isOnTheWay = graph.outputs.some(
    (other) =>
      other.name !== name &&
      nodesBefore(graph, other.name).size > nodesBefore(graph, name).size &&
      [...nodesBefore(graph, other.name)].some(({ inputs }) => inputs.includes(name)),
  );
  return name === head.output || name === head.logits || !isOnTheWay;
}

/**
 * The model itself, or the same network with what its output is by the shape that it has for these pictures, where
 * nothing told the shape before: files leave it out, and sides that are open may only fit some pictures.
 */
async function sureModel(model: Model, dims: readonly number[]): Promise<Model> {
  const { head } = model;
  if (head.isSure) return model;
  const traced = await model.whole(runDims(model, dims));
  const named = head.choice === undefined ? { output: head.output } : {};
  return lookedModel(modelOf(model, { ...named, ...shapesFound(traced, model.network) }));
}

/** The same network with another of its outputs explained. */
async function headModel(model: Model, output: string, dims: readonly number[]): Promise<Model> {
  if (output === model.head.output) return model;
  const traced = await model.whole(runDims(model, dims));
  return lookedModel(modelOf(model, { output, ...shapesFound(traced, model.network) }));
}

/** A detector as its numbers are; every other model itself. */
export async function lookedModel(model: Model): Promise<Model> {
  if (!model.head.detector) return model;
  const { lookedAt } = await import("../network/detection/looked-at.ts");
  return lookedAt(model);
}

function modelOf(model: Model, told: HeadOptions): Model {
  const keepActivation = model.explained !== model.logits;
  const options = { ...told, keepActivation };
  const what = { ...options, shapes: [...(told.shapes ?? [])] };
  return extendedModel(model, what, { ...options, like: model }, () => model.network);
}

/** Throws `bad-option` for classes of an output that holds none. */
async function requireClasses(model: Model, dims: readonly number[]): Promise<void> {
  const { output, answer, kind, stop } = model.head;
  if (stop) {
    throw new LimpidError(
      "bad-option",
      say`target: output "${output}" must change a little with the picture, got ${stop.operator} ("${stop.name}") on its way, which has no gradient. name a unit of a layer before it with ${option("target")}, or another output with ${option("output")}.`,
    );
  }
  const traced = await model.whole(runDims(model, dims));
  const shape = traced.shapes.get(answer)!.dims;
  requireRows(output, shape, runDims(model, dims)[0]!);
  if (kind !== "items") return;
  const channel = channelAxisOf(shape);
  const example = Math.min(shape[channel]! - 1, 5);
  const places = placeAxesOf(shape).map((axis) => Math.min(shape[axis]! - 1, 9));
  const number = [...places];
  number.splice(channel - 1, 0, example);
  const at = places.length === 0 ? "" : `@${places.join("x")}`;
  throw new LimpidError(
    "bad-option",
    say`target: output "${output}" of shape ${formatShape(shape)} holds no classes but numbers of many places or boxes, of which one must be named, got a class. take ${option("target", `${output}:${example}${at}`)}, its number [${number.join(", ")}].`,
  );
}

/** Throws `bad-option` for an output that has no row for each picture. */
function requireRows(output: string, shape: readonly number[], pictures: number): void {
  if (shape[0] === pictures) return;
  throw new LimpidError(
    "bad-option",
    say`target: output "${output}" must have a row for each picture on its first axis, got shape ${formatShape(shape)} for ${pictures}. export it with its batch, or name a unit of a layer before it.`,
  );
}

/** Models by what is behind them, so that traces and sessions serve every picture. */
const extendedModels = new WeakMap<Model, Map<string, Model>>();

/** A model that other nodes stand behind, built once for what is behind it. */
export function extendedModel(
  model: Model,
  what: object,
  options: ModelOptions,
  build: () => Graph,
): Model {
  const known = extendedModels.get(model) ?? new Map<string, Model>();
  extendedModels.set(model, known);
  const key = JSON.stringify(what);
  const extended =
    known.get(key) ??
    new Model(build(), model.runtime, { held: model.held, ...options, parts: model.parts });
  known.set(key, extended);
  return extended;
}
