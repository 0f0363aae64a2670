/** @file Folders of pictures with and without classes. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodePlatform } from "../node/platform.ts";
import { openPictureFolder } from "./picture-folder.ts";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "limpid-picture-folder-"));
});
afterAll(() => rm(root, { recursive: true }));

async function folder(name: string, files: readonly string[]): Promise<string> {
  for (const file of files) {
    const path = join(root, name, file);
    // oxlint-disable-next-line no-await-in-loop -- a handful of empty files
    await mkdir(dirname(path), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop -- a handful of empty files
    await writeFile(path, "");
  }
  return join(root, name);
}

test("pictures that lie in it, sorted; other files and hidden ones are passed over", async () => {
  const path = await folder("plain", ["b.png", "a.JPG", "notes.txt", ".c.png", "sub/d.png"]);
  expect(await openPictureFolder(nodePlatform, path)).toEqual({
    paths: [join(path, "a.JPG"), join(path, "b.png")],
  });
});

test("sub-folders as classes, and parts of a data set put together", async () => {
  const path = await folder("classes", ["dogs/1.png", "cats/2.png", "cats/1.png"]);
  expect(await openPictureFolder(nodePlatform, path)).toEqual({
    classes: ["cats", "dogs"],
    paths: [join(path, "cats/1.png"), join(path, "cats/2.png"), join(path, "dogs/1.png")],
    labels: [0, 0, 1],
  });
  const parts = await folder(
    "parts",
    ["train", "val"].flatMap((part) => ["a", "b"].map((name) => `${part}/${name}/1.png`)),
  );
  expect(await openPictureFolder(nodePlatform, parts)).toEqual({
    classes: ["a", "b"],
    paths: ["train/a", "val/a", "train/b", "val/b"].map((name) => join(parts, name, "1.png")),
    labels: [0, 0, 1, 1],
  });
});

test("a folder of nothing, and one of a single class, are refused", async () => {
  await expect(
    openPictureFolder(nodePlatform, await folder("empty", ["notes.txt"])),
  ).rejects.toThrow(/must hold pictures, or sub-folders of them as classes, got neither/);
  await expect(
    openPictureFolder(nodePlatform, await folder("single", ["cats/1.png"])),
  ).rejects.toThrow(/at least two classes, got only "cats"/);
});
