/** @file Programs that tests write, opened, and what their graphs compute. */
import { exportFiles, folderOf } from "./archive.ts";
import { ProgramWriter, type Reference } from "./graph-writer.ts";
import type { WrittenSize } from "./program.ts";
import { openTorchExport } from "../../src/formats/torch-export/open.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { tensorOf, toNumbers, type Tensor } from "../../src/graph/tensor.ts";
import { createNodeRuntime } from "../../src/runtime/onnxruntime-node.ts";

const runtime = createNodeRuntime();

/** Numbers from -1 to 1 that repeat after eleven. */
export function counted(dims: readonly number[]): Tensor {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return tensorOf(
    "float32",
    dims,
    Array.from({ length: count }, (_, i) => ((i * 7) % 11) / 5 - 1),
  );
}

/** The graph of a program. */
export function opened(p: ProgramWriter): Promise<Graph> {
  return openTorchExport(folderOf(exportFiles(p.program())));
}

/** The numbers of the only output. */
export async function numbers(graph: Graph, x: Tensor): Promise<number[]> {
  const found = await runtime.run(graph, { [graph.inputs[0]!.name]: x });
  return toNumbers(found[graph.outputs[0]!.name]!);
}

/** x through relu and back, by `body`. */
export function small(
  body: (p: ProgramWriter, x: Reference) => Reference,
  sizes: readonly WrittenSize[] = [2, 3],
) {
  const p = new ProgramWriter();
  p.output(body(p, p.input("x", sizes)));
  return p;
}
