/** @file `limpid attribute`: which pixels or places decided for a class. */
import { attributionMethod } from "../../attribution/index.ts";
import type { Targets } from "../../attribution/gradients.ts";
import { extremes, type Heatmap } from "../../attribution/heatmap.ts";
import { imagenetClasses } from "../../attribution/imagenet-classes.ts";
import { LimpidError } from "../../errors.ts";
import { decodeNpy, encodeNpy } from "../../formats/npy.ts";
import { closestNames, lastSpatialLayer } from "../../graph/layers.ts";
import { elementCount, formatShape, tensor, type Tensor } from "../../graph/tensor.ts";
import type { Picture } from "../../image/picture.ts";
import {
  inputSizeOf,
  preprocess,
  preprocessingOf,
  preprocessings,
  type Preprocessing,
} from "../../image/preprocess.ts";
import { parsePreprocessing } from "../../image/preprocessing-file.ts";
import { Model } from "../../model/model.ts";
import { readPicture } from "../../node/codecs.ts";
import { readBytes, readText, writeWhole } from "../../node/files.ts";
import { drawHeatmaps } from "../../node/heatmap-sheet.ts";
import { openModel } from "../../node/open-model.ts";
import type { CommandIo } from "../io.ts";
import { openRuntime, type RuntimeName } from "../runtimes.ts";

export interface AttributeOptions {
  readonly method: string;
  readonly target: string;
  readonly layer?: string;
  readonly preprocess?: string;
  readonly labels?: string;
  readonly keepSoftmax?: boolean;
  readonly signed?: boolean;
  readonly runtime: RuntimeName;
  readonly out: string;
  readonly raw?: string;
  readonly json?: boolean;
}

export async function attribute(
  modelPath: string,
  inputPath: string,
  options: AttributeOptions,
  io: CommandIo,
): Promise<void> {
  const method = attributionMethod(options.method);
  const graph = await openModel(modelPath);
  const runtime = await openRuntime(options.runtime);
  const model = new Model(graph, runtime, { keepActivation: options.keepSoftmax ?? false });
  const source = await readInput(model, inputPath, options);
  for (const note of source.notes) io.err(`note: ${note}\n`);
  const traced = await model.at(model.batchDims(source.input.dims));
  const head = traced.shapes.get(model.head.logits)!;
  const classes = elementCount(head.dims) / head.dims[0]!;
  const labels = await readLabels(options.labels, classes);
  const layer =
    method.needsLayer && options.layer === undefined
      ? lastSpatialLayer(traced, model.head.logits)
      : undefined;
  if (layer) io.err(`layer: ${layer.layer.name}, ${layer.reason}\n`);
  const maps = await method.run(model, source.input, {
    targets: parseTargets(options.target, labels),
    signed: options.signed ?? false,
    signal: io.signal,
    ...(options.layer === undefined ? {} : { layer: options.layer }),
  });
  await runtime.release();
  await writeResults(maps, source, labels, options, method.title);
  if (options.json) io.out(`${JSON.stringify(summary(maps, labels))}\n`);
  else io.out(describe(maps, labels, options.out));
}

interface Source {
  readonly input: Tensor;
  /** What the network saw, if the input was a picture. */
  readonly seen: Picture | undefined;
  readonly notes: readonly string[];
}

async function readInput(model: Model, path: string, options: AttributeOptions): Promise<Source> {
  if (path.toLowerCase().endsWith(".npy")) {
    return {
      input: floatTensor(decodeNpy(await readBytes(path)), path),
      seen: undefined,
      notes: [],
    };
  }
  const picture = await readPicture(path);
  const { how, note } = await choosePreprocessing(model, options.preprocess);
  const size = inputSizeOf(how, model.input.dims ?? ["N", "C", "H", "W"]);
  const prepared = preprocess(picture, how, size);
  const input = tensor("float32", prepared.dims, prepared.data);
  return { input, seen: prepared.seen, notes: note ? [note] : [] };
}

function floatTensor(value: Tensor, path: string): Tensor {
  if (value.type === "float32") return value;
  if (value.type === "float64")
    return tensor("float32", value.dims, Float32Array.from(value.data as Float64Array));
  throw new LimpidError(
    "bad-file",
    `read: "${path}" must hold float32 numbers [N, C, H, W], got ${value.type} ${formatShape(value.dims)}. save it as float32.`,
  );
}

/** What the user says, else what the model's metadata says, else torchvision's, which is said aloud. */
async function choosePreprocessing(
  model: Model,
  asked: string | undefined,
): Promise<{ how: Preprocessing; note: string | undefined }> {
  if (asked?.toLowerCase().endsWith(".json")) {
    return { how: parsePreprocessing(await readText(asked), asked), note: undefined };
  }
  if (asked !== undefined) return { how: preprocessingOf(asked), note: undefined };
  const stored = model.graph.metadata.get("limpid.preprocessing");
  if (stored !== undefined) {
    return { how: parsePreprocessing(stored, "model metadata"), note: undefined };
  }
  return {
    how: preprocessings.torchvision,
    note: "the model does not say how its input is prepared; assumed --preprocess torchvision",
  };
}

/** Class names, or undefined. Networks of 1,000 classes are taken for ImageNet's unless told otherwise. */
async function readLabels(
  asked: string | undefined,
  classes: number,
): Promise<readonly string[] | undefined> {
  if (asked === undefined || asked === "imagenet") {
    if (asked === "imagenet" || classes === imagenetClasses.length) return imagenetClasses;
    return undefined;
  }
  const text = await readText(asked);
  const labels = text.trimStart().startsWith("[")
    ? parseList(text, asked)
    : text.trim().split(/\r?\n/);
  if (labels.length === Math.max(classes, 2)) return labels;
  throw new LimpidError(
    "bad-file",
    `labels: "${asked}" must have ${Math.max(classes, 2)} names, one a class, got ${labels.length}.`,
  );
}

function parseList(text: string, path: string): readonly string[] {
  try {
    return (JSON.parse(text) as unknown[]).map(String);
  } catch (cause) {
    throw new LimpidError(
      "bad-file",
      `labels: "${path}" must be a JSON list of names, got other text.`,
      { cause },
    );
  }
}

function parseTargets(text: string, labels: readonly string[] | undefined): Targets {
  if (text === "top") return "top";
  if (/^\s*\d+(\s*,\s*\d+)*\s*$/.test(text)) return text.split(",").map(Number);
  const index = labels?.findIndex((label) => label.toLowerCase() === text.toLowerCase()) ?? -1;
  if (index >= 0) return [index];
  const near = closestNames(text, labels ?? []);
  const hint = labels
    ? ` closest: ${near.map((name) => `"${name}"`).join(", ") || "none"}.`
    : " give class names with --labels.";
  throw new LimpidError(
    "bad-option",
    `target: must be class numbers, a label or top, got "${text}".${hint}`,
  );
}

async function writeResults(
  maps: readonly Heatmap[],
  source: Source,
  labels: readonly string[] | undefined,
  options: AttributeOptions,
  title: string,
): Promise<void> {
  const sheet = await drawHeatmaps(maps, { seen: source.seen, input: source.input, labels, title });
  if (options.raw !== undefined) await writeWhole(options.raw, encodeNpy(stacked(maps)));
  await writeWhole(options.out, sheet);
}

/** All maps as one tensor, [N, ...dims]. */
function stacked(maps: readonly Heatmap[]): Tensor {
  const size = maps[0]!.data.length;
  const data = new Float32Array(maps.length * size);
  for (const [i, map] of maps.entries()) data.set(map.data, i * size);
  return tensor("float32", [maps.length, ...maps[0]!.dims], data);
}

function summary(maps: readonly Heatmap[], labels: readonly string[] | undefined) {
  return {
    method: maps[0]!.method,
    layer: maps[0]!.layer,
    results: maps.map((map) => ({
      target: map.target,
      label: labels?.[map.target] ?? null,
      probability: map.probability,
      logit: map.logit,
      ...extremes(map.data),
      warnings: map.warnings.map((warning) => warning.message),
    })),
  };
}

function describe(
  maps: readonly Heatmap[],
  labels: readonly string[] | undefined,
  out: string,
): string {
  const lines = maps.map((map) => {
    const { min, max } = extremes(map.data);
    const name = labels?.[map.target] ? ` (${labels[map.target]})` : "";
    const warnings = map.warnings.map((warning) => `\n  warning: ${warning.message}`).join("");
    return `class ${map.target}${name}: probability ${map.probability.toFixed(4)}, logit ${map.logit.toFixed(3)}; ${map.method} from ${min.toPrecision(4)} to ${max.toPrecision(4)}${warnings}`;
  });
  return `${lines.join("\n")}\nwrote ${out}\n`;
}
