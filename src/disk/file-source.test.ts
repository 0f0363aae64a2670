/** @file Which files on disk a model may be made of. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readNow } from "../formats/source.ts";
import { fileSource } from "./file-source.ts";

let root: string;
const at = (path: string) => join(root, path);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "limpid-source-"));
  mkdirSync(at("model/data"), { recursive: true });
  mkdirSync(at("store"));
  mkdirSync(at("snapshot"));
  for (const file of ["model/m.onnx", "model/data/w.bin", "secret", "store/1", "store/2"]) {
    writeFileSync(at(file), `bytes of ${file}`);
  }
  symlinkSync("../secret", at("model/link.bin"));
  symlinkSync("data/w.bin", at("model/inner.bin"));
  symlinkSync("/dev/zero", at("model/endless.bin"));
  symlinkSync("nowhere", at("model/dangling.bin"));
  symlinkSync("circle.bin", at("model/circle.bin"));
  symlinkSync("link.bin", at("model/link-to-link.bin"));
  symlinkSync("..", at("model/above"));
  symlinkSync("/proc/self/environ", at("model/environ.bin"));
  symlinkSync("inner.bin", at("model/inner-again.bin"));
  linkSync(at("model/data/w.bin"), at("model/hard.bin"));
  symlinkSync("data", at("model/folder"));
  execFileSync("mkfifo", [at("model/pipe.bin")]);
  // As model hubs keep their files: both are links into one store.
  symlinkSync("../store/1", at("snapshot/m.onnx"));
  symlinkSync("../store/2", at("snapshot/w.bin"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function textOf(model: string, location: string): Promise<string | undefined> {
  const source = await (await fileSource(at(model))).beside(location);
  return source && Buffer.from(await source.read(0, source.size)).toString();
}

test("a file is read in part, and is shorter where it ends", async () => {
  const source = await fileSource(at("secret"));
  expect(source.size).toBe(15);
  expect(Buffer.from(await source.read(9, 3)).toString()).toBe("sec");
  expect(Buffer.from(await source.read(9, 100)).toString()).toBe("secret");
  expect(Buffer.from(readNow(source.mapped!, 9, 6)).toString()).toBe("secret");
});

test("files lie beside a model, below it, and where both are links into one folder", async () => {
  expect(await textOf("model/m.onnx", "data/w.bin")).toBe("bytes of model/data/w.bin");
  expect(await textOf("model/m.onnx", "./data/../data/w.bin")).toBe("bytes of model/data/w.bin");
  expect(await textOf("model/m.onnx", "inner.bin")).toBe("bytes of model/data/w.bin");
  for (const same of ["inner-again.bin", "hard.bin", "folder/w.bin"]) {
    expect(await textOf("model/m.onnx", same)).toBe("bytes of model/data/w.bin");
  }
  expect(await textOf("snapshot/m.onnx", "w.bin")).toBe("bytes of store/2");
  expect(await textOf("model/m.onnx", "none.bin")).toBeUndefined();
});

test.each([
  ["../secret", "must lie in the model's folder, got another place."],
  ["/etc/hostname", "must lie in the model's folder, got another place."],
  ["link.bin", "must lie in the model's folder, got a link to another. copy it there."],
  ["link-to-link.bin", "must lie in the model's folder, got a link to another. copy it there."],
  ["above/secret", "must lie in the model's folder, got a link to another. copy it there."],
  ["environ.bin", "must lie in the model's folder, got a link to another. copy it there."],
  ["dangling.bin", "must be a plain file, got a link that leads nowhere."],
  ["circle.bin", "must be a plain file, got a link that leads nowhere."],
  ["data/../../secret", "must lie in the model's folder, got another place."],
  ["..\\secret", "must lie in the model's folder, got another place."],
  ["C:\\secret", "must lie in the model's folder, got another place."],
  ["pipe.bin", "must be a plain file, got a folder, pipe or device."],
  ["endless.bin", "must be a plain file, got a folder, pipe or device."],
  ["data", "must be a plain file, got a folder, pipe or device."],
])("%s is no part of a model", async (location, message) => {
  await expect(textOf("model/m.onnx", location)).rejects.toThrow(message);
});

test.skipIf(!existsSync("/dev/zero"))("a device without an end is given up", async () => {
  await expect(fileSource("/dev/zero")).rejects.toThrow(/got more than 1 GB of a pipe or device/);
});

test("what has no place on disk has nothing beside it", async () => {
  writeFileSync(at("model/gone.onnx"), "");
  const source = await fileSource(at("model/gone.onnx"));
  rmSync(at("model/gone.onnx"));
  await expect(source.beside("data/w.bin")).rejects.toThrow(/must lie in the model's folder/);
});

test("a file that became shorter is refused", async () => {
  writeFileSync(at("shrinking"), "0123456789");
  const { mapped } = await fileSource(at("shrinking"));
  truncateSync(at("shrinking"), 4);
  expect(() => readNow(mapped!, 0, 10)).toThrow(/must not change while it is used/);
});

test("what is not there is said so", async () => {
  await expect(fileSource(at("model/n.onnx"))).rejects.toThrow(/closest: "m.onnx"/);
  await expect(fileSource(at("model"))).rejects.toThrow("must be a file, got a folder");
});
