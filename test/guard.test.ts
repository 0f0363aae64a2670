/** @file A command under guard, and a guarded runtime: native aborts, work without an end, orphans and limits. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel } from "./command-line.ts";

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
const moduleText = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
let folder: string;
let argv: string[];
beforeAll(async () => {
  folder = await folderWithModel();
  writeFileSync(join(folder, "abort.mjs"), "process.abort();");
  writeFileSync(
    join(folder, "endless.mjs"),
    'import { writeSync } from "node:fs"; writeSync(1, "at work " + process.pid + "\\n"); for (;;);',
  );
  writeFileSync(
    join(folder, "greedy.mjs"),
    "const all = []; for (;;) all.push(Buffer.alloc(2 ** 24, 1));",
  );
  argv = ["attribute", join(folder, "good.onnx"), join(folder, "good.png"), "--json"];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(...more: readonly string[]) {
  const child = spawn(process.execPath, ["--import", "tsx", main, ...argv, ...more], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let err = "";
  child.stderr.on("data", (text) => (err += String(text)));
  const ended = once(child, "close").then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
    err,
  }));
  return { child, ended };
}

const moduleOf = (name: string) => ["--with", join(folder, name)];

test("a guarded command answers as itself", async () => {
  const { child, ended } = start();
  let out = "";
  child.stdout.on("data", (text) => (out += String(text)));
  expect(await ended).toMatchObject({ code: 0 });
  expect(JSON.parse(out)).toMatchObject({ method: "grad-cam" });
});

test.runIf(process.platform === "linux")("files that a shell hands over come through", async () => {
  const text = (words: string) => `'${words}'`;
  const program = [process.execPath, "--import", "tsx", main].map(text).join(" ");
  const { stdout } = spawnSync(
    "bash",
    [
      "-c",
      `${program} inspect /dev/fd/5 5<${text(argv[1]!)}; ${program} inspect /dev/fd/3 3<${text(argv[1]!)}`,
    ],
    { encoding: "utf8" },
  );
  expect(stdout.match(/^input .*$/gm)).toHaveLength(2);
});

test("ONNX Runtime sends nothing and keeps nothing", async () => {
  const cache = join(folder, "cache");
  const { CI: _, ...env } = process.env;
  const { status } = spawnSync(process.execPath, ["--import", "tsx", main, "inspect", argv[1]!], {
    env: { ...env, XDG_CACHE_HOME: cache, HOME: folder },
  });
  expect(status).toBe(0);
  expect(existsSync(cache)).toBe(false);
});

test("an abort is one line and exit code 1", async () => {
  const { code, err } = await start(...moduleOf("abort.mjs")).ended;
  expect(code).toBe(1);
  expect(err).toMatch(/^limpid: guard: .*SIGABRT.*\n$/);
});

test("memory beyond the limit ends the work", async () => {
  const { code, err } = await start(...moduleOf("greedy.mjs"), "--memory-limit", "400m").ended;
  expect(code).toBe(1);
  expect(err).toMatch(/^limpid: guard: .*within 400m of memory, got .*--memory-limit.*\n$/);
});

test("time beyond the limit ends the work", async () => {
  const { code, err } = await start(...moduleOf("endless.mjs"), "--time-limit", "2s").ended;
  expect(code).toBe(1);
  expect(err).toMatch(/^limpid: guard: .*within 2s, got .*--time-limit.*\n$/);
});

test("a limit that is none is told before the work starts", async () => {
  const { code, err } = await start("--memory-limit", "much").ended;
  expect(code).toBe(1);
  expect(err).toMatch(/^limpid: memory-limit: .*"much".*\n$/);
});

/** Starts work without an end and waits until it is at it. */
async function atWork() {
  const { child, ended } = start(...moduleOf("endless.mjs"));
  const [text] = (await once(child.stdout, "data")) as [Buffer];
  return { child, ended, worker: Number(/\d+/.exec(text.toString())![0]) };
}

test("Ctrl-C ends work that does not listen", async () => {
  const { child, ended } = await atWork();
  child.kill("SIGINT");
  const { code, err } = await ended;
  expect(code).toBe(130);
  expect(err).toMatch(/^limpid: attribute: stopped before it was done; .*\n$/);
});

test("other signals end it as they do", async () => {
  const { child, ended } = await atWork();
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ signal: "SIGTERM", err: "" });
});

test("work whose guard is killed ends by itself", async () => {
  const { child, ended, worker } = await atWork();
  child.kill("SIGKILL");
  await ended;
  await expect.poll(() => isThere(worker), { timeout: 5000 }).toBe(false);
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Runs a program with the library and returns what it printed. */
function program(code: string): unknown {
  const source = `
    import { open } from ${moduleText("../src/node.ts")};
    import { createGuardedRuntime } from ${moduleText("../src/guard/guarded-runtime.ts")};
    import { GraphBuilder } from ${moduleText("../src/graph/builder.ts")};
    import { tensorOf } from ${moduleText("../src/graph/tensor.ts")};
    ${code}`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", source], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "--import tsx" },
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

const guardedMap = (options: string) => `
  const net = await open(${JSON.stringify(join(folder, "good.onnx"))}, ${options});
  const { map } = await net.explain(${JSON.stringify(join(folder, "good.png"))});
  await net.close();
  console.log(JSON.stringify(Array.from(map.data)));`;

test("a guarded network gives the same map, and its process ends with it", () => {
  expect(program(guardedMap("{ guarded: true }"))).toEqual(program(guardedMap("{}")));
});

test.runIf(process.platform === "linux")(
  "a process that is killed is an error, and what is asked next gets another",
  () => {
    const found = program(`
    import { readFileSync } from "node:fs";
    const runtime = createGuardedRuntime();
    const b = new GraphBuilder();
    b.output(b.op("Relu", [b.input("x", [2])], {}, "y"));
    const graph = b.build();
    const feeds = { x: tensorOf("float32", [2], [-1, 2]) };
    const run = () => runtime.run(graph, feeds).then(({ y }) => Array.from(y.data), ({ code, message }) => ({ code, message }));
    const before = await run();
    const held = await runtime.open(graph);
    process.kill(parseInt(readFileSync("/proc/" + process.pid + "/task/" + process.pid + "/children", "utf8")), "SIGKILL");
    const lost = await held.run(feeds).then(() => "ran", ({ code, message }) => ({ code, message }));
    const after = await run();
    await runtime.release();
    console.log(JSON.stringify({ before, lost, after }));`);
    expect(found).toMatchObject({ before: [0, 2], after: [0, 2], lost: { code: "runtime" } });
    expect(found).toHaveProperty("lost.message", expect.stringContaining("SIGKILL"));
  },
);
