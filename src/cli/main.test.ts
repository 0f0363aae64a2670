/** @file The program as a process: exit codes, pipes and signals. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readdirSync, rmSync } from "node:fs";
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

function start(
  argv: readonly string[],
  stdout: "pipe" | number = "pipe",
  flags: readonly string[] = [],
) {
  const child = spawn(process.execPath, ["--import", "tsx", ...flags, main, ...argv], {
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

test("work that nobody reads any more is stopped, what is done of it kept, and nothing else left", async () => {
  const photos = Array.from({ length: 40 }, () => join(folder, "good.png"));
  const out = join(folder, "unread");
  const { child, ended } = start(["attribute", model, ...photos, "--out", out]);
  child.stdout!.once("data", () => child.stdout!.destroy());
  const { code, err } = await ended();
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const left = readdirSync(out);
  expect(left).toContain("results.json");
  expect(left.filter((name) => name.startsWith("."))).toEqual([]);
});

test("errors that nobody reads change nothing", async () => {
  const { child, ended } = start(["inspect", join(folder, "god.onnx")]);
  child.stderr!.destroy();
  expect((await ended()).code).toBe(1);
});

test.runIf(process.platform === "linux")("a full standard output is an error", async () => {
  const { code, err } = await start(
    ["inspect", model, "--json"],
    openSync("/dev/full", "w"),
  ).ended();
  expect(code).toBe(1);
  expect(err).toMatch(/^limpid: write: standard output must be writable, got ENOSPC\.\n$/);
});

/** Writes the address of each module that is loaded to standard error. */
const hooks = `
  import { writeSync } from "node:fs";
  export async function load(address, context, next) {
    writeSync(2, address + "\\n");
    return next(address, context);
  }`;
const inline = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const spy = inline(
  `import { register } from "node:module"; register(${JSON.stringify(inline(hooks))});`,
);

test.each([[["--help"]], [[]]])("%j loads the parser and nothing heavier", async (argv) => {
  const { child, ended } = start(argv, "pipe", ["--import", spy]);
  child.stdout!.resume();
  const { code, err } = await ended();
  expect(code).toBe(0);
  const loaded = [...err.matchAll(/^file:.*$/gm)].map(([address]) => address);
  const packages = loaded.flatMap((address) => /node_modules\/([^/]+)/.exec(address)?.[1] ?? []);
  expect([...new Set(packages)]).toEqual(["commander"]);
  const ours = loaded.flatMap((address) => /\/src\/([^?]+)/.exec(address)?.[1] ?? []);
  const light = [
    "cli/limits.ts",
    "cli/lists.ts",
    "cli/main.ts",
    "cli/option-table.ts",
    "cli/process-run.ts",
    "cli/run.ts",
    "cli/unguarded.ts",
    "errors.ts",
    "node/sparing-modules.ts",
    "node/standard-output.ts",
    "version.ts",
    "wording/cut-text.ts",
    "wording/face.ts",
    "wording/limits.ts",
    "wording/shown-text.ts",
  ];
  expect(ours.sort()).toEqual(light);
});

test("a misspelt command is named, with the one that was meant", async () => {
  const { code, err } = await start(["atribute"]).ended();
  expect(code).toBe(2);
  expect(err).toMatch(/unknown command 'atribute'\n\(Did you mean attribute\?\)\nlimpid --help/);
});
