/** @file `limpid/node`: what needs Node. */
import type { HandedFile } from "./app/handed-file.ts";
import { requireObject } from "./app/library/call-options.ts";
import { openNet, type Net } from "./app/library/net.ts";
import type { OpenOptions } from "./app/library/options.ts";
import { guardedPlatform } from "./guard/guarded-platform.ts";
import { decodePicture } from "./node/codecs.ts";
import { nodePlatform } from "./node/platform.ts";
import { limitOptions, readLimits } from "./wording/limits.ts";
import { shownJson } from "./wording/read-json.ts";
import { readOptions, type GivenTexts } from "./wording/read-option.ts";

/** How a network is opened in Node. */
export interface NodeOpenOptions extends OpenOptions {
  /**
   * Compute in a process of its own, to which tensors are passed: whatever a stranger's network makes native code do is an
   * error of code `runtime`, and a signal stops a run at once. Off by default; with limits in words, such as
   * `{ "memory-limit": "4g", "time-limit": "10m" }`, the latter of each run.
   */
  readonly guarded?: boolean | Readonly<Partial<Record<keyof typeof limitOptions, string>>>;
}

/**
 * Opens a model: the path of a file, a folder or a zip archive, an address, a network that `limpid fetch` lists, or files
 * in hand, several of which are a model's folder. It computes on the CPU unless told otherwise. A guarded one is to be
 * closed, which ends its process.
 */
export async function open(
  model: string | HandedFile | Iterable<HandedFile>,
  options: NodeOpenOptions = {},
): Promise<Net> {
  requireObject("open", options);
  const { guarded = false, ...usual } = options;
  requireGuard(guarded);
  return openNet(model, usual, {
    platform: guarded === false ? nodePlatform : guardedPlatform(guardOf(guarded, usual)),
    decode: decodePicture,
    isOfHandedFiles: false,
    runtime: "cpu",
  });
}

/** Throws `bad-option` for a guard that is neither on nor off nor of limits that there are. */
function requireGuard(guarded: unknown): void {
  if (typeof guarded === "boolean") return;
  const isLimits = typeof guarded === "object" && guarded !== null;
  readOptions(limitOptions, isLimits ? (guarded as GivenTexts) : { guarded: shownJson(guarded) });
}

function guardOf(guarded: Exclude<NodeOpenOptions["guarded"], undefined>, { signal }: OpenOptions) {
  const limits = readLimits(typeof guarded === "object" ? guarded : {});
  return { limits, ...(signal ? { signal } : {}) };
}

export type { SeenLayer } from "./app/activations/picture.ts";
export type { AttributionRecord } from "./app/attribute/schema.ts";
export type { Inspection } from "./app/inspection.ts";
export type { ActivationsOptions, FolderLayers, PictureLayers } from "./app/library/activations.ts";
export type { Explained, ExplainOptions } from "./app/library/explain.ts";
export type { NetInput } from "./app/library/handed-input.ts";
export type { Maximized, MaximizedPicture, MaximizeOptions } from "./app/library/maximize.ts";
export type { HandedFile, Net };
export type { CallOptions, OpenOptions, ResultOptions } from "./app/library/options.ts";
export { readPicture, encodePng } from "./node/codecs.ts";
export { openModel } from "./node/open-model.ts";
export {
  createNodeRuntime,
  type NodeProvider,
  type NodeRuntimeOptions,
} from "./runtime/onnxruntime-node.ts";
