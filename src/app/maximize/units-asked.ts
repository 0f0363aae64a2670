/** @file The units that a request asks for: in the short form of layers, channels and classes, or as targets. */
import { LimpidError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import { formatShape } from "../../graph/tensor.ts";
import { convolutionLayers } from "../../network/activated-layers.ts";
import { findLayer, layersAsked } from "../../network/layers.ts";
import { areValues, isOfPlaces } from "../../network/head.ts";
import type { HeadKind } from "../../network/head-kind.ts";
import type { Model } from "../../network/model.ts";
import { isOfLayers, type ObjectiveTerm } from "../../optvis/objective-terms.ts";
import type { PictureSize } from "../../optvis/parameterizations.ts";
import type { ChannelUnit, Unit } from "../../optvis/units.ts";
import { channelAxisOf } from "../../scores/channel-axis.ts";
import { headAsked } from "../../scores/explained-model.ts";
import { classCount, fedClasses } from "../../scores/class-targets.ts";
import { parseClasses } from "../../scores/class-text.ts";
import { combinationWeights } from "../../scores/combination.ts";
import { picksOf } from "../../scores/picks.ts";
import { fixedTargets } from "../../scores/picture-target.ts";
import { parseSelection } from "../../scores/selection.ts";
import type { FixedTarget } from "../../scores/target.ts";
import { command, option, say } from "../../wording/face.ts";
import type { Platform } from "../platform.ts";
import { readTargets } from "../targets.ts";
import { layerDims, type LayerShapes } from "./layers.ts";
import type { ChosenUnits } from "./request.ts";

/** What is asked for, and of which model. */
export interface UnitsQuestion {
  readonly request: ChosenUnits;
  readonly model: Model;
  /** Traced at the network's own size. */
  readonly traced: Graph;
  readonly size: PictureSize;
  readonly labels: readonly string[] | undefined;
  /** The objective, where one is named. */
  readonly terms: readonly ObjectiveTerm[] | undefined;
  /** For what is chosen at random. */
  readonly seed: number;
}

/** The units with the shapes [1, C, ...] of their layers. Throws `bad-option` and `unknown-layer`. */
export async function unitsAsked(
  question: UnitsQuestion,
  platform: Pick<Platform, "readBytes">,
): Promise<{ readonly units: readonly Unit[]; readonly dims: LayerShapes }> {
  const { request, model, size, terms } = question;
  const ofLayers = terms !== undefined && isOfLayers(terms);
  const targets = await targetsAsked(question, platform);
  const named = namedLayers(question);
  const targetLayers = targets.map(({ layer }) => layer);
  const layers = [...new Set([...named, ...(await classLayers(question)), ...targetLayers])];
  requireSomething(layers);
  const dims = await layerDims(model, layers, size);
  if (ofLayers) {
    requireNoUnits(request);
    return { units: layers.map((layer) => ({ layer })), dims };
  }
  const short = layers.flatMap((layer) => shortUnits(question, layer, dims.get(layer)!, named));
  const long = targets.map((target) => unitOf(target, dims.get(target.layer)!));
  return { units: eachOnce([...short, ...long]), dims };
}

/** A target and the layer that it is a unit of. */
interface LayerTarget {
  readonly target: FixedTarget;
  readonly layer: string;
  /** What the numbers of its output are. */
  readonly kind: HeadKind;
  /** Its output, where it is another than the one that is meant where none is named. */
  readonly output?: string;
}

async function targetsAsked(
  { request, model, traced, labels }: UnitsQuestion,
  platform: Pick<Platform, "readBytes">,
): Promise<readonly LayerTarget[]> {
  if (request.target === undefined) return [];
  const asked = await readTargets(platform, request.target, labels, model.graph);
  const found: LayerTarget[] = [];
  for (const one of fixedTargets(asked, "maximize")) {
    const { model: headed, target } = await headAsked(model, one, model.inputDims());
    const { output, kind } = headed.head;
    const isOther = output !== model.head.output;
    if (isOther && isOfPlaces(kind)) throw ofOtherMap(output, one);
    const layer = "layer" in target ? findLayer(traced, target.layer).name : headed.logits;
    found.push({ target, layer, kind, ...(isOther ? { output } : {}) });
  }
  return found;
}

/** The means over places are put behind the one output that is meant. */
function ofOtherMap(output: string, asked: FixedTarget): LimpidError {
  const number = asked.kind === "unit" ? asked.channel : 0;
  return new LimpidError(
    "bad-option",
    say`target: a class of a map must be of the output that is meant, got "${output}:${number}". give ${option("output", output)} and ${option("target", `${number}`)}.`,
  );
}

function eachOnce(units: readonly Unit[]): readonly Unit[] {
  return [...new Map(units.map((unit) => [JSON.stringify(unit), unit])).values()];
}

function namedLayers({ request, model, traced }: UnitsQuestion): readonly string[] {
  const texts = layersAsked(model.graph, request.layers ?? []);
  const named = texts.map((asked) => findLayer(traced, asked).name);
  return [...named, ...(request.everyConvolution ? convolutionLayers(traced) : [])];
}

/** Throws `bad-option` where the output holds no classes. */
async function classLayers({ request, model }: UnitsQuestion): Promise<readonly string[]> {
  if (request.classes === undefined) return [];
  await headAsked(model, { kind: "class", class: "top" }, model.inputDims());
  return [model.logits];
}

function requireSomething(layers: readonly string[]): void {
  if (layers.length > 0) return;
  throw new LimpidError(
    "bad-option",
    say`maximize: something to maximise must be given, got nothing. name a layer with ${option("layer")} (${command("inspect")} lists them), ${option("layers", "every-conv")}, a class with ${option("class")}, or anything with ${option("target")}.`,
  );
}

function requireNoUnits(request: ChosenUnits): void {
  const { channels, neuron, classes, target } = request;
  const given = Object.entries({ channel: channels, neuron, class: classes, target });
  const [first] = given.flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (first === undefined) return;
  throw new LimpidError(
    "bad-option",
    say`maximize: an objective of whole layers must be given layers alone, got ${option(first)}. leave it out, and name layers with ${option("layer")}.`,
  );
}

/** The units of a layer that the short form asks for. */
function shortUnits(
  question: UnitsQuestion,
  layer: string,
  shape: readonly number[],
  named: readonly string[],
): readonly Unit[] {
  const { request, model, labels, seed } = question;
  const channels = shape[channelAxisOf(shape)]!;
  if (request.classes !== undefined && layer === model.logits) {
    const { kind } = model.head;
    const classes = selectedClasses(request.classes, classCount(kind, channels), seed, labels);
    return classes.map((index) => classUnit(layer, index, kind));
  }
  if (!named.includes(layer)) return [];
  if (request.neuron !== undefined) return [neuronOf(request.neuron, layer, shape)];
  const what = `channel of "${layer}"`;
  const chosen = parseSelection(request.channels ?? "random:16", channels, seed, what);
  return chosen.map((channel) => ({ layer, channel }));
}

/** The classes of an answer of yes or no are the two sides of its unit; values are units and no classes. */
function classUnit(layer: string, index: number, kind: HeadKind): ChannelUnit {
  if (areValues(kind)) return { layer, channel: index };
  return { layer, channel: kind === "yes-no" ? 0 : index, class: index };
}

function selectedClasses(
  text: string,
  units: number,
  seed: number,
  labels: readonly string[] | undefined,
): readonly number[] {
  if (/^(all|random:.*|[\d\s,-]*)$/.test(text)) {
    return parseSelection(text, units, seed, "class");
  }
  return named(parseClasses(text, labels));
}

/** A picture that is made has no class that the network prefers. */
function named<Class>(asked: Class | "top"): Class {
  if (asked !== "top") return asked;
  throw new LimpidError(
    "bad-option",
    `target: a class that is maximised must be named, got "top". give a number or a label.`,
  );
}

function neuronOf(numbers: readonly number[], layer: string, shape: readonly number[]): Unit {
  const [, channels, height, width] = shape;
  if (shape.length !== 4 || (numbers.length !== 1 && numbers.length !== 3)) {
    const problem =
      shape.length === 4
        ? `must be a channel, or channel, row and column such as 7,3,3, got "${numbers.join(",")}"`
        : `needs a layer with rows and columns, got "${layer}" of shape ${formatShape(shape)}`;
    throw new LimpidError("bad-option", say`${option("neuron")}: ${problem}.`);
  }
  const [channel, row = Math.floor(height! / 2), column = Math.floor(width! / 2)] = numbers;
  const limits = [channels!, height!, width!];
  const outside = [channel!, row, column].findIndex((value, i) => value >= limits[i]!);
  if (outside >= 0) {
    const name = ["channel", "row", "column"][outside]!;
    throw new LimpidError(
      "bad-option",
      say`${option("neuron")}: the ${name} must be from 0 to ${limits[outside]! - 1}, got ${[channel!, row, column][outside]!}.`,
    );
  }
  return { layer, channel: channel!, place: [row, column] };
}

/** The unit of a target in a layer of this shape [1, C, ...]. Throws as `explainedModelOf`. */
function unitOf({ target, layer, kind, output }: LayerTarget, shape: readonly number[]): Unit {
  const ofOutput = output === undefined ? {} : { output };
  const channels = shape[channelAxisOf(shape)]!;
  if (target.kind === "class") {
    const [index] = fedClasses([named(target.class)], 1, channels, kind);
    return { ...classUnit(layer, index!, kind), ...ofOutput };
  }
  if (target.kind === "combination") {
    combinationWeights(target.plus, target.minus, channels, kind);
    return { layer, plus: target.plus, minus: target.minus, ...ofOutput };
  }
  picksOf(target, layer, shape);
  const place = target.place ? { place: target.place } : {};
  return target.kind === "unit"
    ? { layer, channel: target.channel, ...place }
    : { layer, vector: target.vector, ...place };
}
