/** @file The catalog's ways against a server of this machine: whole, broken, wrong, missing, refused. */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { randomStream } from "../random.ts";
import type { CatalogItem } from "./catalog.ts";
import { placesOf } from "./copies.ts";
import { locate, placeOf, type LocateOptions } from "./locate.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let address: string;
let folder: string;
const answers = new Map<string, Answer>();
const asked: string[] = [];

const weights = randomStream("weights").bytes(200_000);
const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.range ?? ""}`.trim());
    const answer = answers.get(request.url!);
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "limpid-fetch-"));
  answers.clear();
  asked.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const sendWhole: Answer = (_, response) => {
  response.writeHead(200, { "content-length": weights.length }).end(weights);
};

/** Sends from where it is asked to, and breaks the line after some bytes. */
function sendPieces(most: number, honoursRange = true): Answer {
  return (request, response) => {
    const start = honoursRange
      ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0)
      : 0;
    const rest = weights.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, { "content-length": rest.length });
    if (rest.length <= most) response.end(rest);
    else response.write(rest.subarray(0, most), () => setTimeout(() => response.destroy(), 20));
  };
}

function model(over: { readonly sha256?: string; readonly url?: string } = {}): CatalogItem {
  return {
    kind: "model",
    description: "a network",
    licence: "none",
    files: [
      {
        path: "weights/net/net.onnx",
        url: over.url ?? `${address}/net.onnx`,
        bytes: weights.length,
        sha256: over.sha256 ?? sha256Of(weights),
        preprocessing: "caffe",
      },
    ],
  };
}

function get(item: CatalogItem, options: LocateOptions = {}) {
  const places = { cache: join(folder, "cache") };
  return locate("thing", { items: { thing: item }, places, waitMs: 1, ...options });
}

const cached = () => join(folder, "cache/weights/net/net.onnx");

/** Names of all files in the cache. */
function left(): readonly string[] {
  const root = join(folder, "cache");
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

test("a file is downloaded once, told of as it comes, and then found in the cache", async () => {
  answers.set("/net.onnx", sendWhole);
  const told: [number, number | undefined][] = [];
  const first = await get(model(), { onDownload: (done, total) => void told.push([done, total]) });
  expect(first).toEqual({ path: cached(), from: "cache", model: { preprocessing: "caffe" } });
  expect(readFileSync(cached()).equals(weights)).toBe(true);
  expect(told.at(-1)).toEqual([weights.length, weights.length]);
  await get(model(), { offline: true });
  expect(asked).toEqual(["/net.onnx"]);
});

test("a broken line is taken up where it broke", async () => {
  answers.set("/net.onnx", sendPieces(80_000));
  await get(model());
  expect(readFileSync(cached()).equals(weights)).toBe(true);
  expect(asked.length).toBeGreaterThan(2);
  expect(asked[1]).toMatch(/bytes=\d{4,}-/);
  expect(left()).toEqual(["net.onnx"]);
});

test("a server that knows no ranges sends all again", async () => {
  mkdirSync(dirname(cached()), { recursive: true });
  writeFileSync(`${cached()}.part`, "other bytes");
  answers.set("/net.onnx", sendPieces(1e9, false));
  await get(model());
  expect(readFileSync(cached()).equals(weights)).toBe(true);
});

test("a line that gives nothing is given up, and what came is kept", async () => {
  answers.set("/net.onnx", (request, response) => {
    if (request.headers.range) response.destroy();
    else sendPieces(50_000)(request, response);
  });
  await expect(get(model())).rejects.toThrow(/must be reachable.*the same command goes on/);
  expect(left()).toEqual(["net.onnx.part"]);
  answers.set("/net.onnx", sendPieces(1e9));
  await get(model());
  expect(readFileSync(cached()).equals(weights)).toBe(true);
  expect(asked.at(-1)).toMatch(/bytes=\d+-/);
});

test("another file than the catalog's is thrown away", async () => {
  answers.set("/net.onnx", sendWhole);
  await expect(get(model({ sha256: "0".repeat(64) }))).rejects.toThrow(
    /must have the SHA-256 0{64}, got [0-9a-f]{64}\. the download was thrown away/,
  );
  expect(left()).toEqual([]);
});

test.each([
  [404, /got the server's answer 404/, 1],
  [500, /must be reachable, got: the server answered 500/, 5],
] as const)("a server's answer %i is told", async (status, message, tries) => {
  answers.set("/net.onnx", (_, response) => response.writeHead(status).end());
  await expect(get(model())).rejects.toThrow(message);
  expect(asked).toHaveLength(tries);
  expect(left()).toEqual([]);
});

test("no server, no network and an unknown name are told", async () => {
  await expect(get(model({ url: "http://127.0.0.1:9/net.onnx" }))).rejects.toThrow(
    /must be reachable, got: fetch failed/,
  );
  await expect(get(model(), { offline: true })).rejects.toThrow(
    /must be in the cache or the mirror when offline.*limpid fetch thing/,
  );
  await expect(locate("vgg61")).rejects.toThrow(/did you mean vgg16/);
  expect(asked).toEqual([]);
});

test("stopping keeps what came", async () => {
  const signal = { aborted: false };
  answers.set("/net.onnx", sendPieces(1e9));
  const stopped = get(model(), { signal, onDownload: () => (signal.aborted = true) });
  await expect(stopped).rejects.toMatchObject({ code: "aborted" });
  expect(existsSync(cached())).toBe(false);
});

test("a mirror's folder is used in place, a mirror's address before the author's", async () => {
  const mirror = join(folder, "mirror");
  mkdirSync(join(mirror, "weights/net"), { recursive: true });
  writeFileSync(join(mirror, "weights/net/net.onnx"), weights);
  const places = { cache: join(folder, "cache"), mirror };
  expect(await get(model(), { places, offline: true })).toMatchObject({
    path: join(mirror, "weights/net/net.onnx"),
    from: "mirror",
  });
  answers.set("/mirror/weights/net/net.onnx", sendWhole);
  await get(model(), { places: { ...places, mirror: `${address}/mirror/` } });
  expect(asked).toEqual(["/mirror/weights/net/net.onnx"]);
});

test("what a mirror's address lacks comes from the author", async () => {
  answers.set("/net.onnx", sendWhole);
  const places = { cache: join(folder, "cache"), mirror: `${address}/mirror` };
  await get(model(), { places });
  expect(asked).toEqual(["/mirror/weights/net/net.onnx", "/net.onnx"]);
});

test.skipIf(!existsSync("/dev/full"))("a full disk is told", async () => {
  mkdirSync(dirname(cached()), { recursive: true });
  symlinkSync("/dev/full", `${cached()}.part`);
  answers.set("/net.onnx", sendWhole);
  await expect(get(model())).rejects.toThrow(/must be writable, got a full disk/);
});

function archived(files: Readonly<Record<string, string>>, count: number): CatalogItem {
  const entries = Object.entries(files).map(([name, text]) => [name, Buffer.from(text)] as const);
  const zip = zipSync(Object.fromEntries(entries));
  return archiveOf(zip, count);
}

/** The item of an archive, which is served. */
function archiveOf(zip: Uint8Array, count: number): CatalogItem {
  answers.set("/set.zip", (_, response) => response.end(zip));
  return {
    kind: "data",
    description: "photos",
    licence: "none",
    folder: "set",
    files: [
      {
        path: "archives/set.zip",
        url: `${address}/set.zip`,
        bytes: zip.length,
        sha256: sha256Of(zip),
      },
    ],
    archive: { prefix: "root/", count },
  };
}

test("an archive becomes a folder, without what would lead out of it", async () => {
  const item = archived(
    { "root/train/cats/a.jpg": "a", "root/../../evil.jpg": "x", "root/readme.txt": "r" },
    1,
  );
  const { path } = await get(item);
  expect(readFileSync(join(path, "train/cats/a.jpg"), "utf8")).toBe("a");
  expect(left()).toEqual(["set.sha256", "a.jpg"]);
  expect(readdirSync(folder)).toEqual(["cache"]);
});

test("an archive that is broken or another one is thrown away", async () => {
  await expect(get(archived({ "root/a.jpg": "a" }, 2))).rejects.toThrow(
    /a zip archive of 2 pictures, got one with 1 pictures/,
  );
  await expect(get(archiveOf(Buffer.from("no archive"), 1))).rejects.toThrow(
    /must be a whole zip archive, got a broken one/,
  );
  expect(left()).toEqual([]);
});

test("packed files are checked by what they unpack to", async () => {
  const packed = gzipSync("digits");
  answers.set("/digits.gz", (_, response) => response.end(packed));
  const item = (sha256: string): CatalogItem => ({
    kind: "data",
    description: "digits",
    licence: "none",
    folder: "digits",
    files: [{ path: "digits/digits.gz", url: `${address}/digits.gz`, bytes: 6, sha256 }],
  });
  const { path } = await get(item(sha256Of(Buffer.from("digits"))));
  expect(readdirSync(path)).toEqual(["digits.gz"]);
  rmSync(path, { recursive: true });
  await expect(get(item(sha256Of(packed)))).rejects.toThrow(/must have the SHA-256/);
});

test("the environment says where the cache and the mirror are", () => {
  expect(placesOf({ XDG_CACHE_HOME: "/c", LIMPID_MIRROR: "/m" })).toEqual({
    cache: join("/c", "limpid"),
    mirror: "/m",
  });
  expect(placesOf({}).cache).toMatch(/\.cache[\\/]limpid$/);
  expect(placesOf({ XDG_CACHE_HOME: "here" })).toEqual(placesOf({}));
});

test("the user's own copy comes before the cache, and a name may be asked for that a file has too", async () => {
  const items = { "package.json": model() };
  const places = { cache: join(folder, "cache") };
  const own = join(folder, "own");
  const put = (root: string) => {
    mkdirSync(join(root, "weights/net"), { recursive: true });
    writeFileSync(join(root, "weights/net/net.onnx"), weights);
  };
  put(places.cache);
  const look = (more: object) => placeOf("package.json", { items, places, offline: true, ...more });
  expect(await look({ own })).toEqual({ path: "package.json", from: "disk" });
  expect(await look({ own, asName: true })).toMatchObject({ from: "cache" });
  put(own);
  const path = join(own, "weights/net/net.onnx");
  expect(await look({ own, asName: true })).toMatchObject({ path, from: "own" });
});
