/** @file Addresses that users name: the bytes, nothing, or one plain line, whatever the server does. */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { randomStream } from "../random.ts";
import { fetchBytes } from "./fetch-bytes.ts";

const bytes = randomStream("addresses").bytes(100_000);
const zeros = gzipSync(new Uint8Array(2 ** 27 + 1));
let server: Server;
let address: string;
let asked = 0;
let answer: (response: ServerResponse, url: string) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked += 1;
    answer(response, request.url ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

function get(from: typeof answer, signal = { aborted: false }) {
  answer = from;
  asked = 0;
  return fetchBytes(`${address}/m.json?a=b`, { signal, silenceMs: 300, onDownload: () => {} });
}

const whole = (response: ServerResponse) => {
  response.writeHead(200, { "content-length": bytes.length });
  response.end(bytes);
};

test.each<[string, typeof answer]>([
  ["plain", whole],
  ["without a length", (response) => response.end(bytes)],
  [
    "packed on the way",
    (response) => {
      const packed = gzipSync(bytes);
      response.writeHead(200, { "content-encoding": "gzip", "content-length": packed.length });
      response.end(packed);
    },
  ],
  [
    "behind a redirect",
    (response, url) => {
      if (url === "/there") return whole(response);
      response.writeHead(302, { location: "/there" });
      return response.end();
    },
  ],
  [
    "from the second try on",
    (response) => {
      if (asked > 1) return whole(response);
      response.writeHead(200, { "content-length": bytes.length });
      response.write(bytes.subarray(0, 999));
      return setTimeout(() => response.destroy(), 20);
    },
  ],
])("an answer %s gives the bytes", async (_, from) => {
  expect(Buffer.from((await get(from))!).equals(bytes)).toBe(true);
});

test("what is not there is nothing", async () => {
  expect(await get((response) => response.writeHead(404).end())).toBeUndefined();
  expect(asked).toBe(1);
});

test.each<[string, typeof answer, RegExp]>([
  [
    "refuses",
    (response) => response.writeHead(403).end(),
    /must be there, got the server's answer 403/,
  ],
  [
    "is broken",
    (response) => response.writeHead(500).end(),
    /must be reachable, got: the server answered 500/,
  ],
  ["is silent", () => {}, /must be reachable, got: nothing came/],
  [
    "goes silent",
    (response) => response.writeHead(200).write("x"),
    /must be reachable, got: nothing came/,
  ],
  [
    "says too much",
    (response) => response.writeHead(200, { "content-length": 2 ** 40 }).write("x"),
    /at most 2,?147 MB, got more/,
  ],
  [
    "packs far too much",
    (response) => response.writeHead(200, { "content-encoding": "gzip" }).end(zeros),
    /at most 134 MB, got more/,
  ],
  [
    "leads to a disk",
    (response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
    /got a redirect to "file:/,
  ],
  [
    "leads in circles",
    (response, url) => response.writeHead(302, { location: `${url}x` }).end(),
    /more than 10 redirects/,
  ],
  ["always breaks off", (response) => response.destroy(), /must be reachable, got: fetch failed/],
])("a server that %s is one plain error", async (_, from, message) => {
  await expect(get(from)).rejects.toThrow(message);
  await expect(get(from)).rejects.toMatchObject({ code: "bad-file" });
});

test("Ctrl-C ends it at once", async () => {
  const signal = { aborted: false };
  setTimeout(() => (signal.aborted = true), 100);
  const started = performance.now();
  await expect(get(() => {}, signal)).rejects.toMatchObject({ code: "aborted" });
  expect(performance.now() - started).toBeLessThan(280);
});
