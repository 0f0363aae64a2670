/** @file A network that is built in a test, explained as the library explains a file. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Explained, ExplainOptions } from "../src/app/library/explain.ts";
import type { OpenOptions } from "../src/app/library/options.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import type { Graph } from "../src/graph/graph.ts";
import type { Tensor } from "../src/graph/tensor.ts";
import { open } from "../src/node.ts";

/** Opens, explains and closes; its numbers are values unless something else is said. */
export async function explained(
  graph: Graph,
  input: Tensor | string,
  options: ExplainOptions,
  opening: OpenOptions = {},
): Promise<Explained> {
  const folder = mkdtempSync(join(tmpdir(), "limpid-explained-"));
  try {
    const path = join(folder, "model.onnx");
    writeFileSync(path, encodeOnnx(graph).bytes);
    const net = await open(path, { preprocess: "none", kind: "value", ...opening });
    try {
      return await net.explain(input, options);
    } finally {
      await net.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
