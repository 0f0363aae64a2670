/** @file The adapters of the seam for Node and for tests do what the table says; that for browsers in test/browser. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryPlatform } from "../src/app/memory-platform.ts";
import { LimpidError } from "../src/errors.ts";
import { nodePlatform } from "../src/node/platform.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { exampleFiles, expectations, type Tried } from "./platform-expectations.ts";

describe("Node", () => {
  const root = mkdtempSync(join(tmpdir(), "limpid-platform-"));
  beforeAll(() => {
    for (const [path, content] of Object.entries(exampleFiles)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const tried: Tried = {
    platform: nodePlatform,
    at: (path) => (path === "" ? `${root}/` : join(root, path)),
    runtime: "cpu",
  };

  test.each(expectations)("$name", async ({ run, expected }) => {
    expect(await run(tried)).toEqual(expected);
  });
});

describe("memory", () => {
  const runtime = createNodeRuntime({ threads: 1 });
  const platform = memoryPlatform({ files: exampleFiles, runtimes: { cpu: runtime } });
  const tried: Tried = { platform, at: (path) => path, runtime: "cpu" };

  test.each(expectations)("$name", async ({ run, expected }) => {
    expect(await run(tried)).toEqual(expected);
  });

  test("tells what was written", async () => {
    const empty = memoryPlatform({ files: { "in.txt": "x" } });
    await empty.writeWhole("./out/y.txt", "é");
    expect([...empty.written]).toEqual([["out/y.txt", Uint8Array.of(0xc3, 0xa9)]]);
    await empty.remove("out/y.txt");
    expect([...empty.written]).toEqual([]);
  });

  test("takes pictures as they are", async () => {
    const grey = { widthPx: 1, heightPx: 1, channels: 1, data: Uint8Array.of(7) } as const;
    const { readPicture, readBytes } = memoryPlatform({ files: { "a.png": grey } });
    expect([...(await readPicture("a.png")).data]).toEqual([7, 7, 7]);
    expect(new TextDecoder().decode(await readBytes("a.png"))).toBe("limpid-raw 1 1 1 1\n\u0007");
  });

  test.each(["limpid-raw 1 2 2 3\nabc", "text"])("%j is no picture", async (file) => {
    const { readPicture } = memoryPlatform({ files: { "a.png": file } });
    await expect(readPicture("a.png")).rejects.toThrow(LimpidError);
  });

  test("finds a part of a model that was handed in without its folder", async () => {
    const { source } = memoryPlatform({
      files: { "m.onnx": "", "w.bin": "w", "a/v.bin": "", "b/v.bin": "" },
    });
    const model = await source("m.onnx");
    expect((await model.beside("data/w.bin"))?.name).toBe("w.bin");
    // Which of two is meant, nobody can tell.
    expect(await model.beside("data/v.bin")).toBeUndefined();
  });
});
