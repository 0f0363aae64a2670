/** @file The work of `limpid attribute`: read, explain, write, say. */
import { camLayer } from "../attribution/cam-layer.ts";
import { runDims } from "../attribution/gradients.ts";
import { extremes, type Heatmap } from "../attribution/heatmap.ts";
import { attributionMethod } from "../attribution/index.ts";
import { throwIfAborted } from "../errors.ts";
import { encodeNpy } from "../formats/npy.ts";
import { elementCount, tensor, type Tensor } from "../graph/tensor.ts";
import { Model } from "../model/model.ts";
import { requireWritable, writeWhole } from "../node/files.ts";
import { drawHeatmaps } from "../node/heatmap-sheet.ts";
import { openModel } from "../node/open-model.ts";
import { readMethodOptions, requireTaken, type GivenOptions } from "./attribute-options.ts";
import type { CommandIo } from "./io.ts";
import { parseTargets, readLabels } from "./labels.ts";
import { openRuntime, type RuntimeName } from "./runtimes.ts";
import { readSource, type Source } from "./source.ts";

/** As the command line gives them. */
export interface AttributeOptions extends GivenOptions {
  readonly method: string;
  readonly target: string;
  readonly preprocess?: string;
  readonly labels?: string;
  readonly keepSoftmax?: boolean;
  readonly runtime: RuntimeName;
  readonly out?: string;
  readonly raw?: string;
  readonly json?: boolean;
}

/** What was found, and what should be said about it. */
interface Findings {
  readonly maps: readonly Heatmap[];
  readonly source: Source;
  readonly labels: readonly string[] | undefined;
  /** What was assumed or chosen. */
  readonly notes: readonly string[];
}

/** Explains the pictures of a file by a model of another. Throws `LimpidError` before anything is written. */
export async function attribute(
  modelPath: string,
  inputPath: string,
  options: AttributeOptions,
  io: CommandIo,
): Promise<void> {
  requireTaken(options.method, attributionMethod(options.method), options);
  const graph = await openModel(modelPath);
  const runtime = await openRuntime(options.runtime);
  try {
    const model = new Model(graph, runtime, { keepActivation: options.keepSoftmax ?? false });
    const findings = await explain(model, inputPath, options, io);
    await write(findings, options, io);
  } finally {
    await runtime.release();
  }
}

async function explain(
  model: Model,
  inputPath: string,
  options: AttributeOptions,
  io: CommandIo,
): Promise<Findings> {
  const method = attributionMethod(options.method);
  const source = await readSource(model, inputPath, options.preprocess);
  model.requirePictures(source.input);
  throwIfAborted(io.signal, "attribute");
  const traced = await model.at(runDims(model, source.input.dims));
  const units = traced.shapes.get(model.explained)!.dims;
  const labels = await readLabels(
    options.labels,
    elementCount(units) / units[0]!,
    model.graph.metadata,
  );
  const targets = parseTargets(options.target, labels.names);
  const context = { how: source.how, channels: source.input.dims[1]! };
  const asked = readMethodOptions(options, context);
  const takesLayer = method.info.options.some(({ name }) => name === "layer");
  const chosen = takesLayer ? camLayer(traced, model.explained, asked.layer) : undefined;
  for (const path of writtenTo(options)) await requireWritable(path);
  const maps = await method.run(model, source.input, {
    ...asked,
    targets,
    signal: io.signal,
    ...(chosen ? { layer: chosen.name } : {}),
  });
  const reason = chosen?.reason && `layer ${chosen.name}: ${chosen.reason}`;
  const notes = [source.note, labels.note, reason].filter((note) => note !== undefined);
  return { maps, source, labels: labels.names, notes };
}

function figurePath({ out, raw, json }: AttributeOptions): string | undefined {
  return out ?? (json || raw !== undefined ? undefined : "heatmap.png");
}

function writtenTo(options: AttributeOptions): readonly string[] {
  return [figurePath(options), options.raw].filter((path) => path !== undefined);
}

/** More rows make a figure that nobody looks at and no program shows. */
const mostRowsDrawn = 32;

async function write(findings: Findings, options: AttributeOptions, io: CommandIo): Promise<void> {
  const { maps, source, labels } = findings;
  const figure = figurePath(options);
  const { title } = attributionMethod(options.method).info;
  const context = { seen: source.seen, input: source.input, labels, title };
  const sheet = figure && (await drawHeatmaps(maps.slice(0, mostRowsDrawn), context));
  throwIfAborted(io.signal, "attribute");
  if (options.raw !== undefined) await writeWhole(options.raw, encodeNpy(stacked(maps)));
  if (figure !== undefined) await writeWhole(figure, sheet!);
  const notes = findings.notes.map((note) => `note: ${note}\n`).join("");
  if (options.json) {
    io.err(notes);
    io.out(`${JSON.stringify(summary(maps, labels))}\n`);
    return;
  }
  const written = writtenTo(options).map((path) => `wrote ${path}\n`);
  io.out(`${maps.map((map) => describe(map, labels)).join("")}${notes}${written.join("")}`);
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

function describe(map: Heatmap, labels: readonly string[] | undefined): string {
  const { min, max } = extremes(map.data);
  const label = labels?.[map.target];
  const name = label === undefined ? "" : ` (${label})`;
  const warnings = map.warnings.map(({ message }) => `  warning: ${message}\n`).join("");
  return `class ${map.target}${name}: probability ${map.probability.toFixed(4)}, logit ${map.logit.toFixed(3)}; ${map.method} from ${min.toPrecision(4)} to ${max.toPrecision(4)} ${map.unit}\n${warnings}`;
}
