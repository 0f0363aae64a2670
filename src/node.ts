/** @file `limpid/node`: what needs Node. */
import { openNet, type Net } from "./app/library/net.ts";
import type { OpenOptions } from "./app/library/options.ts";
import { nodePlatform } from "./node/platform.ts";

/** Opens a model file, or a network that `limpid fetch` lists; it computes on the CPU unless told otherwise. */
export function open(asked: string, options: OpenOptions = {}): Promise<Net> {
  return openNet<never>(asked, options, {
    platform: nodePlatform,
    runtime: "cpu",
    take: (input) => input,
  });
}

export type { ActivationsOptions, FolderLayers, PictureLayers } from "./app/library/activations.ts";
export type { Explained, ExplainOptions } from "./app/library/explain.ts";
export type { NetInput } from "./app/library/input.ts";
export type { Maximized, MaximizedPicture, MaximizeOptions } from "./app/library/maximize.ts";
export type { Net };
export type { CallOptions, OpenOptions } from "./app/library/options.ts";
export { readPicture, encodePng } from "./node/codecs.ts";
export { openModel } from "./node/open-model.ts";
export {
  createNodeRuntime,
  type NodeProvider,
  type NodeRuntimeOptions,
} from "./runtime/onnxruntime-node.ts";
