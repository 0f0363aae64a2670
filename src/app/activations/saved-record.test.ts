import { expect, test } from "vitest";
import { smallNetwork } from "../../../test/command-line.ts";
import { encodeOnnx } from "../../formats/onnx/encode.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { libraryWords, wordsOf } from "../../wording/face.ts";
import type { JobContext } from "../context.ts";
import { jobPlatform } from "../job-platform.ts";
import { memoryPlatform } from "../memory-platform.ts";
import type { Platform } from "../platform.ts";
import { activations } from "./activations.ts";

const photos = Array.from({ length: 20 }, (_, seed) => {
  const data = Uint8Array.from({ length: 192 }, (__, i) => (i * (37 + seed)) % 256);
  return [`photos/${seed}.png`, { widthPx: 8, heightPx: 8, channels: 3, data }] as const;
});

function machine() {
  return memoryPlatform({
    files: {
      "net.onnx": encodeOnnx(smallNetwork((i) => Math.sin(i))).bytes,
      ...Object.fromEntries(photos),
    },
    runtimes: { cpu: createNodeRuntime({ threads: 1 }) },
  });
}

async function run(platform: Platform): Promise<readonly string[]> {
  const notes: string[] = [];
  const context: JobContext = {
    platform: jobPlatform(platform),
    signal: { aborted: false },
    offline: true,
    words: libraryWords,
    onNote: (note) => notes.push(wordsOf(note, libraryWords)),
  };
  const request = { model: "net.onnx", preprocess: "unit", runtime: "cpu", layers: ["features"] };
  await activations({ ...request, runtime: "cpu", input: "photos", out: "out" }, context);
  return notes;
}

test("a run that is killed has kept its record, and the next goes on with it to the same bytes", async () => {
  const whole = machine();
  await run(whole);
  const killed = machine();
  let minutes = 0;
  const dying: Platform = {
    ...killed,
    nowMs: () => (minutes += 1) * 60_000,
    readPicture: (path, range) => {
      // Nothing of the program's own hears of it.
      if (path.endsWith("/7.png")) throw new Error("killed");
      return killed.readPicture(path, range);
    },
  };
  await expect(run(dying)).rejects.toThrow("killed");
  expect(killed.written.has("out/.activations-state")).toBe(true);
  const notes = await run(killed);
  expect(notes.join()).toMatch(/going on after \d+ of 20 pictures/);
  expect(killed.written).toEqual(whole.written);
});
