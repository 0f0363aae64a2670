/** @file Which attribution methods a network can be explained by. */
import { placeOf } from "../../graph/part-place.ts";
import { smallest } from "../../statistics.ts";
import { methodEntries } from "../../attribution/registry.ts";
import { requireTakes, takenBy, type AskedKinds } from "../../attribution/require-takes.ts";
import type { AttributionMethod, AttributionOptions } from "../../attribution/method.ts";
import { camLayer } from "../../attribution/cam/cam-layer.ts";
import { isFailure, throwIfAborted } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { runDims } from "../../network/batches.ts";
import type { Model } from "../../network/model.ts";
import type { ExplainedModel } from "../../scores/explained-model.ts";
import { wordsOf } from "../../wording/face.ts";
import { tellProgress, type JobContext } from "../context.ts";
import type { CheckRecord } from "./schema.ts";

/**
 * Tries each method that takes such inputs and targets on a picture [1, C, H, W], with as little work as it takes. Those
 * that only run the network once for each channel of a layer need no more than the layer.
 */
export async function methodVerdicts(
  { model, sought }: Pick<ExplainedModel, "model" | "sought">,
  picture: Tensor,
  { target, kinds }: { readonly target: number; readonly kinds: AskedKinds },
  context: JobContext,
): Promise<CheckRecord["methods"]> {
  const entries = methodEntries();
  const { signal } = context;
  const traced = await model.at(runDims(model, picture.dims));
  const tried = async (name: string, method: AttributionMethod): Promise<unknown> => {
    requireTakes(name, method, kinds);
    const { info, run } = method;
    const isOfChannels = info.gradient === "none" && Object.hasOwn(info.options, "layer");
    if (isOfChannels) return camLayer(traced, model, undefined);
    return run(model, picture, {
      ...leastWork(info.options, picture, model),
      targets: [target],
      ...(sought ? { sought } : {}),
      signal,
    });
  };
  const progress = tellProgress(context, { what: "check", total: entries.length });
  const verdicts: CheckRecord["methods"][number][] = [];
  try {
    for (const [number, [name, method]] of entries.entries()) {
      throwIfAborted(context.signal, "check");
      progress.update(number, name);
      const reason = await reasonOf(() => tried(name, method), context);
      const { inputs, targets, reference } = takenBy(method);
      verdicts.push({ name, reason, inputs: [...inputs], targets: [...targets], reference });
    }
  } finally {
    progress.end();
  }
  return verdicts;
}

async function reasonOf(
  run: () => Promise<unknown>,
  { words }: JobContext,
): Promise<string | null> {
  try {
    await run();
    return null;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return wordsOf(error.said, words);
  }
}

/** Few samples and large windows: whether a method works does not depend on them. */
function leastWork(taken: object, { dims }: Tensor, { parts }: Model): Partial<AttributionOptions> {
  const [only, ...others] = parts;
  const sides = others.length > 0 ? dims.slice(2) : placeOf(only!, dims).sides;
  const side = Math.ceil(smallest(sides) / 2);
  const least = { samples: 32, steps: 4, segments: 2, window: side, stride: side, cells: 2 };
  return Object.fromEntries(Object.entries(least).filter(([name]) => Object.hasOwn(taken, name)));
}
