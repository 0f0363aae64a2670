/** @file Which paths are folders, figures and files of numbers. */
import { expect, test } from "vitest";
import { nodePlatform } from "../node/platform.ts";
import { memoryPlatform } from "./memory-platform.ts";
import { requireFolderPlace, requireNumbersPlace, resultPlace } from "./places.ts";

const platform = memoryPlatform({
  files: { "there/x.png/a.txt": "", notes: "", "photo.png": "", "v1.2/a.txt": "" },
});

test.each([
  ["a.png", "png"],
  ["deep/A.PNG", "png"],
  ["photo.png", "png"],
  ["a.jpg", "jpeg"],
  ["a.JPEG", "jpeg"],
  ["a", "folder"],
  ["a.png/", "folder"],
  ["there/x.png", "folder"],
  ["v1.2", "folder"],
  [".hidden", "folder"],
])("%s is %s", async (path, expected) => {
  const place = await resultPlace(platform, path);
  expect(place.kind === "folder" ? "folder" : place.format.kind).toBe(expected);
});

test.each(["a.webp", "a.tiff", "m.onnx", "a.npy", "a.", "v2.0", "a.png.txt", "notes"])(
  "no figure is called %s",
  async (path) => {
    await expect(resultPlace(platform, path)).rejects.toMatchObject({
      code: "bad-option",
      message: expect.stringContaining(`must end in .png, .jpg, .jpeg, got "${path}"`),
    });
  },
);

test("figures and numbers go into pipes and devices", async () => {
  const place = await resultPlace(nodePlatform, "/dev/null");
  expect(place).toEqual({ kind: "figure", format: { kind: "png" } });
  await requireNumbersPlace(nodePlatform, "/dev/null");
});

test.each(["", " ", undefined, null, 3])("%j is no path", async (path) => {
  const given = path as string;
  for (const look of [resultPlace, requireFolderPlace, requireNumbersPlace]) {
    await expect(look(platform, given)).rejects.toMatchObject({
      code: "bad-option",
      message: expect.stringContaining("there must be the path of a file or a folder"),
    });
  }
});

test("folders are called as no file is", async () => {
  for (const path of ["a", "run.v2", "there/x.png", "new.png/"]) {
    await requireFolderPlace(platform, path);
  }
  for (const path of ["a.png", "a.JPG", "m.onnx", "results.json", "notes", "photo.png"]) {
    await expect(requireFolderPlace(platform, path)).rejects.toThrow(/^out: it must be a folder/);
  }
});

test("numbers are .npy", async () => {
  await requireNumbersPlace(platform, "a.NPY");
  for (const path of ["m.onnx", "a.png", "a.npz", "notes", "numbers"]) {
    await expect(requireNumbersPlace(platform, path)).rejects.toThrow(/must end in \.npy/);
  }
});
