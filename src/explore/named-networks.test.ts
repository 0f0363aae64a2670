/** @file The door to the catalog's networks: for the page of this server alone, by its names, one at a time. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LocateRequest } from "../app/platform.ts";
import { LimpidError } from "../errors.ts";
import { servePage, type ServedPage } from "./page-server.ts";

const folder = mkdtempSync(join(tmpdir(), "limpid-named-"));
const item = { description: "a network", licence: "none", bytes: 7, files: [] };

/** What the server does when it is asked to fetch, one after the other. */
let locate: (name: string, request: LocateRequest) => Promise<{ path: string }>;
let page: ServedPage;
let token: string;

beforeAll(async () => {
  writeFileSync(join(folder, "index.html"), "<head></head>");
  writeFileSync(join(folder, "net.onnx"), "network");
  page = await servePage({
    folder,
    handed: [],
    named: { items: [{ name: "net", ...item }], locate: (name, asked) => locate(name, asked) },
    port: 0,
  });
  const html = await (await fetch(page.address)).text();
  token = /&quot;token&quot;:&quot;([0-9a-f]{64})/.exec(html)![1]!;
});
afterAll(async () => {
  await page.close();
  rmSync(folder, { recursive: true });
});

type Headers = Readonly<Record<string, string>>;

/** The page's own request, and whoever goes away by `stop`. */
function ask(name: string, headers: Headers = {}, method = "POST") {
  const { host, port, origin } = new URL(page.address);
  const own = { host, origin, "sec-fetch-site": "same-origin", "x-limpid-token": token };
  const given = { ...own, ...headers };
  const kept = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
  const asked = request({
    host: "127.0.0.1",
    port,
    path: `/networks/${name}`,
    method,
    headers: kept,
  });
  const answer = new Promise<{ status: number; lines: unknown[] }>((resolve, reject) => {
    asked.on("error", reject).on("response", (response) => {
      let text = "";
      response.on("error", reject).on("data", (part: Buffer) => (text += part.toString()));
      response.on("end", () => {
        const lines = text.split("\n").filter(Boolean);
        resolve({
          status: response.statusCode!,
          lines: lines.map((line) => JSON.parse(line) as unknown),
        });
      });
    });
  });
  asked.end();
  return { answer, stop: () => asked.destroy() };
}

test("a network is fetched, with how far it is, and handed to the page", async () => {
  locate = async (name, { onDownload, onNote }) => {
    expect(name).toBe("net");
    onNote?.("the mirror: it is slow.");
    onDownload(3, 7, "net.onnx");
    return { path: join(folder, "net.onnx") };
  };
  const { status, lines } = await ask("net").answer;
  expect(status).toBe(200);
  expect(lines).toEqual([
    { kind: "note", note: "the mirror: it is slow." },
    { kind: "progress", done: 3, total: 7 },
    { kind: "found", number: 0 },
  ]);
  expect(await (await fetch(`${page.address}handed/0`)).text()).toBe("network");
});

test.each<[string, string, Headers, string, number]>([
  [
    "another page",
    "net",
    { origin: "http://evil.example", "sec-fetch-site": "cross-site" },
    "POST",
    403,
  ],
  ["another page that names this one", "net", { "sec-fetch-site": "cross-site" }, "POST", 403],
  ["another port of this machine", "net", { "sec-fetch-site": "same-site" }, "POST", 403],
  ["a request that says nothing of its page", "net", { origin: "" }, "POST", 403],
  ["another name for this machine", "net", { host: "evil.example" }, "POST", 403],
  ["a request without the word", "net", { "x-limpid-token": "" }, "POST", 403],
  ["a request with another word", "net", { "x-limpid-token": "0".repeat(64) }, "POST", 403],
  ["a name that the catalog has not", "other", {}, "POST", 404],
  ["a path", "..%2fnet", {}, "POST", 405],
  ["a link", "net", {}, "GET", 405],
])("%s is refused", async (_, name, headers, method, status) => {
  locate = () => Promise.reject(new Error("nothing is fetched"));
  expect(await ask(name, headers, method).answer).toEqual({ status, lines: [] });
});

test.each([
  "fetch: the disk must have room for 28 MB more, got 3 MB. make room and try again.",
  'fetch: "https://…/net.onnx" must be reached, got no answer. try again later.',
])("what fails is told in a sentence: %s", async (reason) => {
  locate = () => Promise.reject(new LimpidError("bad-file", reason));
  expect((await ask("net").answer).lines).toEqual([{ kind: "failed", reason }]);
});

test("one at a time; whoever goes away stops it, and the next is fetched", async () => {
  const stopped = new Promise<void>((resolve) => {
    locate = async (_, { signal, onDownload }) => {
      onDownload(1, 7, "net.onnx");
      while (!signal.aborted)
        await new Promise((then) => {
          setTimeout(then, 5);
        });
      resolve();
      throw new LimpidError("aborted", "fetch: stopped.");
    };
  });
  const first = ask("net");
  const ended = first.answer.catch(() => "gone");
  await expect.poll(async () => (await ask("net").answer).status).toBe(409);
  first.stop();
  expect(await ended).toBe("gone");
  await stopped;
  locate = async () => ({ path: join(folder, "net.onnx") });
  await expect.poll(async () => (await ask("net").answer).status).toBe(200);
});
