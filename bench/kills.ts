/**
 * @file `npm run bench -- kills [KILLS] [SEED] [JOB]`: commands that are killed at random times, by SIGKILL to the command or to its
 * child, make in the end what an undisturbed run makes: the same bytes but for times, and nothing beside them.
 */
import { spawn, spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { randomStream } from "../src/random.ts";
import { drawPetPhotos } from "./pet-photos.ts";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const networks = fileURLToPath(new URL("../assets/networks", import.meta.url));

interface Job {
  readonly name: string;
  /** Of all kills, so many shares go to this job. */
  readonly share: number;
  argv(out: string): readonly string[];
  readonly env?: (out: string) => NodeJS.ProcessEnv;
}

/** Runs all; throws if any job ends in anything else than its undisturbed run. */
export async function run(): Promise<void> {
  const kills = Number(process.argv[3] ?? 200);
  const seed = Number(process.argv[4] ?? 0);
  const only = process.argv[5];
  const folder = mkdtempSync(join(tmpdir(), "limpid-kills-"));
  const mirror = process.env["LIMPID_MIRROR"];
  const server = mirror === undefined ? undefined : await slowMirror(mirror);
  try {
    await drawPetPhotos(join(folder, "photos"), 12, 96);
    for (const name of ["one", "other"]) await drawPetPhotos(join(folder, "classes", name), 12, 96);
    const jobs = jobsOf(folder, server).filter(({ name }) => only === undefined || name === only);
    if (!server) console.log("fetch: left out, since LIMPID_MIRROR names no folder");
    const shares = jobs.reduce((sum, { share }) => sum + share, 0);
    for (const job of jobs) {
      await killJob(job, { folder, seed, kills: Math.round((kills * job.share) / shares) });
    }
  } finally {
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function jobsOf(folder: string, server: Server | undefined): readonly Job[] {
  const [photos, classes] = [join(folder, "photos"), join(folder, "classes")];
  const catsDogs = join(networks, "cats-dogs.onnx");
  const ways = ["--method", "grad-cam,gradient"];
  return [
    {
      name: "attribute",
      share: 8,
      argv: (out) => ["attribute", catsDogs, photos, ...ways, "--out", out],
    },
    {
      name: "activations",
      share: 8,
      argv: (out) => ["activations", catsDogs, photos, "--out", out],
    },
    {
      name: "maximize",
      share: 8,
      argv: (out) => [
        "maximize",
        join(networks, "mnist.onnx"),
        "--layers",
        "every-conv",
        "--channel",
        "0-3",
        "--steps",
        "8",
        "--out",
        out,
      ],
    },
    {
      name: "train",
      share: 8,
      argv: (out) => ["train", classes, "--epochs", "2", "--batch", "4", "--out", out],
    },
    {
      name: "study",
      share: 4,
      argv: (out) => ["study", "--quick", "--offline", "--parts", "mnist,saliency", "--out", out],
    },
    ...(server ? [fetchJob(server)] : []),
  ];
}

function fetchJob(server: Server): Job {
  const { port } = server.address() as AddressInfo;
  return {
    name: "fetch",
    share: 4,
    argv: () => ["fetch", "mnist"],
    env: (out) => ({ XDG_CACHE_HOME: out, LIMPID_MIRROR: `http://127.0.0.1:${port}` }),
  };
}

interface KillRequest {
  readonly folder: string;
  readonly seed: number;
  readonly kills: number;
}

async function killJob(job: Job, { folder, seed, kills }: KillRequest): Promise<void> {
  const random = randomStream("kills", job.name, seed);
  const whole = join(folder, `${job.name}-whole`);
  const startMs = performance.now();
  const { code, err } = await ended(start(job, whole));
  if (code !== 0) throw new Error(`${job.name}: ended with ${code}: ${err}`);
  const lengthMs = performance.now() - startMs;
  const expected = contents(whole);
  let done = 0;
  for (let round = 0; done < kills; round += 1) {
    const out = join(folder, `${job.name}-${round}`);
    const times = Math.min(kills - done, 1 + random.below(5));
    for (let kill = 0; kill < times; kill += 1) {
      await killedRun(job, out, random.uniform() * lengthMs, random.uniform() < 0.5);
      requireWhole(job, contents(out), expected);
      done += 1;
    }
    const last = await ended(start(job, out));
    if (last.code !== 0)
      throw new Error(`${job.name}: after ${times} kills it ended with ${last.code}: ${last.err}`);
    requireSame(job, contents(out), expected);
    rmSync(out, { recursive: true, force: true });
  }
  console.log(
    `${job.name}: ${done} kills of runs of ${(lengthMs / 1000).toFixed(1)} s, ${expected.size} files the same`,
  );
}

function start({ argv, env }: Job, out: string) {
  return spawn(process.execPath, [main, ...argv(out)], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env?.(out) },
  });
}

type Running = ReturnType<typeof start>;

async function ended(child: Running): Promise<{ code: number | null; err: string }> {
  let err = "";
  child.stderr.on("data", (text) => (err += String(text)));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, err })));
}

/** Kills the command, or the child that does its work, and waits until both are gone. */
async function killedRun(job: Job, out: string, timeMs: number, isChild: boolean): Promise<void> {
  const child = start(job, out);
  const end = ended(child);
  await Promise.race([end, after(timeMs)]);
  const workers = childrenOf(child.pid!);
  const victim = isChild ? (workers[0] ?? child.pid!) : child.pid!;
  try {
    process.kill(victim, "SIGKILL");
  } catch {
    // It was done before.
  }
  await end;
  while (workers.some(isThere)) await after(20);
}

function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean).map(Number);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Files below a folder by their paths in it. */
function contents(folder: string): ReadonlyMap<string, Buffer> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => statSync(join(folder, name)).isFile()).sort();
  return new Map(files.map((name) => [name, readFileSync(join(folder, name))]));
}

/** Pictures and numbers that are there after a kill are whole, which are the last of their names. */
function requireWhole(
  job: Job,
  found: ReadonlyMap<string, Buffer>,
  expected: ReadonlyMap<string, Buffer>,
): void {
  for (const [name, bytes] of found) {
    const whole = expected.get(name);
    if (whole && /\.(png|npy)$/.test(name) && !isGrowing(job, name) && !bytes.equals(whole)) {
      throw new Error(`${job.name}: after a kill ${name} is neither absent nor as it will be`);
    }
  }
}

/** Sheets of a folder's photos are drawn again as more photos are seen. */
const isGrowing = ({ name }: Job, file: string) =>
  name === "activations" || (name === "train" && file.endsWith(".png"));

function requireSame(
  job: Job,
  found: ReadonlyMap<string, Buffer>,
  expected: ReadonlyMap<string, Buffer>,
): void {
  const names = [...found.keys()].join("\n");
  if (names !== [...expected.keys()].join("\n")) {
    const extra = [...found.keys()].filter((name) => !expected.has(name));
    const missing = [...expected.keys()].filter((name) => !found.has(name));
    throw new Error(
      `${job.name}: files differ: beside them ${extra.join(", ")}; missing ${missing.join(", ")}`,
    );
  }
  for (const [name, bytes] of expected) {
    const [is, must] = [timeless(name, found.get(name)!), timeless(name, bytes)];
    if (is === must) continue;
    let at = 0;
    while (is[at] === must[at] && at < is.length) at += 1;
    throw new Error(
      `${job.name}: ${name} differs: "${is.slice(at - 60, at + 60)}" where "${must.slice(at - 60, at + 60)}" was`,
    );
  }
}

/** The text of a file without what times of day and durations stand in. */
function timeless(name: string, bytes: Buffer): string {
  if (name.endsWith(".safetensors")) {
    const end = 8 + Number(bytes.readBigUInt64LE());
    const header = bytes.subarray(8, end).toString("utf8").trimEnd().replaceAll("\\", "");
    return `${withoutTimes(header)}${bytes.subarray(end).toString("latin1")}`;
  }
  const isText = /\.(json|html|csv|svg|txt)$/.test(name);
  return isText ? withoutTimes(bytes.toString("utf8")) : bytes.toString("latin1");
}

/** Checksums of texts with times among them change with these. */
const timed = /"(\w*(?:seconds|ms|time|date|made|started|checksum)\w*)": ?("[^"]*"|[\d.e+-]+)/gi;

function withoutTimes(text: string): string {
  return text
    .replaceAll(timed, '"$1": 0')
    .replaceAll(/(\d+(\.\d+)? (ms|s|min|h)\b ?)+/g, "0 s")
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?Z?)?/g, "then");
}

/** A server of a mirror's folder, slow enough that it can be killed in the middle. */
async function slowMirror(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = join(folder, request.url ?? "");
    if (!existsSync(path)) return void response.writeHead(404).end();
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const { size } = statSync(path);
    const range = { "content-range": `bytes ${from}-${size - 1}/${size}` };
    response.writeHead(from > 0 ? 206 : 200, {
      "content-length": size - from,
      ...(from > 0 ? range : {}),
    });
    const stream = createReadStream(path, { start: from });
    stream.on("data", (piece) => {
      stream.pause();
      response.write(piece);
      setTimeout(() => stream.resume(), 10);
    });
    stream.once("end", () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
