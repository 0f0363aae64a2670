/** @file What is said where servers are wrong, away, silent or not for us. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pMap from "p-map";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openQueue } from "../src/engines/open.ts";
import { optionalPackage } from "../src/engines/optional-package.ts";
import { s3Store } from "../src/engines/s3-store.ts";
import { limpid } from "./command-line.ts";
import {
  freePort,
  noRedis,
  s3Environment,
  startRedis,
  startS3,
  type TestServer,
} from "./servers.ts";

const notes: string[] = [];
const listener = { signal: { aborted: false }, onNote: (note: string) => void notes.push(note) };
/** Half a minute and ten minutes in life. */
const patience = { firstMs: 2000, laterMs: 2000, tellMs: 300 };
const folder = mkdtempSync(join(tmpdir(), "limpid-faults-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(["http://localhost", "redis", "", "mysql://a:secret@b/c"])(
  "%j is no queue",
  async (address) => {
    const said = await openQueue(address, listener).catch(String);
    expect(said).toMatch(/queue: the address must be redis:\/\/HOST:PORT or postgres:\/\//);
    expect(said).not.toContain("secret");
  },
);

test.each(["s3:/a", "s3://", "s3://A_B/c", "https://bucket"])("%j is no store", async (address) => {
  await expect(s3Store(address, listener)).rejects.toThrow(
    "store: the address must be s3://BUCKET",
  );
});

test.each(["redis", "postgres"])(
  "nobody at the address of %s: it is waited for, and then said",
  async (kind) => {
    const address = `${kind}://me:secret@127.0.0.1:${await freePort()}/0`;
    const server = await openQueue(address, listener, { patience });
    notes.length = 0;
    const said = await server.requests().catch(String);
    await server.close();
    expect(said).toMatch(
      /must answer, got ECONNREFUSED for 2 s\. start the server, or name another address/,
    );
    expect(notes).toEqual([expect.stringMatching(/does not answer .*; waiting/)]);
    expect(JSON.stringify([said, notes])).not.toContain("secret");
  },
);

test("a server that takes a call and says nothing is given up", async () => {
  const mute = createServer(() => undefined);
  const port = await freePort();
  await new Promise<void>((resolve) => void mute.listen(port, "127.0.0.1", resolve));
  const server = await openQueue(`redis://127.0.0.1:${port}`, listener, { patience });
  await expect(server.requests()).rejects.toThrow("must answer, got silence for 2 s");
  await server.close();
  mute.close();
});

test("packages that are missing are named", async () => {
  const load = () => import(["not", "there"].join("-")) as Promise<unknown>;
  await expect(optionalPackage("queue", ["bullmq", "ioredis"], load)).rejects.toThrow(
    "npm install bullmq ioredis",
  );
});

test("commands say which way of sharing they want", async () => {
  const both = await limpid("atlas", "model.onnx", "--queue", "redis://a", "--together");
  expect([both.code, both.err]).toEqual([1, expect.stringContaining("choose one")]);
  const none = await limpid("work");
  expect([none.code, none.err]).toEqual([2, expect.stringContaining("--queue <url>")]);
});

describe("an S3 server", () => {
  let s3: TestServer;
  beforeAll(async () => {
    const port = await freePort();
    s3 = await startS3(join(folder, "s3"), port);
    Object.assign(process.env, s3Environment(port));
  });
  afterAll(() => s3.stop());

  test("without the bucket, or with other keys, refuses in words", async () => {
    const none = await s3Store("s3://nobucket/x", listener, patience);
    await expect(none.list()).rejects.toThrow(
      /store: s3:\/\/nobucket\/x must take this run, got a refusal/,
    );
    process.env["AWS_ACCESS_KEY_ID"] = "nobody";
    const other = await s3Store("s3://atlas/x", listener, patience);
    await expect(other.write("parts/a", new Uint8Array(3))).rejects.toThrow("got a refusal");
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "S3RVER" });
  });

  test("lists its parts over pages of a thousand, and has none of another prefix", async () => {
    const store = await s3Store("s3://atlas/many/", listener);
    const names = Array.from({ length: 1203 }, (_, i) => `parts/${i}`);
    const write = (name: string) => store.write(name, new TextEncoder().encode(name));
    await pMap(names, write, { concurrency: 20 });
    await (await s3Store("s3://atlas/many2", listener)).write("parts/x", new Uint8Array(1));
    expect((await store.list()).toSorted()).toEqual(names.toSorted());
    expect([await store.has("parts/7"), await store.has("parts/x")]).toEqual([true, false]);
    expect(await store.read("parts/x")).toBeUndefined();
    expect(new TextDecoder().decode(await store.read("parts/7"))).toBe("parts/7");
  });
});

describe.skipIf(noRedis)(`Redis${noRedis ? `, ${noRedis}` : ""}`, () => {
  test("with a password refuses in words, and a worker with nothing to do says so", async () => {
    const redis = await startRedis(join(folder, "redis"), await freePort());
    const idle = await limpid("work", "--queue", redis.address);
    expect(idle).toEqual({ code: 0, out: "no atlas was asked for\n", err: "" });
    const port = new URL(redis.address).port;
    spawnSync("redis-cli", ["-p", port, "config", "set", "requirepass", "secret"]);
    const server = await openQueue(redis.address, listener, { patience });
    await expect(server.requests()).rejects.toThrow(/(refusal: NOAUTH|must answer, got)/);
    await server.close();
    await redis.stop();
  });
});
