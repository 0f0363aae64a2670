/** @file The layers that methods lie on where none is named: of networks with numbers at every place two of them. */
import { takesLayer } from "../../attribution/method.ts";
import { runDims } from "../../network/batches.ts";
import { mapStages, type MapStages } from "../../network/map-stages.ts";
import type { ExplainedModel } from "../../scores/explained-model.ts";
import { option, say, type Message } from "../../wording/face.ts";
import type { MethodRun } from "./method-runs.ts";

interface LayeredRuns {
  readonly runs: readonly MethodRun[];
  /** Which layers were chosen. */
  readonly note?: Message;
}

/**
 * Runs on the usual layers where none was asked for: of what is explained over places the bottleneck, which sees most,
 * and the last feature map of the decoder, which is finest, as Vinogradova et al. 2020 (arXiv 2002.11434) compare them;
 * with `isOneMap` the first of them alone. Other runs, and those of a layer's unit, as they are.
 */
export async function layeredRuns(
  asked: readonly MethodRun[],
  { model, head, marks, layer: own }: Pick<ExplainedModel, "model" | "head" | "marks" | "layer">,
  dims: readonly number[],
  isOneMap: boolean,
): Promise<LayeredRuns> {
  const isOpen = asked.some((run) => takesLayer(run.method) && run.layer === undefined);
  if (!marks?.region || own !== undefined || !isOpen) return { runs: asked };
  const stages = mapStages(await model.at(runDims(model, dims)), head.logits);
  if (!stages) return { runs: asked };
  const layers = rolesOf(stages).slice(0, isOneMap ? 1 : 2);
  const runs = asked.flatMap((run): readonly MethodRun[] => {
    if (!takesLayer(run.method) || run.layer !== undefined) return [run];
    return layers.map(({ layer, role }) => ({ ...run, layer, role }));
  });
  return { runs, note: noteOf(stages, isOneMap) };
}

function rolesOf({ bottleneck, last }: MapStages) {
  if (bottleneck === undefined) return [{ layer: last, role: "last feature map" }];
  return [
    { layer: bottleneck, role: "bottleneck" },
    { layer: last, role: "last decoder map" },
  ];
}

function noteOf({ bottleneck, last }: MapStages, isOneMap: boolean): Message {
  if (bottleneck === undefined) {
    return say`layer ${last}: the last feature map before the numbers of the output; the network enlarges no feature map, so there is no decoder`;
  }
  const deepest = `layer ${bottleneck}: the bottleneck, the deepest feature map before the network enlarges them`;
  if (isOneMap) return say`${deepest}; the last decoder map is ${option("layer", last)}`;
  return say`${deepest}; layer ${last}: the last feature map of the decoder`;
}
