/** @file The program as a process: exit codes, pipes and signals. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel } from "../../test/command-line.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let folder: string;
let model: string;
beforeAll(async () => {
  folder = await folderWithModel();
  model = join(folder, "good.onnx");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(argv: readonly string[], stdout: "pipe" | number = "pipe") {
  const child = spawn(process.execPath, ["--import", "tsx", main, ...argv], {
    stdio: ["ignore", stdout, "pipe"],
  });
  let err = "";
  child.stderr!.on("data", (text) => (err += String(text)));
  return {
    child,
    ended: async () => ({ code: ((await once(child, "close")) as [number])[0], err }),
  };
}

test("an error ends in exit code 1 and one line", async () => {
  const { code, err } = await start(["inspect", join(folder, "god.onnx")]).ended();
  expect(code).toBe(1);
  expect(err).toMatch(/^limpid: .*closest: "good\.onnx".*\n$/);
});

test("a reader that stops early is no error", async () => {
  const { child, ended } = start(["inspect", model]);
  child.stdout!.destroy();
  expect(await ended()).toEqual({ code: 0, err: "" });
});

test.runIf(process.platform === "linux")("a full standard output is an error", async () => {
  const { code, err } = await start(
    ["inspect", model, "--json"],
    openSync("/dev/full", "w"),
  ).ended();
  expect(code).toBe(1);
  expect(err).toMatch(/^limpid: write: standard output must be writable, got ENOSPC\.\n$/);
});
