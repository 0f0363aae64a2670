/** @file What a network is made of: inputs, outputs, layers, and whether its gradient can be built. */
import { missingRules } from "../autodiff/path.ts";
import { isFailure } from "../errors.ts";
import { nodesBefore } from "../graph/edit.ts";
import { inFile } from "../graph/file-axes.ts";
import type { Graph, ValueInfo } from "../graph/graph.ts";
import type { InputPart } from "../graph/input-parts.ts";
import type { Head } from "../network/head.ts";
import { layersOf, type Layer } from "../network/layers.ts";
import type { Model } from "../network/model.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { say, type Message } from "../wording/face.ts";
import type { JobContext, JobListener } from "./context.ts";
import type {
  Inspection,
  InspectedHead,
  InspectedInput,
  InspectedLayer,
  InspectedPort,
} from "./inspection.ts";
import { inspectedBoxes } from "./inspected-boxes.ts";
import {
  inspectedPreparation,
  type InspectedPhotos,
  type InspectRequest,
} from "./inspected-preparation.ts";
import { readLabels } from "./labels.ts";
import { openNetwork, readyModel } from "./open.ts";
import type { RuntimeName } from "./platform.ts";

/** Opens a network and lists it; a note says why shapes are not known. Throws as `openNetwork`. */
export async function inspect(
  path: string,
  context: JobContext,
  photos: InspectedPhotos = {},
  runtimeName: RuntimeName = "cpu",
): Promise<Inspection> {
  const graph = await openNetwork(path, context);
  const runtime = await context.platform.openRuntime(runtimeName);
  try {
    return await inspectNetwork(graph, runtime, context, photos);
  } finally {
    await runtime.release();
  }
}

/** What an open network is made of; a note says why shapes are not known where they are not. */
export async function inspectNetwork(
  opened: Graph,
  runtime: Runtime,
  context: JobContext,
  request: InspectRequest = {},
): Promise<Inspection> {
  const { graph, of, wrt, model, note } = await measured(opened, runtime, context);
  if (note !== undefined) context.onNote?.(say`shapes are not known: ${note}`);
  const head = model?.head;
  const stop = head?.stop ? [{ operator: head.stop.operator, node: head.stop.name }] : [];
  const missing = [...missingRules(graph, { of, wrt }), ...stop];
  const names = model ? await namesOf(model, request.labels, context) : undefined;
  const found = model ? await inspectedBoxes(model, request, names?.names, context) : undefined;
  return {
    inputs: graph.inputs.map((input) => inputOf(input, model)),
    outputs: graph.outputs.map(portOf),
    explained: head ? explainedHead(head) : null,
    classes: names ? listedClasses(names) : null,
    preprocessing:
      model && takesPhotos(model) ? await preparationOf(model, request, context) : null,
    ...(found ? { found: [...found] } : {}),
    layers: ownLayers(graph, model).map(listed),
    differentiable: missing.length === 0,
    missing,
  };
}

interface Measured {
  /** As the file has it, but for what its values are found to be. */
  readonly graph: Graph;
  readonly of: string;
  readonly wrt: readonly string[];
  /** Undefined where nothing can be explained. */
  readonly model?: Model;
  /** Why shapes are not known. */
  readonly note?: string | Message;
}

/** A model that cannot be run still has layers and operators to show. */
async function measured(graph: Graph, runtime: Runtime, listener: JobListener): Promise<Measured> {
  try {
    const model = await readyModel(graph, runtime, listener);
    const traced = await model.whole(model.inputDims());
    return {
      graph: { ...traced, inputs: graph.inputs, outputs: graph.outputs },
      of: model.logits,
      wrt: [model.input.name],
      model,
    };
  } catch (error) {
    if (!isFailure(error)) throw error;
    const wrt = graph.inputs.map((input) => input.name);
    return { graph, of: graph.outputs.at(-1)!.name, wrt, note: error.said };
  }
}

/** The layers of the file, without what gives its inputs their parts of a picture. */
function ownLayers(graph: Graph, model: Model | undefined): readonly Layer[] {
  const before = new Set(
    (model?.parts ?? []).flatMap(({ name }) =>
      [...nodesBefore(graph, name)].map((node) => node.name),
    ),
  );
  return layersOf(graph).filter(({ node }) => !before.has(node));
}

/** Signals, volumes and rows of numbers are no photos. */
function takesPhotos({ parts }: Model): boolean {
  return parts.length === 1 && parts[0]!.kind === "picture";
}

/** A preparation that nobody asked about keeps no network from being listed. */
async function preparationOf(
  model: Model,
  request: InspectRequest,
  context: JobContext,
): Promise<Inspection["preprocessing"]> {
  try {
    return await inspectedPreparation(model, request, context);
  } catch (error) {
    if (!isFailure(error) || request.photos?.length) throw error;
    context.onNote?.(say`how pictures are prepared is not known: ${error.said}`);
    return null;
  }
}

/** Names of classes, and who gives them. */
interface NamedClasses {
  readonly names: readonly string[];
  readonly from: string;
}

async function namesOf(
  model: Model,
  asked: string | undefined,
  context: JobContext,
): Promise<NamedClasses | undefined> {
  try {
    const { names, from } = await readLabels(context.platform, asked, model, model.inputDims());
    return names && from !== undefined ? { names, from } : undefined;
  } catch (error) {
    if (!isFailure(error)) throw error;
    context.onNote?.(say`names of classes are not known: ${error.said}`);
    return undefined;
  }
}

/** An input, and what it is taken for. */
function inputOf(input: ValueInfo, model: Model | undefined): InspectedInput {
  const part = model?.parts.find(({ name }) => name === input.name);
  return {
    ...portOf(input),
    kind: part?.kind ?? null,
    axes: part ? [...part.axes] : null,
    ...(part?.fileOrder ? { inFile: shapeInFile(part) } : {}),
  };
}

function shapeInFile(part: InputPart): NonNullable<InspectedInput["inFile"]> {
  const { dims, axes } = inFile(part);
  return { shape: [...dims], axes: [...axes] };
}

/** As many names as a line holds. */
const shownClasses = 4;

function listedClasses({ names, from }: NamedClasses): Inspection["classes"] {
  return { count: names.length, names: names.slice(0, shownClasses), from };
}

function portOf({ name, type, dims }: ValueInfo): InspectedPort {
  return { name, type: type ?? null, shape: dims ?? null };
}

/** What is explained, as JSON. */
export function explainedHead(head: Head): InspectedHead {
  const { output, kind, isAssumed, activation, probabilities } = head;
  return { output, kind, assumed: isAssumed, activation: activation ?? null, probabilities };
}

function listed({ name, operator, shape, parameters }: Layer): InspectedLayer {
  return { name, operator, shape: shape ?? null, parameters };
}
