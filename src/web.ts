/** @file `limpid/web`: what needs a browser, or runs WebAssembly under Node. */
export { createWebRuntime, type WebRuntimeOptions } from "./runtime/onnxruntime-web.ts";
