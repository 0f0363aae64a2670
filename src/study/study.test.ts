/** @file The study as a job: on a machine of files in memory, told from afar, stopped and gone on with. */
import { parse } from "valibot";
import { describe, expect, test } from "vitest";
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

describe("a stranger's folder", () => {
  const charted = { ...request, parts: ["vgg"] } as const;

  /** What each test spoils, its run makes whole again. */
  let whole: ReturnType<typeof make> | undefined;
  const made = () => (whole ??= make());
  async function make() {
    const { platform, context } = machine();
    await runStudy(charted, context);
    const [name] = [...platform.written.keys()].filter((path) => path.endsWith(".svg"));
    const saved = [...platform.written.keys()].find((path) => /sections.*depth/.test(path))!;
    const before = new Map(platform.written);
    const again = () => runStudy(charted, { ...context, platform: jobPlatform(platform) });
    const textOf = (path: string) => platform.readText(path);
    return { platform, chart: name!, saved, before, again, textOf };
  }

  test("charts are drawn again, never taken", async () => {
    const { platform, chart, before, again, textOf } = await made();
    await platform.writeWhole(chart, "<svg><script>RAN()</script></svg>");
    await again();
    expect(await textOf(chart)).toBe(new TextDecoder().decode(before.get(chart)));
    expect(await textOf("report/index.html")).not.toContain("RAN()");
  });

  test.each<[string, (kept: string) => string]>([
    ["a chart elsewhere", (kept) => kept.replaceAll(/"charts\/[^"]*"/g, '"../private.svg"')],
    ["numbers elsewhere", (kept) => kept.replaceAll('"floats": []', '"floats": ["/etc/hostname"]')],
    ["another sentence", (kept) => kept.replace(/"sees": "/, '"sees": "By me: ')],
    ["a chart of other numbers", (kept) => kept.replace(/"y": \d/, '"y": 9')],
    ["a chart less", (kept) => kept.replace(/"charts": \[\s*\{\s*"title[^]*$/, '"charts": [] }')],
  ])("a saved section with %s is made anew", async (_, spoil) => {
    const { platform, saved, before, again, textOf } = await made();
    const kept = await textOf(saved);
    expect(spoil(kept)).not.toBe(kept);
    await platform.writeWhole("private.svg", "<svg>PRIVATE</svg>");
    await platform.writeWhole(saved, spoil(kept));
    await again();
    const withoutTimes = (text: string) => text.replaceAll(/"seconds": [\d.]+/g, "");
    expect(withoutTimes(await textOf(saved))).toBe(withoutTimes(kept));
    await platform.remove("private.svg");
    expect([...platform.written.keys()].toSorted()).toEqual([...before.keys()].toSorted());
    expect(await textOf("report/index.html")).not.toContain("PRIVATE");
  });

  test("numbers that begin as a page does are made anew", async () => {
    const { platform, before, again } = await made();
    const numbers = [...before.keys()].find((path) => /\.npy$|pictures/.test(path))!;
    await platform.writeWhole(numbers, " <html><script>RAN()</script>");
    await again();
    expect(platform.written.get(numbers)).toEqual(before.get(numbers));
  });
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
