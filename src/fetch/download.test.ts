/** @file Servers that mean harm, or know no better: each gives the file, or one plain line and nothing on disk. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { randomStream } from "../random.ts";
import type { RemoteFile } from "./catalog.ts";
import { download, type DownloadOptions } from "./download.ts";

type Answer = (response: ServerResponse, from: number, request: IncomingMessage) => void;

const weights = randomStream("villains").bytes(300_000);
const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

let server: Server;
let address: string;
let folder: string;
let answer: Answer;
let asked: string[];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.range ?? ""}`.trim());
    answer(response, Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0), request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "limpid-download-"));
  asked = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const plain = { path: "net.onnx", bytes: weights.length, sha256: sha256Of(weights) };
const packed = { ...plain, path: "digits.gz" };

/** Downloads from the server that answers so. */
function get(from: Answer, file: Partial<RemoteFile> = {}, options: DownloadOptions = {}) {
  answer = from;
  const wanted = { ...plain, url: `${address}/file`, ...file };
  const how = { waitMs: 1, silenceMs: 300, ...options };
  return download(wanted, join(folder, "cache/file"), how);
}

const got = () => readFileSync(join(folder, "cache/file"));
const left = () => readdirSync(folder, { recursive: true });

const whole: Answer = (response, from) => {
  response.writeHead(from > 0 ? 206 : 200, { "content-length": weights.length - from });
  response.end(weights.subarray(from));
};

/** What came of an earlier run. */
function putPart(bytes: Uint8Array): void {
  mkdirSync(join(folder, "cache"));
  writeFileSync(join(folder, "cache/file.part"), bytes);
}

test("a plain answer, for comparison", async () => {
  await get(whole);
  expect(got().equals(weights)).toBe(true);
});

/** Sends for as long as anybody listens. */
function sendForever(response: ServerResponse, bytes: Uint8Array): void {
  response.on("error", () => {});
  const more = () => {
    while (!response.destroyed && response.write(bytes));
  };
  response.on("drain", more);
  more();
}

const refusals: readonly (readonly [string, RegExp, Answer, Partial<RemoteFile>?])[] = [
  [
    "a longer file",
    /must have 300000 bytes, got 300001\. nothing/,
    (response) => response.writeHead(200, { "content-length": 300_001 }).end(),
  ],
  [
    "a shorter file",
    /must have 300000 bytes, got 5\. nothing/,
    (response) => response.writeHead(200, { "content-length": 5 }).end("short"),
  ],
  [
    "a file without an end",
    /must have 300000 bytes, got more/,
    (response) => sendForever(response, weights),
  ],
  [
    "a packed file without an end",
    /must have at most 301324 bytes, got more/,
    (response) => sendForever(response, weights),
    packed,
  ],
  [
    "chunks that end too early",
    /must have 300000 bytes, got 7\./,
    (response) => response.writeHead(200).end("chunked"),
  ],
  [
    "a web page",
    /got 12 of a web page \(HTML\) in its place/,
    (response) =>
      response
        .writeHead(200, { "content-type": "text/html; charset=utf-8", "content-length": 12 })
        .end("<p>login</p>"),
  ],
  [
    "a web page in chunks",
    /got an unknown number of a web page/,
    (response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>login</p>"),
  ],
  [
    "an encoding that unpacks to too much",
    /must have 300000 bytes, got more/,
    (response) =>
      response
        .writeHead(200, { "content-encoding": "gzip" })
        .end(gzipSync(Buffer.alloc(20_000_000))),
  ],
  [
    "the right size of something else",
    /must have the SHA-256 .* got .* thrown away/,
    (response) => response.end(Buffer.alloc(weights.length)),
  ],
  [
    "a packed file of another one",
    /must have the SHA-256/,
    (response) => response.end(gzipSync(Buffer.alloc(weights.length))),
    packed,
  ],
  [
    "a packed file of too much",
    /must unpack to 300000 bytes, got more/,
    (response) => response.end(gzipSync(Buffer.alloc(50_000_000))),
    packed,
  ],
  [
    "a packed file with more behind it",
    /must be a whole gzip file, got one with more behind it/,
    (response) => response.end(Buffer.concat([gzipSync(weights), Buffer.alloc(9)])),
    packed,
  ],
  [
    "a packed file that is none",
    /must be a whole gzip file/,
    (response) => response.end("no gzip"),
    packed,
  ],
  [
    "redirects in a circle",
    /must lead to a file, got more than 10 redirects/,
    (response) => response.writeHead(302, { location: "/file" }).end(),
  ],
  [
    "a redirect to a disk",
    /got a redirect to "file:\/\/\/etc\/passwd"/,
    (response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
  ],
  [
    "a redirect to nowhere",
    /got a redirect to "http:\/\/"/,
    (response) => response.writeHead(301, { location: "http://" }).end(),
  ],
  [
    "a redirect without a place",
    /got the server's answer 302/,
    (response) => response.writeHead(302).end(),
  ],
  ["no content", /got the server's answer 204/, (response) => response.writeHead(204).end()],
  ["a locked door", /got the server's answer 403/, (response) => response.writeHead(403).end("no")],
];

const withFiles = refusals.map(
  ([what, message, from, file = {}]) => [what, message, from, file] as const,
);

test.each(withFiles)("%s is refused, and nothing stays", async (_, message, from, file) => {
  await expect(get(from, file)).rejects.toThrow(message);
  expect(left()).toEqual([]);
  expect(asked.length).toBeLessThanOrEqual(11);
});

test.each([
  ["file:///etc/passwd", /must be had from an address of http: or https:/],
  ["no address", /must be had from an address/],
  ["http://user:secret@127.0.0.1:9/f", /^(?!.*secret).*without a user's name/],
])("%s is no address", async (url, message) => {
  await expect(get(whole, { url })).rejects.toThrow(message);
  expect(asked).toEqual([]);
});

const broken: readonly (readonly [string, RegExp, number, Answer])[] = [
  ["says nothing at all", /must be reachable, got: nothing came for/, 2, () => {}],
  [
    "says nothing after the head",
    /nothing came for/,
    2,
    (response) => response.writeHead(200, { "content-length": weights.length }).flushHeaders(),
  ],
  [
    "sends a byte now and then",
    /nothing came for/,
    2,
    (response, from) => {
      response.writeHead(from > 0 ? 206 : 200, { "content-length": weights.length - from });
      const drop = setInterval(
        () => (response.destroyed ? clearInterval(drop) : response.write("x")),
        20,
      );
    },
  ],
  [
    "is out of order",
    /got: the server answered 503/,
    5,
    (response) => response.writeHead(503).end(),
  ],
  [
    "asks for patience",
    /got: the server answered 429/,
    5,
    (response) => response.writeHead(429).end(),
  ],
  ["hangs up", /must be reachable, got: fetch failed/, 5, (response) => response.destroy()],
  ["knows no range, even none", /no such range/, 5, (response) => response.writeHead(416).end()],
];

test.each(broken)("a server that %s is given up", async (_, message, tries, from) => {
  const startMs = performance.now();
  await expect(get(from)).rejects.toThrow(message);
  expect(asked).toHaveLength(tries);
  expect(performance.now() - startMs).toBeLessThan(3000);
});

test.each([0, 1, 2])("Ctrl-C works while a server is silent, case %i", async (at) => {
  const signal = { aborted: false };
  setTimeout(() => (signal.aborted = true), 100);
  const silent: Answer = (response) => {
    if (at > 0)
      response.writeHead(at === 1 ? 200 : 503, { "content-length": at === 1 ? weights.length : 0 });
    if (at === 1) response.write("some");
    if (at === 2) response.end();
  };
  const startMs = performance.now();
  const stopped = get(silent, {}, { signal, silenceMs: 60_000, waitMs: 60_000 });
  await expect(stopped).rejects.toMatchObject({ code: "aborted" });
  expect(performance.now() - startMs).toBeLessThan(1000);
});

test("redirects are followed, also in relative words", async () => {
  await get((response, from, request) => {
    if (request.url === "/file") response.writeHead(302, { location: "/there/" }).end();
    else if (request.url === "/there/") response.writeHead(307, { location: "x?y" }).end();
    else whole(response, from, request);
  });
  expect(asked).toEqual(["/file", "/there/", "/there/x?y"]);
  expect(got().equals(weights)).toBe(true);
});

test("what goes on from another version of the file is fetched anew", async () => {
  putPart(Buffer.alloc(100_000, "old"));
  await get(whole);
  expect(asked).toEqual(["/file bytes=100000-", "/file"]);
  expect(got().equals(weights)).toBe(true);
});

const continued: readonly (readonly [string, Answer])[] = [
  [
    "gives another range",
    (response, from) =>
      response
        .writeHead(206, {
          "content-range": `bytes ${from + 5}-299999/300000`,
          "content-length": weights.length - from - 5,
        })
        .end(weights.subarray(from + 5)),
  ],
  [
    "has another length by now",
    (response) => response.writeHead(206, { "content-length": 3 }).end("new"),
  ],
  ["knows no such range", (response) => response.writeHead(416).end()],
  [
    "packs the rest",
    (response) => response.writeHead(206, { "content-encoding": "gzip" }).end(gzipSync("rest")),
  ],
];

test.each(continued)("a server that %s is asked from the start on", async (_, odd) => {
  putPart(weights.subarray(0, 100_000));
  await get((response, from, request) => (from > 0 ? odd : whole)(response, from, request));
  expect(asked).toEqual(["/file bytes=100000-", "/file"]);
  expect(got().equals(weights)).toBe(true);
});

test("a part that is longer than the file, or as long and another, is fetched anew", async () => {
  putPart(Buffer.alloc(400_000));
  await get(whole);
  expect(asked).toEqual(["/file"]);
  rmSync(join(folder, "cache"), { recursive: true });
  putPart(Buffer.alloc(weights.length));
  await get(whole);
  expect(got().equals(weights)).toBe(true);
});

test("encodings of the way are taken off, and .gz files stay packed", async () => {
  const sent: Answer = (response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(weights));
  await get(sent);
  expect(got().equals(weights)).toBe(true);
  await get(sent, packed);
  expect(gunzipSync(got()).equals(weights)).toBe(true);
  await get((response) => response.end(gzipSync(weights)), packed);
  expect(gunzipSync(got()).equals(weights)).toBe(true);
  expect(left()).toHaveLength(2);
});

test("a disk without room says so before anything comes", async () => {
  await expect(get(whole, { bytes: 2 ** 52 })).rejects.toThrow(/needs .* got a disk with .* free/);
  expect(asked).toEqual([]);
});
