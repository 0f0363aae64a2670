/** @file Paths as text, against Node's module for them. */
import { posix } from "node:path";
import { array, assert, constantFrom, property } from "fast-check";
import { expect, test } from "vitest";
import { baseName, extensionOf, folderOf, joinPath } from "./paths.ts";

const part = constantFrom("a", "b.c", ".", "..", "", "/", "a/b", "../a", "/a", "..b", "a/");

test("parts are joined as Node joins them", () => {
  assert(
    property(array(part, { maxLength: 5 }), (parts) => {
      expect(joinPath(...parts)).toBe(posix.join(...parts).replace(/(.)\/$/, "$1"));
    }),
  );
});

test("a backslash stays, be it a separator or a letter", () => {
  expect(joinPath("photos", "a\\b.png")).toBe("photos/a\\b.png");
  expect(joinPath("\\\\server\\share", "a.png")).toBe("\\\\server\\share/a.png");
  expect(joinPath("C:\\photos", "..", "a.png")).toBe("C:\\photos/../a.png");
});

test.each([
  ["a/b.png", "b.png", "a", ".png"],
  ["b", "b", ".", ""],
  ["a/.hidden", ".hidden", "a", ""],
  ["C:\\photos\\b.tar.gz", "b.tar.gz", "C:\\photos", ".gz"],
  ["/b/", "b", "/", ""],
])("%s taken apart", (path, name, folder, ending) => {
  expect([baseName(path), folderOf(path), extensionOf(path)]).toEqual([name, folder, ending]);
});

test("an ending is taken off the name that has it, but not the whole name", () => {
  expect(baseName("a/b.onnx", ".onnx")).toBe("b");
  expect(baseName("a/b.png", ".onnx")).toBe("b.png");
  expect(baseName("a/.onnx", ".onnx")).toBe(".onnx");
});
