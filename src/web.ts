/** @file `limpid/web`: what needs a browser, or runs WebAssembly under Node. */
import type { DecodePicture } from "./app/library/handed-input.ts";
import { requireObject } from "./app/library/call-options.ts";
import { openNet, type Net } from "./app/library/net.ts";
import type { OpenOptions } from "./app/library/options.ts";
import { webPlatform, type WebFile, type WebPlatform } from "./web/platform.ts";

export interface WebOpenOptions extends OpenOptions {
  /** Holds files, typefaces and what is saved; one of its own by default, which cannot draw letters. */
  readonly platform?: WebPlatform;
}

/**
 * Opens a model: a file or archive that the page has, all files of a model's folder, the path of a file or folder that the
 * platform holds, or an address. It computes on WebAssembly unless told otherwise; what is saved is in the platform's
 * `written`.
 */
export async function open(
  model: string | WebFile | Iterable<WebFile>,
  asked: WebOpenOptions = {},
): Promise<Net> {
  requireObject("open", asked);
  const { platform = webPlatform(), ...options } = asked;
  return openNet(model, options, { platform, decode, isOfHandedFiles: true, runtime: "wasm" });
}

/** Files of pictures are read once somebody has some. */
const decode: DecodePicture = async (...asked) =>
  (await import("./web/pictures.ts")).decodePicture(...asked);

export type { SeenLayer } from "./app/activations/picture.ts";
export type { AttributionRecord } from "./app/attribute/schema.ts";
export type { Inspection } from "./app/inspection.ts";
export type { ActivationsOptions, FolderLayers, PictureLayers } from "./app/library/activations.ts";
export type { Explained, ExplainOptions } from "./app/library/explain.ts";
export type { Maximized, MaximizedPicture, MaximizeOptions } from "./app/library/maximize.ts";
export type { CallOptions, OpenOptions, ResultOptions } from "./app/library/options.ts";
export type { NetInput } from "./app/library/handed-input.ts";
export type { Net };
export {
  webPlatform,
  type WebFile,
  type WebPlatform,
  type WebPlatformOptions,
} from "./web/platform.ts";
export { createWebRuntime, type WebRuntimeOptions } from "./runtime/onnxruntime-web.ts";
