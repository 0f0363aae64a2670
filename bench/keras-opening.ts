/** @file Opens ResNet50 as .keras and VGG16 as .h5 with random weights; prints the time, and the memory against the file. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The first is a ResNet50 of 4 filters, which takes the memory that opening takes without weights. */
const names = ["thin.keras", "resnet50.keras", "vgg16.h5"] as const;

/** Opens each in a process of its own, of which the resident memory at its peak counts beyond the first one's. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "limpid-keras-"));
  try {
    let base = 0;
    for (const name of names) {
      const path = join(folder, name);
      // A process that has held a whole network would hand its peak on to those that it starts.
      script("keras-fixture.ts", [path]);
      const { ms, peak } = opened(path);
      if (base === 0) {
        base = peak;
        continue;
      }
      const size = statSync(path).size;
      const more = peak - base;
      console.log(
        `${name.padEnd(16)} ${(size / 2 ** 20).toFixed(0)} MiB   opened in ${ms.toFixed(0)} ms   ${(more / 2 ** 20).toFixed(0)} MiB more in memory, ${(more / size).toFixed(2)} x the file`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function opened(path: string): { readonly ms: number; readonly peak: number } {
  const told = script("keras-memory.ts", [path]);
  return JSON.parse(told) as { ms: number; peak: number };
}

function script(name: string, given: readonly string[]): string {
  const file = new URL(name, import.meta.url).pathname;
  return execFileSync(process.execPath, ["--import", "tsx", file, ...given], { encoding: "utf8" });
}
