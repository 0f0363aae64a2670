/** @file `limpid/web`: what needs a browser, or runs WebAssembly under Node. */
import { filesInHand, pathOf } from "./app/handed-file.ts";
import type { NetInput } from "./app/library/input.ts";
import { openNet, type Net } from "./app/library/net.ts";
import type { OpenOptions } from "./app/library/options.ts";
import { setSource } from "./app/model-source.ts";
import { webPlatform, type WebFile, type WebPlatform } from "./web/platform.ts";

/** What a page has in hand: a picture or tensor file, its bytes, or the pixels of a canvas. */
export type WebInput = WebFile | Blob | ImageData;

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
  { platform = webPlatform(), ...options }: WebOpenOptions = {},
): Promise<Net<WebInput>> {
  const files = typeof model === "string" ? [] : filesInHand<WebFile>(model);
  platform.add(files);
  const paths = files.map(pathOf);
  const asked =
    typeof model === "string"
      ? model
      : (held: Pick<WebPlatform, "source">) => setSource(held, paths);
  const take = (input: WebInput) => taken(platform, input);
  return openNet(asked, options, { platform, runtime: "wasm", take });
}

function taken(platform: WebPlatform, input: WebInput): NetInput {
  if (input instanceof ImageData) {
    const { width, height, data } = input;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { widthPx: width, heightPx: height, channels: 4, data: bytes };
  }
  const file =
    input instanceof Blob && !(input instanceof File) ? { name: "picture", data: input } : input;
  platform.add([file]);
  return pathOf(file);
}

export type { ActivationsOptions, FolderLayers, PictureLayers } from "./app/library/activations.ts";
export type { Explained, ExplainOptions } from "./app/library/explain.ts";
export type { Maximized, MaximizedPicture, MaximizeOptions } from "./app/library/maximize.ts";
export type { CallOptions, OpenOptions } from "./app/library/options.ts";
export type { Net, NetInput };
export {
  webPlatform,
  type WebFile,
  type WebPlatform,
  type WebPlatformOptions,
} from "./web/platform.ts";
export { createWebRuntime, type WebRuntimeOptions } from "./runtime/onnxruntime-web.ts";
