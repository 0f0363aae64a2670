/** @file `limpid/node`: what needs Node. */
export { readPicture, encodePng } from "./node/codecs.ts";
export { openModel } from "./node/open-model.ts";
export {
  createNodeRuntime,
  type NodeProvider,
  type NodeRuntimeOptions,
} from "./runtime/onnxruntime-node.ts";
