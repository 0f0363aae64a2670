/** @file Configurations of hubs beside a model, and beside the folder in which hubs for browsers put it. */
import { expect, test } from "vitest";
import { memoryPlatform } from "./memory-platform.ts";
import { metadataBeside } from "./beside-model.ts";

const beside = (files: Readonly<Record<string, string>>, model: string) =>
  metadataBeside(memoryPlatform({ files }), model);

test("the nearest file of each name is kept as it is", async () => {
  const files = { "a/onnx/m.onnx": "", "a/config.json": "far", "a/preprocessor_config.json": "{}" };
  expect(await beside(files, "a/onnx/m.onnx")).toEqual(
    new Map([
      ["limpid.beside/preprocessor_config.json", "{}"],
      ["limpid.beside/config.json", "far"],
    ]),
  );
  const near = { ...files, "a/onnx/config.json": "near" };
  expect((await beside(near, "a/onnx/m.onnx")).get("limpid.beside/config.json")).toBe("near");
});

test("other folders, folders of such names and empty files say nothing", async () => {
  const files = { "a/b/m.onnx": "", "a/config.json": "far", "a/b/config.json/x": "", "m.onnx": "" };
  expect(await beside(files, "a/b/m.onnx")).toEqual(new Map());
  expect(await beside({ ...files, "config.json": "" }, "m.onnx")).toEqual(new Map());
});

test("files that people call labels are kept with their names", async () => {
  const files = {
    "a/m.onnx": "",
    "a/labels.txt": "cat\ndog",
    "a/photo-notes.txt": "nothing",
    "a/coco.names": "person",
    "a/deeper/classes.txt": "far",
    "labels.txt": "farther",
  };
  const kept = (await beside(files, "a/m.onnx")).get("limpid.beside/label files");
  expect(JSON.parse(kept!)).toEqual([
    ["coco.names", "person"],
    ["labels.txt", "cat\ndog"],
  ]);
});
