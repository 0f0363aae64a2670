/** @file What one more picture a batch takes in memory, against the estimate that batches are sized by. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { convolutionLayers } from "../src/network/activated-layers.ts";
import { Model } from "../src/network/model.ts";
import { openModel } from "../src/node/open-model.ts";
import type { Runtime } from "../src/runtime/runtime.ts";

/** Few and many pictures; what lies between them is the pictures' own. */
const [few, many] = [2, 10];

/** Prints one line a network, at its last convolution. */
export async function compareMemory(runtime: Runtime, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const model = new Model(await openModel(path), runtime);
    const layer = convolutionLayers(await model.at(model.inputDims())).at(-1)!;
    const [small, large] = [peakOf(path, layer, few), peakOf(path, layer, many)];
    const measured = (large.peak - small.peak) / (many - few);
    const name = path.slice(path.lastIndexOf("/") + 1);
    console.log(
      `${`${name}, natural, 224 px`.padEnd(34)} estimate ${small.estimate.toFixed(0)} MiB a picture, measured ${measured.toFixed(0)} MiB (${(small.estimate / measured).toFixed(2)} x)`,
    );
  }
}

/** In a process of its own, because the peak is one of the process. */
function peakOf(path: string, layer: string, pictures: number) {
  const script = fileURLToPath(new URL("maximize-memory.ts", import.meta.url));
  const child = spawnSync(
    process.execPath,
    ["--import", "tsx", script, path, layer, String(pictures)],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  );
  return JSON.parse(child.stdout) as { readonly estimate: number; readonly peak: number };
}
