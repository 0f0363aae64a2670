/** @file What a run left, changed in any way: a run that goes on with it says what is wrong, or ends as it would have. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activations } from "../src/app/activations/activations.ts";
import { attribute } from "../src/app/attribute/attribute.ts";
import type { JobContext } from "../src/app/context.ts";
import { jobPlatform } from "../src/app/job-platform.ts";
import { maximize } from "../src/app/maximize/maximize.ts";
import { memoryPlatform, type MemoryPlatform } from "../src/app/memory-platform.ts";
import { trainNetwork } from "../src/app/train/train.ts";
import { LimpidError } from "../src/errors.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import type { Picture } from "../src/image/picture.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { digestText } from "../src/graph/digest.ts";
import { readJson } from "../src/wording/read-json.ts";
import { runStudy } from "../src/study/study.ts";
import { libraryWords } from "../src/wording/face.ts";
import { smallNetwork } from "./command-line.ts";

const runtime = createNodeRuntime({ threads: 1 });

const photo = (seed: number): Picture => ({
  widthPx: 8,
  heightPx: 8,
  channels: 3,
  data: Uint8Array.from({ length: 192 }, (_, i) => (i * (37 + seed)) % 256),
});

const layers = [
  { type: "conv2d", filters: 2, kernel: 3, activation: "relu" },
  { type: "flatten" },
  { type: "dense", units: 2 },
];

const many = Array.from({ length: 20 }, (_, i) => [`many/${i}.png`, photo(i)] as const);

const inputs = {
  ...Object.fromEntries(many),
  "net.onnx": encodeOnnx(smallNetwork((i) => Math.sin(i))).bytes,
  "photos/a.png": photo(1),
  "photos/b.png": photo(2),
  "set/x/a.png": photo(1),
  "set/x/b.png": photo(2),
  "set/y/a.png": photo(3),
  "set/y/b.png": photo(4),
  "arch.json": JSON.stringify(layers),
  "prepare.json": JSON.stringify({ size: 8, mean: [0.5], std: [0.5] }),
  "labels.json": JSON.stringify(["cat", "dog", "owl", "fox"]),
  "config.json": JSON.stringify({ id2label: { 0: "a", 1: "b", 2: "c", 3: "d" } }),
  "preprocessor_config.json": JSON.stringify({ size: 8, image_mean: [0.5], image_std: [0.2] }),
};

function contextOf(
  platform: MemoryPlatform,
  signal: JobContext["signal"] = { aborted: false },
): JobContext {
  return { platform: jobPlatform(platform), signal, offline: true, words: libraryWords };
}

const machine = () => memoryPlatform({ files: inputs, runtimes: { cpu: runtime } });

const common = { model: "net.onnx", preprocess: "prepare.json", runtime: "cpu" } as const;

/** A job, the files that it reads again, and whether what it makes may differ where it does not refuse. */
interface Resumed {
  readonly files: RegExp;
  run(context: JobContext): Promise<unknown>;
  /** The first run is stopped on its way, where only a stopped one leaves what is read. */
  readonly isStopped?: boolean;
  /** What a stranger would do to what was changed, so that it looks as it was written. */
  renewed?(text: string): Promise<string>;
  /** Draws, 12 by default. */
  readonly runs?: number;
}

/** A kept section with the digest of what it says now. */
async function withDigest(text: string): Promise<string> {
  const read = readJson(text);
  if ("fault" in read || typeof read.value !== "object" || read.value === null) return text;
  const { section, charts } = read.value as { section?: unknown; charts?: unknown };
  const told = JSON.stringify([section, charts], (name, value: unknown) =>
    name === "seconds" ? undefined : value,
  );
  return JSON.stringify({ ...read.value, digest: await digestText(told) });
}

/** A study of one part. */
function studyOf(part: "saliency" | "vgg"): Resumed {
  const request = {
    out: "out",
    parts: [part],
    quick: true,
    seed: 1,
    runtime: "cpu",
    model: "net.onnx",
    photos: "photos",
  } as const;
  return {
    runs: 4,
    files: /sections\/.*\.json$/,
    run: (context) => runStudy(request, context),
  };
}

const jobs: Readonly<Record<string, Resumed>> = {
  maximize: {
    files: /recipe\.json$|results\.json$/,
    run: (context) =>
      maximize(
        {
          ...common,
          layers: ["features"],
          channels: "0",
          preset: "natural",
          steps: 2,
          seed: 0,
          out: "out",
        },
        context,
      ),
  },
  "the recipe of a maximisation": {
    files: /recipe\.json$/,
    run: async (context) => {
      const isThere = await context.platform.find("out/recipe.json");
      const first = {
        ...common,
        layers: ["features"],
        channels: "0",
        preset: "natural",
        steps: 2,
        seed: 0,
      };
      return isThere
        ? maximize({ recipe: "out/recipe.json", runtime: "cpu", out: "again" }, context)
        : maximize({ ...first, out: "out" }, context);
    },
  },
  train: {
    files: /recipe\.json$|checkpoint\.safetensors$/,
    run: (context) =>
      trainNetwork(
        {
          data: "set",
          options: { arch: "arch.json", size: 16, epochs: 2, batch: 2 },
          runtime: "cpu",
          out: "out",
        },
        context,
      ),
  },
  activations: {
    files: /activations-state$/,
    isStopped: true,
    run: (context) =>
      activations({ ...common, input: "many", layers: ["features"], out: "out" }, context),
  },
  study: studyOf("saliency"),
  "the study of a stranger": { ...studyOf("vgg"), renewed: withDigest },
  "files of one's own": {
    files: /^(prepare|labels|config|preprocessor_config)\.json$/,
    run: (context) =>
      attribute(
        {
          ...common,
          labels: "labels.json",
          inputs: ["photos/a.png"],
          target: "top",
          methods: ["gradient"],
          options: {},
          writesNothing: true,
        },
        context,
      ),
  },
  "files beside the model": {
    files: /^(config|preprocessor_config)\.json$/,
    run: (context) =>
      attribute(
        {
          model: "net.onnx",
          runtime: "cpu",
          inputs: ["photos/a.png"],
          target: "top",
          methods: ["gradient"],
          options: {},
          writesNothing: true,
        },
        context,
      ),
  },
  "an architecture": {
    files: /^arch\.json$/,
    run: (context) =>
      trainNetwork(
        {
          data: "set",
          options: { arch: "arch.json", size: 16, epochs: 1, batch: 2 },
          runtime: "cpu",
          out: "out",
        },
        context,
      ),
  },
};

/** What stands in the place of any value. */
const strange: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1,
  2,
  0.5,
  1e9,
  1e308,
  2 ** 53,
  "",
  "x",
  "../../private.txt",
  "/etc/hostname",
  "__proto__",
  "\u001b[31m",
  [],
  {},
  [null],
  [[]],
  { a: 1 },
  Array.from({ length: 1000 }, (_, i) => i),
];

type Way = (value: unknown, pick: (count: number) => number) => unknown;

/** Places in a value, as paths. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, each]) => placesIn(each, [...path, key]))];
}

function changed(
  value: unknown,
  path: readonly string[],
  change: (value: unknown, holder: Record<string, unknown>, key: string) => void,
): unknown {
  const root = { root: structuredClone(value) } as Record<string, unknown>;
  const whole = ["root", ...path];
  let holder = root;
  for (const key of whole.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  const key = whole.at(-1)!;
  change(holder[key], holder, key);
  return root["root"];
}

const ways: readonly Way[] = [
  (value, pick) => {
    const places = placesIn(value);
    const other = strange[pick(strange.length)];
    return changed(
      value,
      places[pick(places.length)]!,
      (_, holder, key) => void (holder[key] = other),
    );
  },
  (value, pick) => {
    const places = placesIn(value);
    return changed(value, places[pick(places.length)]!, (_, holder, key) => {
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
    });
  },
  (value, pick) => {
    const places = placesIn(value);
    return changed(value, places[pick(places.length)]!, (old, holder, key) => {
      if (Array.isArray(old)) old.push(...(old as unknown[]));
      else holder[`${key}x`] = old;
    });
  },
];

/** A JSON text, or bytes, that were changed. */
function changedText(text: string, pick: (count: number) => number): string {
  const kind = pick(8);
  if (kind === 0) return text.slice(0, pick(text.length));
  if (kind === 1) return `${"[".repeat(100_000)}${text}`;
  if (kind === 2) return text.replace(/\d/, "-");
  const changed = ways[kind % ways.length]!(JSON.parse(text) as unknown, pick);
  return changed === undefined ? "" : JSON.stringify(changed);
}

/** The header of a safetensors file, and what its entries of text hold, changed; or its bytes. */
function changedTensors(bytes: Uint8Array, pick: (count: number) => number): Uint8Array {
  if (pick(6) === 0) return bytes.map((byte, i) => (i === at(bytes, pick) ? byte ^ 1 : byte));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  const header = JSON.parse(text) as { __metadata__: Record<string, string> };
  const { __metadata__: metadata } = header;
  const inner = Object.keys(metadata).find((key) => metadata[key]!.startsWith("{"));
  let written: string;
  if (inner !== undefined && pick(3) > 0) {
    // Without a checksum, as somebody would who means it.
    const { checksum: _, ...rest } = metadata;
    const facts = changedText(metadata[inner]!, pick);
    written = JSON.stringify({ ...header, __metadata__: { ...rest, [inner]: facts } });
  } else written = changedText(text.trim(), pick);
  const start = new TextEncoder().encode(written);
  const file = new Uint8Array(8 + start.length + bytes.length - 8 - length);
  new DataView(file.buffer).setBigUint64(0, BigInt(start.length), true);
  file.set(start, 8);
  file.set(bytes.subarray(8 + length), 8 + start.length);
  return file;
}

function at(bytes: Uint8Array, pick: (count: number) => number): number {
  return pick(bytes.length);
}

/** What a first run leaves. */
async function leftBy({
  run,
  isStopped = false,
}: Resumed): Promise<ReadonlyMap<string, Uint8Array>> {
  const platform = machine();
  const signal = { aborted: false };
  const onProgress = ({ done }: { readonly done: number }) => {
    signal.aborted = isStopped && done > 0;
  };
  await run({ ...contextOf(platform, signal), onProgress }).catch((error: unknown) => {
    if (!(error instanceof LimpidError && error.code === "aborted")) throw error;
  });
  return new Map(platform.written);
}

describe.each(Object.entries(jobs))("%s", (_, job) => {
  test(
    "goes on with changed files to an error that says so, or an end",
    { timeout: 60_000 },
    async () => {
      const left = await leftBy(job);
      const own = Object.entries(inputs).flatMap(([path, text]) =>
        typeof text === "string" ? [[path, new TextEncoder().encode(text)] as const] : [],
      );
      const files = [...left, ...own].filter(([path]) => job.files.test(path));
      expect(files.length).toBeGreaterThan(0);
      await fc.assert(
        fc.asyncProperty(fc.gen(), async (gen) => {
          const pick = (count: number) => gen(fc.nat, { max: count - 1 });
          const platform = machine();
          for (const [path, bytes] of left) await platform.writeWhole(path, bytes);
          const [path, bytes] = files[pick(files.length)]!;
          const spoiled = /safetensors|state$/.test(path)
            ? changedTensors(bytes, pick)
            : changedText(new TextDecoder().decode(bytes), pick);
          await platform.writeWhole(
            path,
            typeof spoiled === "string" && job.renewed ? await job.renewed(spoiled) : spoiled,
          );
          const written = typeof spoiled === "string" ? spoiled : new TextDecoder().decode(spoiled);
          const error = await job.run(contextOf(platform)).then(
            () => undefined,
            (cause: unknown) => cause,
          );
          if (error === undefined) return;
          expect(error, `${path}: ${written.slice(0, 2000)}`).toBeInstanceOf(LimpidError);
          expect((error as LimpidError).code, (error as Error).message).not.toBe("internal");
          expect((error as Error).message.length).toBeLessThan(2000);
        }),
        { numRuns: job.runs ?? 12 },
      );
    },
  );
});
