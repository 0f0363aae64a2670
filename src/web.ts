/** @file `limpid/web`: what needs a browser, or runs WebAssembly under Node. */
import { openNet, type Net } from "./app/library/net.ts";
import type { OpenOptions } from "./app/library/options.ts";
import type { WebPlatform } from "./web/platform.ts";

/** Opens a model among the files of a platform by its name; it computes in WebAssembly unless told otherwise. */
export function open(
  platform: WebPlatform,
  model: string,
  options: OpenOptions = {},
): Promise<Net> {
  return openNet(platform, model, { runtime: "wasm", ...options });
}

export type { Net };
export {
  webPlatform,
  type WebFile,
  type WebPlatform,
  type WebPlatformOptions,
} from "./web/platform.ts";
export { createWebRuntime, type WebRuntimeOptions } from "./runtime/onnxruntime-web.ts";
