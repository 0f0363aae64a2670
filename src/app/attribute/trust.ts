/** @file How far to believe the maps of an attribution: each is judged by its own network, with its own target and options. */
import { mapsAgainst } from "../../attribution/against-reference.ts";
import { faithfulness } from "../../attribution/check/faithfulness.ts";
import type { Heatmap } from "../../attribution/heatmap.ts";
import { takesLayer, type AttributionOptions } from "../../attribution/method.ts";
import { isFailure, type StopSignal } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { runDims } from "../../network/batches.ts";
import type { Model } from "../../network/model.ts";
import type { Reference } from "../../scores/target.ts";
import type { MapTrust } from "./findings.ts";
import {
  kindsOf,
  methodAsked,
  picturesCompared,
  type Answer,
  type MethodRun,
} from "./method-runs.ts";
import type { MethodOptions } from "./options.ts";
import { mapsOfParts, rowOf } from "./part-runs.ts";

export interface TrustRequest {
  /** [N, C, H, W] of the source. */
  readonly input: Tensor;
  /** As the maps were made with. */
  readonly options: MethodOptions;
  readonly reference?: Reference | undefined;
  readonly signal: StopSignal;
  /** Told of the share that is done, from 0 to 1. */
  onProgress?(share: number, run: MethodRun): void;
}

/** The answer with all of its maps judged. Throws `aborted`. */
export async function withTrust(answer: Answer, request: TrustRequest): Promise<Answer> {
  const total = answer.results.reduce((sum, one) => sum + ("maps" in one ? one.maps.length : 0), 0);
  const results: Answer["results"][number][] = [];
  let done = 0;
  for (const result of answer.results) {
    if (!("maps" in result)) {
      results.push(result);
      continue;
    }
    const trust: MapTrust[] = [];
    for (const [row, map] of result.maps.entries()) {
      const onProgress = (share: number) =>
        request.onProgress?.((done + share) / total, result.run);
      trust.push(await trustOf(answer, { run: result.run, map, row }, { ...request, onProgress }));
      done += 1;
    }
    results.push({ ...result, trust });
  }
  return { ...answer, results };
}

interface JudgedMap {
  readonly run: MethodRun;
  readonly map: Heatmap;
  /** Of the answer's maps. */
  readonly row: number;
}

/** A map judged, or why it cannot be. Throws `aborted`. */
export async function trustOf(
  answer: Answer,
  { run, map, row }: JudgedMap,
  { input, options, reference, signal, onProgress }: TrustRequest,
): Promise<MapTrust> {
  const { explained, question } = answer;
  const picture = rowOf(input, question.row ?? row);
  const compared = answer.reference && picturesCompared(reference, question);
  const asked = {
    ...methodAsked(run.method, kindsOf(explained.model, question, explained), options),
    ...(explained.sought ? { sought: explained.sought } : {}),
    ...layersOf(run, map, explained.model),
    signal,
  };
  const again = (model: Model) => mapOf({ run, map, picture, asked, compared }, model);
  try {
    const progress = onProgress ? { onProgress: (share: number) => onProgress(share, run) } : {};
    const areSlopes = run.method.info.slopes === true;
    const { model } = explained;
    return await faithfulness({ model, picture, map, areSlopes, again, signal, ...progress });
  } catch (error) {
    if (!isFailure(error) || error.code === "aborted") throw error;
    return { refused: error.said };
  }
}

interface Made {
  readonly run: MethodRun;
  readonly map: Heatmap;
  readonly picture: Tensor;
  readonly asked: Omit<AttributionOptions, "targets">;
  readonly compared: readonly Tensor[] | undefined;
}

/** The same map of another model; undefined where the method makes none of that part. */
async function mapOf(
  { run, map, picture, asked, compared }: Made,
  model: Model,
): Promise<Heatmap | undefined> {
  const traced = await model.at(runDims(model, picture.dims));
  const explained = { model, input: picture, targets: [map.target], traced };
  const maps = await mapsOfParts(run.method, explained, async (own) => {
    const ofRun = {
      model: own.model,
      input: own.input,
      options: { ...asked, targets: own.targets },
    };
    return compared
      ? mapsAgainst(run.method, ofRun, compared.map(own.shown))
      : run.method.run(own.model, own.input, ofRun.options);
  });
  return maps.map(([first]) => first).find((made) => made?.part === map.part);
}

/** The layers that a map lies on, as its method is asked for them. */
function layersOf(
  run: MethodRun,
  map: Heatmap,
  { input, parts }: Model,
): Pick<AttributionOptions, "layer" | "layers"> {
  if (!takesLayer(run.method)) return {};
  if (map.layers) return { layers: map.layers };
  const isOfInput = map.layer === input.name || parts.some(({ name }) => name === map.layer);
  const layer = isOfInput ? run.layer : map.layer;
  return layer === undefined ? {} : { layer };
}
