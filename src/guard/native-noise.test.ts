import { PassThrough } from "node:stream";
import { setTimeout as after } from "node:timers/promises";
import { expect, test } from "vitest";
import { nativeNoise } from "./native-noise.ts";

test("what is written is shown a moment later", async () => {
  const stream = new PassThrough();
  const shown: string[] = [];
  nativeNoise(stream, (text) => shown.push(text));
  stream.write("a warning\n");
  await after(400);
  expect(shown).toEqual(["a warning\n"]);
});

test("what announces an abort is held until somebody wants it", async () => {
  const stream = new PassThrough();
  const shown: string[] = [];
  const noise = nativeNoise(stream, (text) => shown.push(text));
  stream.write("*** stack smashing detected ***: terminated\n");
  await after(400);
  expect(shown).toEqual([]);
  expect(noise.text()).toContain("stack smashing");
  noise.show();
  expect(shown).toHaveLength(1);
});

test("names of a model in it command no terminal", async () => {
  const stream = new PassThrough();
  const shown: string[] = [];
  const noise = nativeNoise(stream, (text) => shown.push(text));
  stream.write("\u001b[0;93m[W:onnxruntime] layer \u001b]0;title\u0007\u001b[2J\u009b\u001b[m\n");
  await after(50);
  noise.show();
  expect(shown).toEqual(["[W:onnxruntime] layer \\x1b]0;title\\x07\\x1b[2J\\x9b\n"]);
});
