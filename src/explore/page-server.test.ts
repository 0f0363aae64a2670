/** @file The explorer's server: what it hands out, to whom, and what it refuses. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryPlatform } from "../app/memory-platform.ts";
import { handedFiles } from "./handed-files.ts";
import { servePage, type ServedPage } from "./page-server.ts";

const root = mkdtempSync(join(tmpdir(), "limpid-explore-"));
const folder = join(root, "page");
let page: ServedPage;

beforeAll(async () => {
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(join(folder, "index.html"), "<head></head>");
  writeFileSync(join(folder, "assets", "a.wasm"), "wasm");
  writeFileSync(join(root, "secret"), "secret");
  writeFileSync(join(root, "model.onnx"), "model");
  const handed = [
    { path: join(root, "model.onnx"), name: `"><script>.onnx`, role: "model" } as const,
  ];
  page = await servePage({ folder, handed, port: 0 });
});
afterAll(async () => {
  await page.close();
  rmSync(root, { recursive: true });
});

/** Addresses as they are, which `fetch` would tidy up. */
function get(path: string, host?: string, method = "GET") {
  const { port } = new URL(page.address);
  return new Promise<{ status: number; text: string; isolated: boolean }>((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => (text += part.toString()));
      response.on("end", () =>
        resolve({
          status: response.statusCode!,
          text,
          isolated: response.headers["cross-origin-opener-policy"] === "same-origin",
        }),
      );
    })
      .on("error", reject)
      .end();
  });
}

test("the page, its parts and the files in hand", async () => {
  const { text, isolated } = await get("/");
  expect(isolated).toBe(true);
  expect(text).toContain("limpid-handed");
  expect(text).not.toContain("<script>.onnx");
  expect(await get("/assets/a.wasm")).toMatchObject({ status: 200, text: "wasm" });
  expect(await get("/handed/0")).toMatchObject({ status: 200, text: "model" });
});

test.each([
  ["files outside", "/../secret", undefined, 404],
  ["files outside, written otherwise", "/assets/%2e%2e/%2e%2e/secret", undefined, 404],
  ["files outside, with backslashes", "/..%5csecret", undefined, 404],
  ["signs that are none", "/%E0%A4%A", undefined, 404],
  ["folders", "/assets", undefined, 404],
  ["files that are in no hand", "/handed/1", undefined, 404],
  ["another name for this machine", "/", "evil.example", 403],
])("%s are refused", async (_, path, host, status) => {
  expect(await get(path, host)).toMatchObject({ status, text: "" });
});

test("nothing is written", async () => {
  expect(await get("/", undefined, "POST")).toMatchObject({ status: 405 });
});

test("a port that is taken is told", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => {
    other.once("listening", resolve);
  });
  const { port } = other.address() as AddressInfo;
  await expect(servePage({ folder, handed: [], port })).rejects.toThrow(/port: it must be free/);
  other.close();
});

test("without a built page it is said how to build one", async () => {
  await expect(servePage({ folder: root, handed: [], port: 0 })).rejects.toThrow(/build:web/);
});

test("a network's parts come with it, other files do not", async () => {
  const names = [
    "net.onnx",
    "net.onnx.data",
    "net_labels.txt",
    "other.onnx",
    "photos/b.png",
    "photos/a.jpg",
    "photos/notes.txt",
  ];
  const platform = memoryPlatform({ files: Object.fromEntries(names.map((name) => [name, ""])) });
  const found = await handedFiles(platform, { path: "net.onnx", from: "disk" }, ["photos"]);
  expect(found.map(({ role, name }) => `${role} ${name}`)).toEqual([
    "model net.onnx",
    "model net.onnx.data",
    "model net_labels.txt",
    "picture a.jpg",
    "picture b.png",
  ]);
  const bytes = readFileSync("assets/networks/pets.onnx");
  const copies = ["net.onnx", "net.int8.onnx", "net_2.onnx"];
  const alike = Object.fromEntries([...copies.map((name) => [name, bytes]), ["net.onnx.data", ""]]);
  const own = await handedFiles(
    memoryPlatform({ files: alike as Record<string, Uint8Array | string> }),
    { path: "net.onnx", from: "disk" },
    [],
  );
  expect(own.map(({ name }) => name)).toEqual(["net.onnx", "net.onnx.data"]);
  await expect(handedFiles(platform, undefined, ["nothing.png"])).rejects.toThrow(/nothing there/);
});
