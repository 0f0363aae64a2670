/** @file A published ResNet-20's weights in its network as torch.export writes it. Needs the material that LIMPID_MIRROR points at. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileSource } from "../../src/disk/file-source.ts";
import { openTorchExport } from "../../src/formats/torch-export/open.ts";
import { readWeightFile } from "../../src/formats/weight-file.ts";
import { loadWeights } from "../../src/graph/load-weights.ts";
import { tensor, toNumbers, type Tensor } from "../../src/graph/tensor.ts";
import { readPicture } from "../../src/node/codecs.ts";
import { createNodeRuntime } from "../../src/runtime/onnxruntime-node.ts";
import { exportFiles, folderOf } from "./archive.ts";
import { resNet20 } from "./resnet20.ts";

const mirror = process.env["LIMPID_MIRROR"];
const folder = join(mirror ?? "", "weights/cifar10-resnet20");
const missing = mirror === undefined || !existsSync(folder);
const reason = "skipped: set LIMPID_MIRROR to a folder with the published weights";
if (missing) process.stdout.write(`published weights are ${reason}\n`);

/** Mean and standard deviation of ImageNet's pictures, as shares of 255. */
const means = [0.485, 0.456, 0.406] as const;
const deviations = [0.229, 0.224, 0.225] as const;

/** [1, 3, 32, 32]. */
async function photo(path: string): Promise<Tensor> {
  const { data } = await readPicture(path);
  const places = 32 * 32;
  const numbers = Float32Array.from({ length: 3 * places }, (_, i) => {
    const channel = Math.floor(i / places);
    return (data[3 * (i % places) + channel]! / 255 - means[channel]!) / deviations[channel]!;
  });
  return tensor("float32", [1, 3, 32, 32], numbers);
}

describe.skipIf(missing)(`published weights (${missing ? reason : "from LIMPID_MIRROR"})`, () => {
  test("of ResNet-20 see what 100 pictures show", async () => {
    const empty = await openTorchExport(folderOf(exportFiles(resNet20())));
    const file = await readWeightFile(await fileSource(join(folder, "resnet20.safetensors")));
    const { graph, loaded, kept, unused } = loadWeights(empty, file.tensors);
    expect([loaded.length, kept, unused]).toEqual([97, [], []]);
    const runtime = createNodeRuntime();
    const pictures = join(folder, "test-images");
    let right = 0;
    const classes = readdirSync(pictures).toSorted();
    for (const [label, name] of classes.entries()) {
      for (const each of readdirSync(join(pictures, name))) {
        const outputs = await runtime.run(graph, { x: await photo(join(pictures, name, each)) });
        const logits = toNumbers(outputs["linear"]!);
        if (logits.indexOf(Math.max(...logits)) === label) right += 1;
      }
    }
    expect(classes).toHaveLength(10);
    // As PyTorch 2.13 counts on the same pixels: JPEG has changed what pictures of 32 by 32 show.
    expect(right).toBe(82);
  });
});
