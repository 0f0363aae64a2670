/** @file `limpid/node`: what needs Node. */
export {
  createNodeRuntime,
  type NodeProvider,
  type NodeRuntimeOptions,
} from "./runtime/onnxruntime-node.ts";
