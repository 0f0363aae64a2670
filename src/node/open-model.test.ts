/** @file A model is the same by the path of its file, its folder and its archive. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bytesOf, storedZip } from "../../test/torch/archive.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { digestGraph } from "../graph/digest.ts";
import { openModel } from "./open-model.ts";

const b = new GraphBuilder();
b.output(b.op("Relu", [b.input("x", [1, 3, 4, 4])]));
const graph = b.build();
const { bytes } = encodeOnnx(graph);

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "limpid-open-model-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each(["model.onnx", "net", "net.zip"])("%s", async (name) => {
  mkdirSync(join(folder, "net"));
  writeFileSync(join(folder, "net/model.onnx"), bytes);
  writeFileSync(join(folder, "net/readme.md"), "a network");
  writeFileSync(join(folder, "model.onnx"), bytes);
  const files = { "model.onnx": bytes, "readme.md": bytesOf("a network") };
  writeFileSync(join(folder, "net.zip"), storedZip(files));
  const opened = await openModel(join(folder, name));
  expect(await digestGraph(opened)).toBe(await digestGraph(graph));
});

test("what is not there is refused", async () => {
  await expect(openModel(join(folder, "none"))).rejects.toMatchObject({ code: "bad-file" });
});
