/** @file Three Keras networks read MNIST's test digits as well as their makers say. Needs what LIMPID_MIRROR points at. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { tensor, toNumbers } from "../src/graph/tensor.ts";
import { openModel } from "../src/node/open-model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";

const mirror = process.env["LIMPID_MIRROR"];
const networks = [
  ["mnist_model.keras3.h5", 99.28],
  ["mnist_model.keras", 99.18],
  ["tf_keras_model.keras2.h5", 98.54],
] as const;
const folder = join(mirror ?? "", "weights/mnist-keras");
const digits = join(mirror ?? "", "mnist");
const missing = mirror === undefined || !existsSync(folder) || !existsSync(digits);
const reason = "skipped: set LIMPID_MIRROR to a folder with the Keras networks and MNIST";
if (missing) process.stdout.write(`Keras networks on MNIST are ${reason}\n`);

const side = 28;
const count = 10_000;
const batch = 1000;

function bytesOf(name: string): Uint8Array {
  return gunzipSync(readFileSync(join(digits, `${name}.gz`)));
}

describe.skipIf(missing)(`Keras on MNIST (${missing ? reason : "from LIMPID_MIRROR"})`, () => {
  test.each(networks)("%s has %s of 100 right", async (file, share) => {
    const pixels = bytesOf("t10k-images-idx3-ubyte").subarray(16);
    const labels = bytesOf("t10k-labels-idx1-ubyte").subarray(8);
    const graph = await openModel(join(folder, file));
    const [input, output] = [graph.inputs[0]!.name, graph.outputs[0]!.name];
    const session = await createNodeRuntime().open(graph);
    let right = 0;
    for (let start = 0; start < count; start += batch) {
      const part = pixels.subarray(start * side * side, (start + batch) * side * side);
      const data = Float32Array.from(part, (value) => value / 255);
      const dims = [batch, ...graph.inputs[0]!.dims!.slice(1).map(Number)];
      const fed = { [input]: tensor("float32", dims, data) };
      const scores = toNumbers((await session.run(fed))[output]!);
      for (let i = 0; i < batch; i++) {
        const row = scores.slice(10 * i, 10 * i + 10);
        if (row.indexOf(Math.max(...row)) === labels[start + i]) right += 1;
      }
    }
    expect((100 * right) / count).toBeCloseTo(share, 6);
  });
});
