/** @file All layers of GoogLeNet for one photo, from start to exit with every file written; needs `LIMPID_MIRROR`. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compete, report, timed } from "./measure.ts";

const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

/** Prints the median milliseconds of the built command; `npm run build` comes first. */
export async function run(): Promise<void> {
  const mirror = process.env["LIMPID_MIRROR"];
  if (mirror === undefined) throw new Error("bench: LIMPID_MIRROR must name the real material.");
  const out = mkdtempSync(join(tmpdir(), "limpid-bench-"));
  const inputs = [
    join(mirror, "weights/googlenet/bvlc_googlenet.onnx"),
    join(mirror, "photos/cat.1512.jpg"),
  ];
  const argv = [program, "activations", ...inputs, "--preprocess", "caffe", "--out", out];
  const competitors = [timed("limpid", async () => runOnce(argv), 1)];
  try {
    report("activations, GoogLeNet", competitors, await compete(competitors));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function runOnce(argv: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
  if (status !== 0) throw new Error(`bench: activations failed. ${stderr}`);
}
