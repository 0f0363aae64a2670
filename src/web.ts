/** @file `limpid/web`: what needs a browser, or runs WebAssembly under Node. */
export {
  webPlatform,
  type WebFile,
  type WebPlatform,
  type WebPlatformOptions,
} from "./web/platform.ts";
export { createWebRuntime, type WebRuntimeOptions } from "./runtime/onnxruntime-web.ts";
