/** @file A cache that was damaged: noticed at use, read whole on demand, fetched again. */
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { randomStream } from "../random.ts";
import { catalog, type CatalogItem } from "./catalog.ts";
import { faultAtUse } from "./file-digest.ts";
import { locate, type LocateOptions } from "./locate.ts";
import { verify } from "./verify-cache.ts";

let server: Server;
let address: string;
let folder: string;
let asked: string[];
let isDown: boolean;

const weights = randomStream("verify").bytes(10_000);
const digits = Buffer.from("digits");
const photos = Buffer.from(zipSync({ "r/a.jpg": Buffer.from("a"), "r/b.jpg": Buffer.from("b") }));
const sent: Readonly<Record<string, Buffer>> = {
  "/net.onnx": Buffer.from(weights),
  "/x.gz": gzipSync(digits),
  "/set.zip": photos,
};
const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url!);
    const bytes = isDown ? undefined : sent[request.url!];
    if (bytes) response.end(bytes);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "limpid-verify-"));
  asked = [];
  isDown = false;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const about = { description: "a thing", licence: "none" };

function items(): Readonly<Record<string, CatalogItem>> {
  const file = (path: string, url: string, bytes: Uint8Array) => ({
    path,
    url: `${address}${url}`,
    bytes: bytes.length,
    sha256: sha256Of(bytes),
  });
  const net = {
    ...file("weights/net/net.onnx", "/net.onnx", weights),
    preprocessing: "tf" as const,
  };
  const set = file("archives/set.zip", "/set.zip", photos);
  return {
    net: { kind: "model", ...about, files: [net] },
    digits: {
      kind: "data",
      ...about,
      folder: "digits",
      files: [file("digits/x.gz", "/x.gz", digits)],
    },
    set: {
      kind: "data",
      ...about,
      folder: "set",
      files: [set],
      archive: { prefix: "r/", count: 2 },
    },
  };
}

const at = (path: string) => join(folder, "cache", path);
const all = () => readdirSync(folder, { recursive: true }).map(String).toSorted();
const how = (more: LocateOptions = {}) => ({
  items: items(),
  places: { cache: join(folder, "cache") },
  waitMs: 1,
  ...more,
});

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  const { atime, mtime } = statSync(path);
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
}

const damages: readonly (readonly [string, string, RegExp, (path: string) => void])[] = [
  ["net", "weights/net/net.onnx", /must have the SHA-256/, flip],
  ["net", "weights/net/net.onnx", /must have 10000 bytes, got 7/, (path) => truncateSync(path, 7)],
  ["digits", "digits/x.gz", /must have the SHA-256|whole gzip/, flip],
  ["digits", "digits/x.gz", /must be a whole gzip file/, (path) => truncateSync(path, 12)],
  ["digits", "digits/x.gz", /must be a whole gzip file/, (path) => writeFileSync(path, "x")],
  ["set", "set/a.jpg", /must have files of the SHA-256/, flip],
  ["set", "set/b.jpg", /must have all its files/, (path) => rmSync(path)],
  ["set", "set.sha256", /must have the SHA-256 of its 2 files/, (path) => truncateSync(path, 0)],
];

test.each(damages)(
  "%s, %s: damage is noticed at use and fetched again",
  async (name, path, fault, damage) => {
    const first = await locate(name, how());
    const before = all();
    damage(at(path));
    await expect(locate(name, how({ offline: true }))).rejects.toThrow(fault);
    const notes: string[] = [];
    expect(await locate(name, how({ onNote: (note) => notes.push(note) }))).toEqual(first);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(fault);
    expect(asked).toHaveLength(2);
    await locate(name, how({ offline: true }));
    expect(all()).toEqual(before);
  },
);

test.each(damages)(
  "%s, %s: verify tells the damage and mends it",
  async (name, path, fault, damage) => {
    for (const each of ["net", "digits", "set"]) await locate(each, how());
    damage(at(path));
    isDown = true;
    const told = await verify([], how());
    expect(told.map(({ state }) => state).toSorted()).toEqual(["damaged", "whole", "whole"]);
    const bad = told.find(({ state }) => state === "damaged")!;
    expect(bad.name).toBe(name);
    expect(bad.fault).toMatch(fault);
    expect(bad.fault).toMatch(/got the server's answer 404/);
    isDown = false;
    expect(await verify([name], how())).toMatchObject([{ name, state: "replaced" }]);
    const states = (await verify([], how({ offline: true }))).map(({ state }) => state);
    expect(states).toEqual(["whole", "whole", "whole"]);
  },
);

test("a folder in the place of a file is not removed", async () => {
  mkdirSync(at("weights/net/net.onnx"), { recursive: true });
  await expect(locate("net", how({ offline: true }))).rejects.toThrow(
    /must be a plain file, got a/,
  );
  await expect(locate("net", how())).rejects.toThrow(/must be writable, got a folder/);
});

test.skipIf(process.getuid?.() === 0)(
  "what cannot be read is told, and the rest is read",
  async () => {
    for (const each of ["net", "digits"]) await locate(each, how());
    chmodSync(at("weights/net/net.onnx"), 0);
    isDown = true;
    const told = await verify([], how({ offline: true }));
    expect(told.map(({ state }) => state)).toEqual(["damaged", "whole"]);
    expect(told[0]!.fault).toMatch(/must be readable, got no permission/);
  },
);

test("photos that were not unpacked here cannot be judged; names are of the catalog", async () => {
  expect(await verify([], how())).toEqual([]);
  mkdirSync(at("set"), { recursive: true });
  expect(await verify(["set"], how())).toMatchObject([{ name: "set", state: "unknown" }]);
  await expect(verify(["nets"], how())).rejects.toThrow(
    /must be one of net, digits, set, got "nets"/,
  );
});

test("a mirror's whole copy takes the place of the cache's damaged one", async () => {
  await locate("net", how());
  const mirror = join(folder, "mirror");
  mkdirSync(join(mirror, "weights/net"), { recursive: true });
  writeFileSync(join(mirror, "weights/net/net.onnx"), weights);
  flip(at("weights/net/net.onnx"));
  const places = { cache: join(folder, "cache"), mirror };
  const notes: string[] = [];
  const found = await locate("net", how({ places, onNote: (note) => notes.push(note) }));
  expect(found.from).toBe("mirror");
  expect(notes[0]).toMatch(/cache.*must have the SHA-256.*not used/);
  expect(await verify(["net"], how({ places }))).toMatchObject([{ state: "replaced" }]);
  expect(existsSync(at("weights/net/net.onnx"))).toBe(false);
});

test("a mirror that is neither folder nor address is told", async () => {
  const places = { cache: join(folder, "cache"), mirror: "ftp://x/y" };
  await expect(locate("net", how({ places, offline: true }))).rejects.toThrow(
    /got LIMPID_MIRROR must name a folder, or an address of http: or https:, got "ftp:\/\/x\/y"/,
  );
  const notes: string[] = [];
  await locate("net", how({ places, onNote: (note) => notes.push(note) }));
  expect(notes).toHaveLength(1);
  await locate("net", how({ places, onNote: (note) => notes.push(note) }));
  expect(notes).toHaveLength(1);
});

test("a mirror's damaged copy is not used either", async () => {
  const mirror = join(folder, "mirror");
  mkdirSync(join(mirror, "weights/net"), { recursive: true });
  writeFileSync(join(mirror, "weights/net/net.onnx"), "other");
  const places = { cache: join(folder, "cache"), mirror };
  expect((await locate("net", how({ places }))).from).toBe("cache");
});

test("what the mirror's server said is told, with the author's answer or with where it came from", async () => {
  const places = { cache: join(folder, "cache"), mirror: `${address}/mirror` };
  const notes: string[] = [];
  await locate("net", how({ places, onNote: (note) => notes.push(note) }));
  expect(notes[0]).toMatch(/the mirror: .*\/mirror\/weights.* 404 .* it came from .*\/net.onnx/);
  rmSync(join(folder, "cache"), { recursive: true });
  isDown = true;
  await expect(locate("net", how({ places }))).rejects.toThrow(
    /\/net.onnx".* 404 .* the mirror before it: .*404/,
  );
});

test("an error tells also why what is there is not used, and a broken archive is not kept", async () => {
  await locate("net", how());
  flip(at("weights/net/net.onnx"));
  isDown = true;
  await expect(locate("net", how())).rejects.toThrow(
    / 404 .*what is there cannot be used: .*SHA-256/,
  );
  mkdirSync(at("archives"));
  writeFileSync(at("archives/set.zip"), "broken");
  await expect(locate("set", how())).rejects.toThrow(/ 404 /);
  expect(readdirSync(at("archives"))).toEqual([]);
});

test("two at once fetch once", async () => {
  const found = await Promise.all([
    locate("set", how()),
    locate("set", how()),
    locate("set", how()),
  ]);
  expect(new Set(found.map(({ path }) => path)).size).toBe(1);
  expect(asked).toEqual(["/set.zip"]);
});

test("a large file is read again only when it was written to", async () => {
  const bytes = 2 ** 26 + 1;
  const large = at("weights/large.onnx");
  mkdirSync(dirname(large), { recursive: true });
  writeFileSync(large, "");
  truncateSync(large, bytes);
  const file = { path: "weights/large.onnx", bytes, sha256: sha256Of(new Uint8Array(bytes)) };
  const timed = async () => {
    const startMs = performance.now();
    expect(await faultAtUse(large, file, at("."))).toBeUndefined();
    return performance.now() - startMs;
  };
  const first = await timed();
  expect(await timed()).toBeLessThan(first / 2);
  flip(large);
  expect(await faultAtUse(large, file, at("."))).toMatch(/must have the SHA-256/);
  truncateSync(large, 3);
  expect(await faultAtUse(large, file, at("."))).toMatch(/must have 67108865 bytes, got 3/);
});

test("every entry of the catalog has a size and a digest", () => {
  const digests = Object.values<CatalogItem>(catalog).flatMap(({ files }) => files);
  for (const { bytes, sha256 } of digests) {
    expect(bytes).toBeGreaterThan(0);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  }
  expect(new Set(digests.map(({ sha256 }) => sha256)).size).toBe(digests.length);
});
