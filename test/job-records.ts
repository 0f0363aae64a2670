/** @file Jobs on a golden network and a drawn photo, for platforms that are compared: requests, files, and the records. */
import { activations } from "../src/app/activations/activations.ts";
import { attribute } from "../src/app/attribute/attribute.ts";
import type { GatheredRecord } from "../src/app/attribute/gathered-record.ts";
import type { AttributionRecord } from "../src/app/attribute/schema.ts";
import type { JobContext } from "../src/app/context.ts";
import { jobPlatform } from "../src/app/job-platform.ts";
import { maximize } from "../src/app/maximize/maximize.ts";
import type { Platform, RuntimeName } from "../src/app/platform.ts";
import { petScene } from "../src/drawn/pets.ts";
import { pictureOfFloats } from "../src/image/float-picture.ts";
import type { Picture } from "../src/image/picture.ts";
import { libraryWords, wordsOf } from "../src/wording/face.ts";
import { joinPath } from "../src/wording/paths.ts";

/** A drawn pet of 96 x 96. */
export function drawnPhoto(): Picture {
  const { picture } = petScene(7, 0, [3, 96, 96]);
  return pictureOfFloats(picture, { channels: 3, heightPx: 96, widthPx: 96 }, "range");
}

export const jobNames = ["attribute", "activations", "maximize"] as const;
export type JobName = (typeof jobNames)[number];

export interface JobOutcome {
  readonly record: unknown;
  readonly notes: readonly string[];
  /** Names of all files that were written, from the folder of the results on. */
  readonly files: readonly string[];
}

/** The record of an attribution as a whole. */
export function recordOf(gathered: GatheredRecord): AttributionRecord {
  return JSON.parse([...gathered.texts()].join("")) as AttributionRecord;
}

/** Runs a job over `model.onnx` and `photo.png` in a folder of a platform, into a sub-folder of its own. */
export async function runJob(
  name: JobName,
  platform: Platform,
  folder: string,
  runtime: RuntimeName,
): Promise<JobOutcome> {
  const notes: string[] = [];
  const context: JobContext = {
    platform: jobPlatform(platform),
    signal: { aborted: false },
    offline: true,
    words: libraryWords,
    onNote: (note) => void notes.push(wordsOf(note, libraryWords)),
    onFailure: (failure) => {
      throw new Error(wordsOf(failure, libraryWords));
    },
  };
  const out = joinPath(folder, name);
  const record = await jobs[name](context, folder, out, runtime);
  const below = await platform.list(out, true);
  const infos = await Promise.all(below.map((path) => platform.find(joinPath(out, path))));
  const files = below.filter((_, i) => infos[i]?.kind === "file").toSorted();
  return { record, notes, files };
}

type Job = (
  context: JobContext,
  folder: string,
  out: string,
  runtime: RuntimeName,
) => Promise<unknown>;

const jobs: Readonly<Record<JobName, Job>> = {
  attribute: async (context, folder, out, runtime) => {
    const gathered = await attribute(
      {
        model: joinPath(folder, "model.onnx"),
        inputs: [joinPath(folder, "photo.png")],
        methods: ["gradient", "grad-cam", "integrated-gradients", "lrp", "deep-lift"],
        // Where a path is refined depends on the last digits of a runtime.
        options: { steps: 16 },
        target: "top,5",
        preprocess: "unit",
        runtime,
        out,
      },
      context,
    );
    return recordOf(gathered);
  },
  activations: async (context, folder, out, runtime) => {
    const model = joinPath(folder, "model.onnx");
    const input = joinPath(folder, "photo.png");
    return (await activations({ model, input, preprocess: "unit", runtime, out }, context)).record;
  },
  maximize: async (context, folder, out, runtime) => {
    const model = joinPath(folder, "model.onnx");
    // Adam divides by gradients; where these are nearly nothing, the last digits of a runtime decide.
    const asked = {
      layers: ["/features/features.12"],
      channels: "0-2",
      preset: "chollet",
      steps: 8,
    };
    const request = { model, ...asked, seed: 3, preprocess: "unit", runtime, out };
    return (await maximize(request, context)).record;
  },
};
