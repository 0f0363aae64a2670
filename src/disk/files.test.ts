import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import type * as FsPromises from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LimpidError } from "../errors.ts";
import { readBytes, readText, requireWritable, writeWhole } from "./files.ts";

/** Code of the error that writing ends with, half-way; set by tests. */
let failure: string | undefined;

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof FsPromises>();
  const open: typeof real.open = async (...given) => {
    const file = await real.open(...given);
    if (failure !== undefined) {
      vi.spyOn(file, "writeFile").mockImplementation(async () => {
        await file.write("half");
        throw Object.assign(new Error("write failed"), { code: failure });
      });
    }
    return file;
  };
  return { ...real, open };
});

let folder = "";
const inFolder = (...parts: string[]) => join(folder, ...parts);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "limpid-files-"));
});

afterEach(() => {
  failure = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error("nothing was thrown"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LimpidError);
  expect(error).toMatchObject({ code: "bad-file" });
  return (error as LimpidError).message;
}

describe("reading", () => {
  test("gives the bytes in a buffer of their own", async () => {
    writeFileSync(inFolder("a.bin"), Uint8Array.of(1, 2, 3));
    const bytes = await readBytes(inFolder("a.bin"));
    expect([...bytes]).toEqual([1, 2, 3]);
    expect(bytes.buffer.byteLength).toBe(3);
    expect(await readText(inFolder("a.bin"))).toBe("\u0001\u0002\u0003");
  });

  test("takes what a pipe gives", async () => {
    execFileSync("mkfifo", [inFolder("pipe")]);
    const read = readBytes(inFolder("pipe"));
    writeFileSync(inFolder("pipe"), "through");
    expect(new TextDecoder().decode(await read)).toBe("through");
  });

  test("a missing file is answered with the closest names", async () => {
    writeFileSync(inFolder("ouzel1.jpg"), "");
    writeFileSync(inFolder("unrelated.onnx"), "");
    const path = inFolder("ouzle1.jpg");
    expect(await messageOf(readBytes(path))).toBe(
      `read: "${path}" must exist, got no such file. closest: "ouzel1.jpg".`,
    );
  });

  test("a missing folder, a folder and a path through a file are told apart", async () => {
    writeFileSync(inFolder("file"), "");
    const lost = inFolder("lost", "a.png");
    expect(await messageOf(readBytes(lost))).toBe(
      `read: "${lost}" must exist, got no folder "${inFolder("lost")}".`,
    );
    expect(await messageOf(readBytes(folder))).toBe(
      `read: "${folder}" must be a file, got a folder.`,
    );
    expect(await messageOf(readText(inFolder("file", "a.png")))).toContain("got no such file.");
  });
});

describe("writing", () => {
  test("makes the folders on the way and leaves nothing beside the file", async () => {
    await writeWhole(inFolder("a", "b", "c.txt"), "one");
    await writeWhole(inFolder("a", "b", "c.txt"), new TextEncoder().encode("two"));
    expect(readFileSync(inFolder("a", "b", "c.txt"), "utf8")).toBe("two");
    expect(readdirSync(inFolder("a", "b"))).toEqual(["c.txt"]);
  });

  test("a full disk leaves the old file and no other", async () => {
    writeFileSync(inFolder("a.png"), "old");
    failure = "ENOSPC";
    expect(await messageOf(writeWhole(inFolder("a.png"), "new"))).toBe(
      `write: "${inFolder("a.png")}" must be writable, got a full disk. choose another place.`,
    );
    expect(readdirSync(folder)).toEqual(["a.png"]);
    expect(readFileSync(inFolder("a.png"), "utf8")).toBe("old");
  });

  test("writers of one file at once do not disturb each other", async () => {
    const texts = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000));
    await Promise.all(texts.map((text) => writeWhole(inFolder("a.txt"), text)));
    expect(texts).toContain(readFileSync(inFolder("a.txt"), "utf8"));
    expect(readdirSync(folder)).toEqual(["a.txt"]);
  });

  test("a link stays and its target is replaced", async () => {
    writeFileSync(inFolder("target.txt"), "old");
    symlinkSync("target.txt", inFolder("link.txt"));
    await writeWhole(inFolder("link.txt"), "new");
    expect(lstatSync(inFolder("link.txt")).isSymbolicLink()).toBe(true);
    expect(readFileSync(inFolder("target.txt"), "utf8")).toBe("new");
  });

  test("a device is written straight and stays a device", async () => {
    symlinkSync("/dev/null", inFolder("null"));
    await writeWhole(inFolder("null"), "gone");
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  test.each([
    ["a folder", (path: string) => mkdirSync(path), []],
    ["a file in the place of a folder", (path: string) => writeFileSync(path, ""), ["a.png"]],
  ] as const)("%s is named as the reason", async (reason, make, inside) => {
    make(inFolder("x"));
    const path = inFolder("x", ...inside);
    const message = `write: "${path}" must be writable, got ${reason}. choose another place.`;
    expect(await messageOf(writeWhole(path, "new"))).toBe(message);
    expect(await messageOf(requireWritable(path))).toBe(message);
    expect(readdirSync(folder)).toEqual(["x"]);
  });

  test.skipIf(!existsSync("/proc"))(
    "a folder that no one can make is refused at once",
    async () => {
      const reason =
        /^write: "\/proc\/nope\/.*x\.png" must be writable, got .*\. choose another place\.$/;
      for (const path of ["/proc/nope/x.png", "/proc/nope/deep/er/x.png"]) {
        expect(await messageOf(writeWhole(path, "new"))).toMatch(reason);
        expect(await messageOf(requireWritable(path))).toMatch(reason);
      }
    },
  );

  test("folders on the way to one whose name is too long are taken away again", async () => {
    const path = inFolder("a", "b", "x".repeat(300), "c.png");
    const message = `write: "${path}" must be writable, got a name that is too long. choose another place.`;
    expect(await messageOf(writeWhole(path, "new"))).toBe(message);
    expect(await messageOf(requireWritable(path))).toBe(message);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("folders that many writers make at once are made", async () => {
    const paths = Array.from({ length: 8 }, (_, i) => inFolder("deep", "er", `${i}`, "x.txt"));
    await Promise.all(paths.map((path) => writeWhole(path, "x")));
    expect(readdirSync(inFolder("deep", "er"))).toHaveLength(8);
  });

  test.skipIf(process.getuid?.() === 0)("no permission is named as the reason", async () => {
    chmodSync(folder, 0o500);
    expect(await messageOf(writeWhole(inFolder("a.png"), ""))).toContain("got no permission.");
    expect(await messageOf(requireWritable(inFolder("a.png")))).toContain("got no permission.");
  });

  test("trying a place leaves nothing there", async () => {
    await requireWritable(inFolder("new", "deep", "a.png"));
    expect(readdirSync(folder)).toEqual([]);
    await requireWritable(inFolder("a.png"));
    expect(readdirSync(folder)).toEqual([]);
  });
});
