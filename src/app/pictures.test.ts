/** @file The one listing of pictures. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LimpidError } from "../errors.ts";
import { isPicture, listPictures, pictureFormats, readClasses, subfolders } from "./pictures.ts";
import type { Platform } from "./platform.ts";

/** A machine with some files; paths are joined by "/". */
function machine(...files: readonly string[]): Pick<Platform, "find" | "list"> {
  const below = (path: string) => files.filter((file) => file.startsWith(`${path}/`));
  const kind = (path: string) =>
    files.includes(path) ? "file" : below(path).length > 0 ? "folder" : undefined;
  return {
    find: (path) => {
      const found = kind(path);
      return Promise.resolve(found && { kind: found, size: 0, modifiedMs: 0 });
    },
    list: (path, recursive = false) => {
      if (kind(path) !== "folder") return Promise.reject(new LimpidError("bad-file", "read: no."));
      const names = below(path).map((file) => file.slice(path.length + 1));
      const own = recursive ? names : names.map((name) => name.replace(/\/.*/s, ""));
      return Promise.resolve([...new Set(own)]);
    },
  };
}

test.each([
  ["a.jpg", true],
  ["A.JPEG", true],
  ["sub/a.avif", true],
  [".a.png", false],
  ["sub/.thumbs/a.png", false],
  ["__MACOSX/cats/._a.png", false],
  ["sub/__MACOSX/a.png", false],
  ["sub/._a.png", false],
  ["@eaDir/a.jpg", false],
  ["a__MACOSX/a.png", true],
  ["notes.txt", false],
  ["png", false],
  [".png", false],
])("%s is a picture: %s", (name, expected) => {
  expect(isPicture(name)).toBe(expected);
});

test("pictures are sorted by code units, whatever the order that they are listed in", async () => {
  const files = ["d/ä.png", "d/b.png", "d/10.png", "d/9.png", "d/B.png", "d/x.txt", "d/sub/a.png"];
  const expected = ["d/10.png", "d/9.png", "d/B.png", "d/b.png", "d/ä.png"];
  expect(await listPictures(machine(...files), "d")).toEqual(expected);
  expect(await listPictures(machine(...files.toReversed()), "d")).toEqual(expected);
  expect(await listPictures(machine(...files), "d", true)).toEqual([
    ...expected.slice(0, 4),
    "d/sub/a.png",
    "d/ä.png",
  ]);
});

test("classes are the sub-folders that are not hidden", async () => {
  const platform = machine(
    "d/cats/1.png",
    "d/cats/deep/2.png",
    "d/ants/1.png",
    "d/.git/1.png",
    "d/__MACOSX/cats/._1.png",
  );
  expect(await subfolders(platform, "d")).toEqual(["ants", "cats"]);
  expect(await readClasses(platform, "d")).toEqual([
    { name: "ants", paths: ["d/ants/1.png"] },
    { name: "cats", paths: ["d/cats/1.png", "d/cats/deep/2.png"] },
  ]);
  await expect(readClasses(platform, "d/cats")).rejects.toThrow(
    'the folder "d/cats" must hold a sub-folder for each of at least two classes, got only "deep".',
  );
});

test("what is no folder is refused", async () => {
  const platform = machine("d/a.png");
  await expect(listPictures(platform, "d/a.png")).rejects.toThrow("must be a folder, got a file.");
  await expect(listPictures(platform, "e")).rejects.toThrow(
    "must be a folder, got no such folder.",
  );
});

test("the README lists what is read", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`| ${pictureFormats}, upright`);
});
