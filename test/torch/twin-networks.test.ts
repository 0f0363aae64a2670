/** @file Networks drawn at random give the same as exported programs and as graphs of ONNX. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { openTorchExport } from "../../src/formats/torch-export/open.ts";
import { toNumbers } from "../../src/graph/tensor.ts";
import { createNodeRuntime } from "../../src/runtime/onnxruntime-node.ts";
import { exportFiles, folderOf } from "./archive.ts";
import { drawnNetwork, twinNetworks } from "./twin-networks.ts";

const runtime = createNodeRuntime();

test("both forms of a network agree", async () => {
  await fc.assert(
    fc.asyncProperty(drawnNetwork, async (drawn) => {
      const { program, graph, pictures } = twinNetworks(drawn);
      const opened = await openTorchExport(folderOf(exportFiles(program)));
      const [own, wanted] = await Promise.all(
        [opened, graph].map(async (each) => {
          const outputs = await runtime.run(each, { x: pictures });
          return toNumbers(outputs[each.outputs[0]!.name]!);
        }),
      );
      expect(own).toHaveLength(10);
      const largest = Math.max(1, ...wanted!.map(Math.abs));
      for (const [i, value] of wanted!.entries()) {
        expect(Math.abs(own![i]! - value)).toBeLessThanOrEqual(1e-5 * largest);
      }
    }),
    { numRuns: 100 },
  );
});
