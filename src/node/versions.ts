/** @file Versions of what computes, for recipes and reports. */
import { env } from "onnxruntime-common";
import { version } from "../version.ts";

/** Of Limpid, ONNX Runtime, Node and the machine's kind. */
export function versions(): Readonly<Record<string, string>> {
  return {
    limpid: version,
    onnxruntime: env.versions.common,
    node: process.versions.node,
    machine: `${process.platform}-${process.arch}`,
  };
}
