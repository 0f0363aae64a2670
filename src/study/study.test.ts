/** @file The study as a job: on a machine of files in memory, told from afar, stopped and gone on with. */
import { parse } from "valibot";
import { expect, test } from "vitest";
import type { JobContext, ProgressEvent } from "../app/context.ts";
import { jobPlatform } from "../app/job-platform.ts";
import { memoryPlatform } from "../app/memory-platform.ts";
import { LimpidError } from "../errors.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { picture } from "../image/picture.ts";
import { preprocessings } from "../image/preprocess.ts";
import { studyRecordSchema } from "../report/record.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { describedNetwork } from "../train/described-network.ts";
import { exportNetwork } from "../train/export.ts";
import { commandWords, libraryWords, wordsOf } from "../wording/face.ts";
import { runStudy, type StudyRequest } from "./study.ts";

const network = describedNetwork({
  input: [3, 16, 16],
  layers: [
    { type: "conv2d", name: "conv1", filters: 3, kernel: 3, activation: "relu" },
    { type: "flatten", name: "flatten" },
    { type: "dense", name: "logits", units: 2 },
  ],
});
const { bytes } = encodeOnnx(
  exportNetwork(network, network, {
    classes: ["cat", "dog"],
    preprocessing: preprocessings.unit,
  }),
);
const photo = picture(
  20,
  20,
  3,
  Uint8Array.from({ length: 1200 }, (_, i) => (37 * i) % 256),
);

const request: StudyRequest = {
  out: "report",
  parts: ["saliency"],
  quick: true,
  seed: 1,
  runtime: "cpu",
  model: "net.onnx",
  photos: "photos",
};

function machine(over: Partial<JobContext> = {}) {
  const platform = memoryPlatform({
    files: { "net.onnx": bytes, "photos/a.png": photo, "photos/b.png": photo },
    runtimes: { cpu: createNodeRuntime({ threads: 1 }) },
  });
  const events: ProgressEvent[] = [];
  const context: JobContext = {
    platform: jobPlatform(platform),
    signal: { aborted: false },
    offline: true,
    words: libraryWords,
    onProgress: (event) => events.push(event),
    ...over,
  };
  return { platform, context, events };
}

test("everything is written through the platform, and progress ends", async () => {
  const { platform, context, events } = machine();
  const { page, record } = await runStudy(request, context);
  expect(page).toBe("report/index.html");
  const json = await platform.readText("report/study.json");
  expect(parse(studyRecordSchema, JSON.parse(json))).toEqual(record);
  const [figure] = record.parts[0]!.sections[0]!.figures;
  // Two photos, each beside its four maps.
  expect(figure!.cells).toHaveLength(10);
  for (const file of [...figure!.cells.map((cell) => cell.file), ...figure!.floats]) {
    expect(platform.written.has(`report/${file}`)).toBe(true);
  }
  expect(record.machine.processor).toBe("memory");
  expect(events.every(({ what, done, total }) => what === "study" && done <= total)).toBe(true);
  expect(events.at(-1)!.isOver).toBe(true);
});

test("without a box what is no number is null, also in the record of the run itself", async () => {
  const { context } = machine();
  const { record } = await runStudy(request, context);
  const { inside } = record.parts[0]!.sections[0]!.series;
  expect(inside).toEqual(Array.from({ length: 8 }, () => null));
});

test("a second run takes what the first kept", async () => {
  const { context, platform } = machine();
  const { record } = await runStudy(request, context);
  const name = record.parts[0]!.sections[0]!.figures[0]!.floats[0]!;
  const first = platform.written.get(`report/${name}`);
  expect((await runStudy(request, context)).record).toEqual(record);
  expect(platform.written.get(`report/${name}`)).toBe(first);
  await platform.remove(`report/${name}`);
  await runStudy(request, context);
  expect(platform.written.get(`report/${name}`)).toEqual(first);
});

test("stopped before anything is made, the report says so", async () => {
  const { context, platform } = machine({ signal: { aborted: true } });
  await expect(runStudy(request, context)).rejects.toThrow(/stopped, 0 of 1 sections/);
  const { parts } = parse(
    studyRecordSchema,
    JSON.parse(await platform.readText("report/study.json")),
  );
  expect(parts).toEqual([]);
});

test("what is missing is worded by whoever asks", async () => {
  const { context } = machine();
  const { photos: _, ...bare } = request;
  const error = await runStudy(bare, context).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(LimpidError);
  const { said } = error as LimpidError;
  expect(typeof said).toBe("object");
  expect((error as LimpidError).message).toMatch(/need "photos".*add photos: "DIR"/);
  expect(wordsOf(said, commandWords)).toMatch(/need --photos.*add --photos DIR/);
});
