/** @file From options or a recipe file to a plan: which units, in which batches, to which folder. */
import { commandWords, wordsOf } from "../../wording/face.ts";
import { choosePreprocessing, openNamedModel, platform } from "../bridge.ts";
import { basename, join } from "node:path";
import { LimpidError } from "../../errors.ts";
import { convolutionLayers } from "../../network/activated-layers.ts";
import type { Graph } from "../../graph/graph.ts";
import { findLayer, lastSpatialLayer } from "../../network/layers.ts";
import { elementCount, formatShape } from "../../graph/tensor.ts";
import type { Preprocessing } from "../../image/preprocess.ts";
import { parsePreprocessing } from "../../network/preprocessing.ts";
import { Model } from "../../network/model.ts";
import { readText } from "../../node/files.ts";
import { versions } from "../../node/versions.ts";
import type { PictureSize } from "../../optvis/parameterizations.ts";
import { presetOf } from "../../optvis/presets.ts";
import { parseRecipe, type Recipe } from "../../optvis/recipe.ts";
import type { Unit } from "../../optvis/units.ts";
import { digestText } from "../../graph/digest.ts";
import { readLabels } from "../labels.ts";
import { parseClasses } from "../../scores/class-text.ts";
import type { MaximizeCommandOptions } from "./maximize.ts";
import type { CommandIo } from "../../cli/io.ts";
import { openRuntime } from "../../node/runtimes.ts";
import { parseSelection, parseWhole } from "../../scores/selection.ts";
import { batchSizeOf } from "../../optvis/batch-memory.ts";

/** Everything that is known before the first step. */
export interface MaximizePlan {
  readonly model: Model;
  readonly recipe: Recipe;
  /** Where the pictures go. */
  readonly folder: string;
  readonly labels: readonly string[] | undefined;
  /** Channels of each layer of the recipe. */
  readonly unitsOf: ReadonlyMap<string, number>;
  /** What was assumed. */
  readonly notes: readonly string[];
}

/** The plan of a command line. Throws `LimpidError` before anything is written. */
export async function planFromOptions(
  modelPath: string | undefined,
  options: MaximizeCommandOptions,
  io: CommandIo,
): Promise<MaximizePlan> {
  if (modelPath === undefined) {
    throw new LimpidError(
      "bad-option",
      "maximize: a model or a recipe must be given, got neither. try: limpid maximize model.onnx --layer NAME.",
    );
  }
  const seed = parseWhole(options.seed, "--seed", 0);
  const model = await readModel(modelPath, options, io);
  const { how, note } = await choosePreprocessing(model, options.preprocess);
  const size = sizeOf(model, how, options.size);
  const traced = await model.at(model.inputDims());
  const layers = chosenLayers(model, traced, options);
  const dims = await layerDims(model, layers, size);
  const labels = await readLabels(
    platform,
    options.labels,
    classesOf(model, traced),
    model.graph.metadata,
  );
  const preset = presetOf(options.preset);
  const steps =
    options.steps === undefined ? preset.steps : parseWhole(options.steps, "--steps", 1);
  const facets =
    options.diversity === undefined
      ? undefined
      : parseWhole(options.diversity, "--diversity", 2, 16);
  const units = layers.flatMap((layer) =>
    chosenUnits(model, layer, dims.get(layer)!, { options, seed, labels: labels.names }),
  );
  const apart = facets === undefined ? null : apartLayer(model, traced, layers, dims);
  const settings = { ...preset, steps };
  const recipe: Recipe = {
    recipe: "limpid maximize",
    versions: versions(),
    runtime: model.runtime.name,
    model: { file: modelPath, sha256: await model.digest() },
    preprocessing: how,
    preset: options.preset,
    settings,
    size,
    seed,
    negative: options.negative ?? false,
    apart,
    animate: options.animate ?? false,
    batches: await batchSizes(model, layers, size, facets),
    units: facets === undefined ? units : units.flatMap((unit) => withFacets(unit, facets)),
  };
  const notes = [note, labels.note].flatMap((text) =>
    text === undefined ? [] : [wordsOf(text, commandWords)],
  );
  return {
    model,
    recipe,
    folder: options.out ?? (await defaultFolder(recipe)),
    labels: labels.names,
    unitsOf: channelCounts(dims),
    notes,
  };
}

/** The plan of a recipe file. Throws `bad-option` if the model is not the recipe's. */
export async function planFromRecipe(
  modelPath: string | undefined,
  recipePath: string,
  options: MaximizeCommandOptions,
  io: CommandIo,
): Promise<MaximizePlan> {
  const stored = parseRecipe(await readText(recipePath), recipePath);
  const preprocessing = parsePreprocessing(JSON.stringify(stored.preprocessing), recipePath);
  const path = modelPath ?? stored.model.file;
  const model = await readModel(path, options, io);
  const sha256 = await model.digest();
  if (sha256 !== stored.model.sha256) {
    throw new LimpidError(
      "bad-option",
      `recipe: the model must be the one with fingerprint ${stored.model.sha256.slice(0, 12)}, got "${path}" with ${sha256.slice(0, 12)}. give the recipe's model.`,
    );
  }
  const layers = [...new Set(stored.units.map((unit) => unit.layer))];
  const dims = await layerDims(model, layers, stored.size);
  const recipe: Recipe = {
    ...stored,
    preprocessing,
    versions: versions(),
    runtime: model.runtime.name,
    model: { file: path, sha256 },
  };
  const traced = await model.at(model.inputDims());
  const labels = await readLabels(
    platform,
    options.labels,
    classesOf(model, traced),
    model.graph.metadata,
  );
  return {
    model,
    recipe,
    folder: options.out ?? (await defaultFolder(recipe)),
    labels: labels.names,
    unitsOf: channelCounts(dims),
    notes: versionNotes(stored, recipe),
  };
}

async function readModel(
  path: string,
  { runtime, offline = false }: Pick<MaximizeCommandOptions, "runtime" | "offline">,
  io: CommandIo,
): Promise<Model> {
  return new Model(await openNamedModel(path, offline, io), await openRuntime(runtime));
}

/** Bytes are the same on the same versions only; a reader should know before comparing. */
function versionNotes(stored: Recipe, recipe: Recipe): readonly string[] {
  const others = Object.entries(recipe.versions).filter(
    ([name, version]) => stored.versions[name] !== version,
  );
  const listed = others.map(
    ([name, version]) => `${name} ${stored.versions[name]} then, ${version} now`,
  );
  if (stored.runtime !== recipe.runtime)
    listed.push(`${stored.runtime} then, ${recipe.runtime} now`);
  return listed.length > 0 ? [`the last digits may differ: ${listed.join("; ")}`] : [];
}

function sizeOf(model: Model, how: Preprocessing, asked: string | undefined): PictureSize {
  const [, channels, height, width] = model.inputDims();
  if (channels !== 1 && channels !== 3) {
    throw new LimpidError(
      "shape-mismatch",
      `maximize: the network must take pictures of 1 or 3 channels, got ${channels}.`,
    );
  }
  const [, , h, w] = model.input.dims ?? [];
  const open = how.size ?? [height, width];
  const heightPx = typeof h === "number" ? height : open[0];
  const widthPx = typeof w === "number" ? width : open[1];
  if (asked === undefined) return { channels, heightPx, widthPx };
  const sidePx = parseWhole(asked, "--size", 1, 4096);
  return { channels, heightPx: sidePx, widthPx: sidePx };
}

function chosenLayers(
  model: Model,
  traced: Graph,
  options: MaximizeCommandOptions,
): readonly string[] {
  if (options.layers !== undefined && options.layers !== "every-conv") {
    throw new LimpidError(
      "bad-option",
      `--layers: must be every-conv, got "${options.layers}". name single layers with --layer.`,
    );
  }
  const named = (options.layer ?? []).map((asked) => findLayer(traced, asked).name);
  const all = options.layers === undefined ? [] : convolutionLayers(traced);
  const classes = options.class === undefined ? [] : [model.head.logits];
  const layers = [...new Set([...named, ...all, ...classes])];
  if (layers.length > 0) return layers;
  throw new LimpidError(
    "bad-option",
    `maximize: something to maximise must be given, got nothing. name a layer with --layer ("limpid inspect" lists them), --layers every-conv, or a class with --class.`,
  );
}

/** The shape [1, C, ...] of each layer at a size. */
async function layerDims(
  model: Model,
  layers: readonly string[],
  size: PictureSize,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const part = await model.part(layers, [1, size.channels, size.heightPx, size.widthPx]);
  return new Map(
    layers.map((layer) => {
      const shape = part.shapes.get(layer);
      if (!shape || shape.dims.length < 2 || !/^b?float/.test(shape.type)) {
        throw new LimpidError(
          "bad-option",
          `layer: "${layer}" must hold activations [N, C, ...], got ${shape ? `${shape.type} ${formatShape(shape.dims)}` : "a constant"}. choose another one.`,
        );
      }
      return [layer, shape.dims];
    }),
  );
}

function channelCounts(dims: ReadonlyMap<string, readonly number[]>): ReadonlyMap<string, number> {
  return new Map([...dims].map(([layer, shape]) => [layer, shape[1]!]));
}

function classesOf(model: Model, traced: Graph): number {
  const { dims } = traced.shapes.get(model.head.logits)!;
  return elementCount(dims) / dims[0]!;
}

interface Choice {
  readonly options: MaximizeCommandOptions;
  readonly seed: number;
  readonly labels: readonly string[] | undefined;
}

/** The units of a layer that the options ask for. */
function chosenUnits(
  model: Model,
  layer: string,
  dims: readonly number[],
  { options, seed, labels }: Choice,
): readonly Unit[] {
  const channels = dims[1]!;
  if (options.class !== undefined && layer === model.head.logits) {
    const classes = selectedClasses(options.class, channels, seed, labels);
    return classes.map((index) => ({ layer, channel: channels === 1 ? 0 : index, class: index }));
  }
  if (options.neuron !== undefined) return [neuronOf(options.neuron, layer, dims)];
  const what = `channel of "${layer}"`;
  const chosen = parseSelection(options.channel ?? "random:16", channels, seed, what);
  return chosen.map((channel) => ({ layer, channel }));
}

/** A one-unit network has two classes, its two sides. */
function selectedClasses(
  text: string,
  units: number,
  seed: number,
  labels: readonly string[] | undefined,
): readonly number[] {
  if (/^(all|random:.*|[\d\s,-]*)$/.test(text)) {
    return parseSelection(text, Math.max(units, 2), seed, "class");
  }
  const targets = parseClasses(text, labels);
  return typeof targets === "string" ? [] : [...targets];
}

function neuronOf(text: string, layer: string, dims: readonly number[]): Unit {
  const numbers = text.split(",").map((part) => parseWhole(part, "--neuron", 0));
  const [, , height, width] = dims;
  if (dims.length !== 4 || (numbers.length !== 1 && numbers.length !== 3)) {
    const problem =
      dims.length === 4
        ? `must be a channel, or channel, row and column such as 7,3,3, got "${text}"`
        : `needs a layer with rows and columns, got "${layer}" of shape ${formatShape(dims)}`;
    throw new LimpidError("bad-option", `--neuron: ${problem}.`);
  }
  const [channel, row = Math.floor(height! / 2), column = Math.floor(width! / 2)] = numbers;
  const limits = [dims[1]!, height!, width!];
  const outside = [channel!, row, column].findIndex((value, i) => value >= limits[i]!);
  if (outside >= 0) {
    const name = ["channel", "row", "column"][outside]!;
    throw new LimpidError(
      "bad-option",
      `--neuron: the ${name} must be from 0 to ${limits[outside]! - 1}, got ${[channel, row, column][outside]}.`,
    );
  }
  return { layer, channel: channel!, place: [row, column] };
}

function withFacets(unit: Unit, count: number): readonly Unit[] {
  return Array.from({ length: count }, (_, facet) => ({ ...unit, facet }));
}

/** Where pictures of one unit are kept apart: the layer itself, or before a dense one the last with places. */
function apartLayer(
  model: Model,
  traced: Graph,
  layers: readonly string[],
  dims: ReadonlyMap<string, readonly number[]>,
): string {
  if (layers.length > 1) {
    throw new LimpidError(
      "bad-option",
      `--diversity: must be asked for one layer at a time, got ${layers.length} layers.`,
    );
  }
  const [layer] = layers;
  const isSpatial = elementCount(dims.get(layer!)!.slice(2)) > 1;
  return isSpatial ? layer! : lastSpatialLayer(traced, model.explained).layer.name;
}

async function batchSizes(
  model: Model,
  layers: readonly string[],
  size: PictureSize,
  facets: number | undefined,
): Promise<Readonly<Record<string, number>>> {
  const entries: [string, number][] = [];
  for (const layer of layers) {
    entries.push([layer, facets ?? (await batchSizeOf(model, layer, size))]);
  }
  return Object.fromEntries(entries);
}

/** A folder of its own for each recipe, so that the same command finds its results again. */
async function defaultFolder(recipe: Recipe): Promise<string> {
  const { versions: _versions, ...content } = recipe;
  const name = basename(recipe.model.file).replace(/\.\w+$/, "");
  const digest = await digestText(JSON.stringify(content));
  return join("maximized", `${name}-${recipe.preset}-${digest.slice(0, 8)}`);
}
