/** @file Programs of many modules load where few files may be open. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transformWithOxc } from "vite";
import { expect, test } from "vitest";

const modules = Array.from({ length: 300 }, (_, i) => `part-${i}.mjs`);

test.runIf(process.platform === "linux")("one after the other", async () => {
  const folder = mkdtempSync(join(tmpdir(), "limpid-sparing-"));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const path = new URL("sparing-modules.ts", import.meta.url);
  const { code } = await transformWithOxc(readFileSync(path, "utf8"), "sparing-modules.ts");
  write("sparing.mjs", code);
  for (const name of modules) write(name, "export {};");
  write("all.mjs", modules.map((name) => `import "./${name}";`).join("\n"));
  const load = 'await import("./all.mjs"); console.log("loaded");';
  write("at-once.mjs", load);
  write(
    "sparingly.mjs",
    `import { loadSparingly } from "./sparing.mjs"; loadSparingly(new URL("./all.mjs", import.meta.url)); ${load}`,
  );
  const run = (name: string) => {
    const command = `ulimit -n 50; exec "${process.execPath}" "${join(folder, name)}"`;
    return spawnSync("bash", ["-c", command], { encoding: "utf8" });
  };
  expect(run("at-once.mjs").stderr).toContain("EMFILE");
  const { stdout, stderr } = run("sparingly.mjs");
  expect([stdout, stderr]).toEqual(["loaded\n", ""]);
  rmSync(folder, { recursive: true });
});
