/** @file Versions of what computes, for recipes and reports. */
import { readFileSync } from "node:fs";
import { env } from "onnxruntime-common";

/** Of Limpid, ONNX Runtime, Node and the machine's kind. */
export function versions(): Readonly<Record<string, string>> {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return {
    limpid: (JSON.parse(text) as { version: string }).version,
    onnxruntime: env.versions.common,
    node: process.versions.node,
    machine: `${process.platform}-${process.arch}`,
  };
}
