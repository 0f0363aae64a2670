/** @file What a job reads is never written over, on a disk and in memory. */
import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tensorOf } from "../graph/tensor.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { openGraph } from "../formats/index.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { nodePlatform } from "../node/platform.ts";
import { jobPlatform } from "./job-platform.ts";
import { memoryPlatform } from "./memory-platform.ts";
import type { Platform } from "./platform.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "limpid-inputs-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const refused = { code: "bad-option", message: expect.stringContaining("one of the inputs") };

function graphOfTwoFiles() {
  const b = new GraphBuilder();
  const weight = tensorOf("float32", [4], [1, 2, 3, 4]);
  b.output(b.op("Mul", [b.input("x", [4]), b.initializer("w", weight)], {}, "y"));
  return encodeOnnx(b.build(), { externalThresholdBytes: 1 });
}

describe.each([
  ["a disk", (): Platform => nodePlatform, (name: string) => join(folder, name)],
  ["memory", (): Platform => memoryPlatform(), (name: string) => name],
] as const)("on %s", (_, machine, at) => {
  test("a file that was read is not written, tried or removed; others are", async () => {
    const disk = machine();
    await disk.writeWhole(at("read.txt"), "as it was");
    const platform = jobPlatform(disk);
    await platform.writeWhole(at("read.txt"), "nobody has read it");
    await platform.readText(at("read.txt"));
    for (const path of ["read.txt", "./read.txt", "x/../read.txt", ".//read.txt"]) {
      await expect(platform.writeWhole(at(path), "new"), path).rejects.toMatchObject(refused);
      await expect(platform.requireWritable(at(path)), path).rejects.toMatchObject(refused);
      await expect(platform.remove(at(path)), path).rejects.toMatchObject(refused);
    }
    expect(await disk.readText(at("read.txt"))).toBe("nobody has read it");
    await platform.writeWhole(at("other.txt"), "one");
    await platform.writeWhole(at("other.txt"), "two");
    expect(await disk.readText(at("other.txt"))).toBe("two");
  });

  test("a picture is read as it is asked for: by the range that is said", async () => {
    const disk = machine();
    const grey = { widthPx: 1, heightPx: 1, channels: 3 as const, data: Uint8Array.of(40, 60, 80) };
    const bytes = await disk.encodePicture([grey], { kind: "png" });
    await disk.writeWhole(at("grey.png"), bytes);
    const range = [0, 100] as const;
    const picture = await jobPlatform(disk).readPicture(at("grey.png"), range);
    expect(picture).toEqual(await disk.readPicture(at("grey.png"), range));
    expect([...picture.data]).toEqual([102, 153, 204]);
  });

  test("what is to be read later is guarded from the start", async () => {
    const disk = machine();
    await disk.writeWhole(at("later.png"), "photo");
    const platform = jobPlatform(disk);
    platform.protect([at("later.png"), at("missing.png")]);
    await expect(platform.writeWhole(at("later.png"), "")).rejects.toMatchObject(refused);
    await platform.writeWhole(at("missing.png"), "new");
  });

  test("what an earlier run left may be replaced", async () => {
    const disk = machine();
    await disk.writeWhole(at("state"), "old");
    const platform = jobPlatform(disk);
    expect(await platform.readOwn(at("nothing"))).toBeUndefined();
    expect(new TextDecoder().decode(await platform.readOwn(at("state")))).toBe("old");
    await platform.writeWhole(at("state"), "new");
  });

  test("weights beside a model are inputs, and inputs of a job that goes before", async () => {
    const disk = machine();
    const { bytes, external } = graphOfTwoFiles();
    const weights = external[0]!.path;
    await disk.writeWhole(at("m.onnx"), bytes);
    await disk.writeWhole(at(weights), external[0]!.data);
    const opening = jobPlatform(disk);
    await openGraph(await opening.source(at("m.onnx")));
    for (const platform of [opening, jobPlatform(disk, opening.inputs)]) {
      await expect(platform.writeWhole(at("m.onnx"), "")).rejects.toMatchObject(refused);
      await expect(platform.writeWhole(at(weights), "")).rejects.toMatchObject(refused);
    }
  });
});

test("links of both kinds lead to the input itself", async () => {
  await nodePlatform.writeWhole(join(folder, "photo.png"), "photo");
  symlinkSync("photo.png", join(folder, "soft.png"));
  linkSync(join(folder, "photo.png"), join(folder, "hard.png"));
  symlinkSync(folder, join(folder, "again"));
  for (const read of ["photo.png", "soft.png", "again/hard.png"]) {
    const platform = jobPlatform(nodePlatform);
    await platform.readBytes(join(folder, read));
    for (const path of ["photo.png", "soft.png", "hard.png", "again/photo.png"]) {
      await expect(
        platform.writeWhole(join(folder, path), "new"),
        `${read} by ${path}`,
      ).rejects.toMatchObject(refused);
    }
  }
  expect(readFileSync(join(folder, "photo.png"), "utf8")).toBe("photo");
});

test("pipes and devices are read and written by one job", async () => {
  const platform = jobPlatform(nodePlatform);
  await platform.readBytes("/dev/null");
  await platform.writeWhole("/dev/null", "gone");
});

test("nothing of a folder of results is read, found or written by links that lead out of it", async () => {
  const out = join(folder, "results");
  await nodePlatform.writeWhole(join(folder, "private.txt"), "mine");
  await nodePlatform.writeWhole(join(out, "own.txt"), "own");
  symlinkSync(join(folder, "private.txt"), join(out, "link.txt"));
  symlinkSync(folder, join(out, "deep"));
  const platform = jobPlatform(nodePlatform);
  const outside = { code: "bad-file", message: expect.stringContaining("a link out of it") };
  await platform.within(`${out}/`, async () => {
    for (const name of ["link.txt", "deep/private.txt", "deep/new.txt"]) {
      const path = join(out, name);
      await expect(platform.readOwn(path)).rejects.toMatchObject(outside);
      await expect(platform.requireWritable(path)).rejects.toMatchObject(outside);
      await expect(platform.writeWhole(path, "new")).rejects.toMatchObject(outside);
      await expect(platform.remove(path)).rejects.toMatchObject(outside);
      expect(await platform.findOwn(path)).toBeUndefined();
    }
    expect(await platform.readOwn(join(out, "own.txt"))).toHaveLength(3);
    expect(await platform.findOwn(join(out, "own.txt"))).toMatchObject({ kind: "file" });
    // Inputs may lie anywhere.
    expect(await platform.readText(join(out, "link.txt"))).toBe("mine");
  });
  expect(readFileSync(join(folder, "private.txt"), "utf8")).toBe("mine");
});
