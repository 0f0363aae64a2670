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
