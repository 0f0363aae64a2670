/** @file The plan of an attribution: an open network, the files, what is computed of each, and where it goes. */
import type { Model } from "../../network/model.ts";
import { layersAsked } from "../../network/layers.ts";
import { baseName } from "../../wording/paths.ts";
import type { JobContext } from "../context.ts";
import { heldOptions } from "../given-inputs.ts";
import { headOptions } from "../head-options.ts";
import { namesAsked } from "../labels.ts";
import { openNetwork, readyModel } from "../open.ts";
import { attributeInputs, type AttributeInput } from "./inputs.ts";
import { methodRuns, type MethodRun } from "./method-runs.ts";
import { requireTaken } from "./options.ts";
import { placesFor, triedPlaces, type Places } from "./places.ts";
import type { AttributeRequest } from "./request.ts";

/** Everything that is known before a file is read. Its runtime is the plan's own, and to be released. */
export interface AttributionPlan {
  readonly request: AttributeRequest;
  readonly model: Model;
  readonly modelName: string;
  readonly inputs: readonly AttributeInput[];
  readonly runs: readonly MethodRun[];
  readonly places: Places;
}

/** Opens the network and looks what there is to do. Throws `LimpidError` before long work. */
export async function planAttribution(
  request: AttributeRequest,
  context: JobContext,
): Promise<AttributionPlan> {
  const { methods, layers = [], options = {} } = request;
  requireTaken(methods, layers.length > 0 ? { ...options, layer: layers.join(",") } : options);
  const { platform } = context;
  const inputs = await attributeInputs(platform, request.inputs);
  const beside = [request.region?.mask, request.reference].filter(
    (path) => typeof path === "string",
  );
  platform.protect([...inputs.map(({ path }) => path), ...beside]);
  const graph = await openNetwork(request.model, context);
  const runs = methodRuns(methods, layersAsked(graph, layers));
  const places = await placesFor(platform, request, inputs.length, runs.length);
  for (const path of triedPlaces(places)) await platform.requireWritable(path);
  const runtime = await platform.openRuntime(request.runtime);
  try {
    const model = await readyModel(graph, runtime, context, {
      ...headOptions(request),
      ...(await namesAsked(platform, request.labels)),
      ...(await heldOptions(platform, graph, request)),
    });
    return { request, model, modelName: baseName(request.model), inputs, runs, places };
  } catch (error) {
    await runtime.release();
    throw error;
  }
}
