/** @file The work of methods that users add: what they throw, or give that is no map, is a failure of the method alone. */
import { LimpidError, throwIfAborted } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { elementCount } from "../graph/tensor.ts";
import { shownJson } from "../wording/read-json.ts";
import type { Model } from "../network/model.ts";
import type { Heatmap } from "./heatmap.ts";
import type { AttributionMethod, AttributionOptions } from "./method.ts";

/** The maps of a user's method. Throws what it throws where that is a `LimpidError`, `aborted`, and `bad-option` else. */
export async function ownMaps(
  name: string,
  method: AttributionMethod,
  [model, input, options]: readonly [Model, Tensor, AttributionOptions],
): Promise<Heatmap[]> {
  const maps: unknown = await worked(name, async () => method.run(model, input, options), options);
  const rows = input.dims[0]!;
  if (!Array.isArray(maps) || maps.length !== rows) {
    const got = Array.isArray(maps) ? `${maps.length}` : shownJson(maps);
    throw bad(name, `give a list of as many maps as there are pictures, ${rows}`, got);
  }
  const wrong = maps.findIndex((map) => !isMap(map));
  if (wrong < 0) return maps as Heatmap[];
  const { dims, data } = Object(maps[wrong]) as Partial<Heatmap>;
  const got = `dims ${shownJson(dims)} and ${data instanceof Float32Array ? `${data.length} numbers` : "no such array"}`;
  throw bad(name, "give maps with dims, a Float32Array of as many numbers, and a target", got);
}

async function worked(
  name: string,
  work: () => Promise<unknown>,
  { signal }: AttributionOptions,
): Promise<unknown> {
  try {
    return await work();
  } catch (cause) {
    throwIfAborted(signal, name);
    if (cause instanceof LimpidError) throw cause;
    const got = cause instanceof Error ? cause.message : shownJson(cause);
    throw bad(name, "not fail", `"${got}"`, cause);
  }
}

function isMap(map: unknown): boolean {
  const { dims, data, target, warnings } = Object(map) as Partial<Record<keyof Heatmap, unknown>>;
  const isShape = Array.isArray(dims) && dims.every((side) => Number.isInteger(side) && side > 0);
  const isFull = isShape && data instanceof Float32Array && data.length === elementCount(dims);
  return isFull && typeof target === "number" && Array.isArray(warnings);
}

function bad(name: string, must: string, got: string, cause?: unknown): LimpidError {
  return new LimpidError(
    "bad-option",
    `method: "${name}" must ${must}, got ${got}. mend the method.`,
    { cause },
  );
}
