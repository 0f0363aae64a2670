/** @file Servers that tests start by themselves: Redis and Postgres as Debian has them, and S3 from npm. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** A server that a test started. */
export interface TestServer {
  readonly address: string;
  readonly process: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const redisProgram = "/usr/bin/redis-server";

/** Why tests with Redis are skipped; undefined where it is there. */
export const noRedis = existsSync(redisProgram)
  ? undefined
  : `skipped: ${redisProgram} is not installed (apt-get install redis-server)`;

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Ends a process that a test started. */
function ended(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}

/** Whatever listens at a port, or nobody within 15 seconds. */
async function untilHeard(isThere: () => boolean): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (isThere()) return;
    await pause(100);
  }
  throw new Error("a server of the test does not answer");
}

/** Redis whose data outlives it: each write is on disk before it is answered. */
export async function startRedis(
  folder: string,
  port: number,
  host = "127.0.0.1",
): Promise<TestServer> {
  mkdirSync(folder, { recursive: true });
  const options = [
    "--port",
    String(port),
    "--bind",
    host,
    "--dir",
    folder,
    "--protected-mode",
    "no",
  ];
  const kept = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  const child = spawn(redisProgram, [...options, ...kept], { stdio: "ignore" });
  await untilHeard(
    () =>
      spawnSync("redis-cli", ["-h", host, "-p", String(port), "ping"])
        .stdout?.toString()
        .trim() === "PONG",
  );
  return {
    address: `redis://${host}:${port}`,
    process: child,
    stop: (signal) => ended(child, signal),
  };
}

/** Folder of Postgres's programs; undefined where there are none. */
const postgresPrograms = ((): string | undefined => {
  const versions = "/usr/lib/postgresql";
  if (!existsSync(versions)) return undefined;
  const newest = readdirSync(versions).toSorted((a, b) => Number(b) - Number(a))[0];
  const folder = join(versions, newest ?? "", "bin");
  return existsSync(join(folder, "initdb")) ? folder : undefined;
})();

export const noPostgres = postgresPrograms
  ? undefined
  : "skipped: no Postgres in /usr/lib/postgresql (apt-get install postgresql)";

/** Postgres refuses to run as root: it runs as the user that Debian makes for it then. */
function asPostgres(command: readonly string[]): readonly [string, readonly string[]] {
  const isRoot = process.getuid?.() === 0;
  return isRoot
    ? ["setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", ...command]]
    : [command[0]!, command.slice(1)];
}

/** A new cluster in a folder, which the user of the server must be able to write to; its user is `limpid`. */
export async function startPostgres(folder: string, port: number): Promise<TestServer> {
  const bin = postgresPrograms!;
  if (!existsSync(join(folder, "PG_VERSION"))) {
    mkdirSync(folder, { recursive: true });
    if (process.getuid?.() === 0) spawnSync("chown", ["postgres:postgres", folder]);
    const options = ["-D", folder, "-U", "limpid", "-A", "trust", "--no-sync"];
    const [program, argv] = asPostgres([join(bin, "initdb"), ...options]);
    const made = spawnSync(program, argv, { encoding: "utf8" });
    if (made.status !== 0) throw new Error(made.stderr);
  }
  const own = ["-D", folder, "-p", String(port), "-h", "127.0.0.1", "-k", folder, "-F"];
  const [program, argv] = asPostgres([join(bin, "postgres"), ...own]);
  const child = spawn(program, argv, { stdio: "ignore" });
  const asked = ["-h", "127.0.0.1", "-p", String(port), "-U", "limpid", "-d", "postgres"];
  await untilHeard(() => spawnSync(join(bin, "pg_isready"), asked).status === 0);
  return {
    address: `postgres://limpid@127.0.0.1:${port}/postgres`,
    process: child,
    stop: (signal = "SIGINT") => ended(child, signal),
  };
}

/** The variables by which programs find an S3 server of a test. */
export function s3Environment(port: number, host = "127.0.0.1"): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: `http://${host}:${port}`,
    AWS_ACCESS_KEY_ID: "S3RVER",
    AWS_SECRET_ACCESS_KEY: "S3RVER",
    AWS_REGION: "us-east-1",
  };
}

/** s3rver with one bucket, `atlas`. */
export async function startS3(
  folder: string,
  port: number,
  host = "127.0.0.1",
): Promise<TestServer> {
  mkdirSync(folder, { recursive: true });
  const program = join(import.meta.dirname, "..", "node_modules", "s3rver", "bin", "s3rver.js");
  const options = [
    "-d",
    folder,
    "-p",
    String(port),
    "-a",
    host,
    "-s",
    "--configure-bucket",
    "atlas",
  ];
  // The tokens of its long listings are ciphered with what OpenSSL has put away.
  const argv = ["--openssl-legacy-provider", program, ...options];
  const child = spawn(process.execPath, argv, { stdio: "ignore" });
  await untilHeard(
    () => spawnSync("bash", ["-c", `exec 3<>/dev/tcp/${host}/${port}`]).status === 0,
  );
  return {
    address: "s3://atlas/small",
    process: child,
    stop: (signal) => ended(child, signal),
  };
}
