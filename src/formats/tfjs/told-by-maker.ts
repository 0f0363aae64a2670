/** @file What tools that make models of TensorFlow.js say beside them: names of classes, and how what goes in is prepared. */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import * as v from "valibot";
import type { Preprocessing } from "../../image/preprocess.ts";
import { readJson } from "../../wording/read-json.ts";
import type { ByteSource } from "../source.ts";
import { badTfjs } from "./bad-tfjs.ts";
import type { JsonObject, ModelJson } from "./model-json.ts";

/** What a tool says of a model. */
export interface ToldByMaker {
  /** Where it is said, as a sentence begins. */
  readonly from: string;
  readonly classes?: readonly string[];
  readonly preprocessing?: Preprocessing;
  /** [height, width] of pictures, for inputs that leave it open. */
  readonly size?: readonly [number, number];
  /** Sentences for whoever opens it. */
  readonly notes?: readonly string[];
}

/** A tool: where it writes, and what it means. */
interface Maker {
  /** A file beside the model; left out, what stands in model.json itself. */
  readonly file?: string;
  /** Undefined for what another tool wrote. Throws `bad-file` for what cannot be opened. */
  read(value: unknown): Omit<ToldByMaker, "from"> | undefined;
}

const texts = v.array(v.string());

/**
 * Pictures as Teachable Machine's own code prepares them, in training and in use (`cropTo` and `capture` of
 * @teachablemachine/image): the shorter side is scaled to the input, the middle cut out, and numbers are x / 127 - 1.
 */
const teachablePreprocessing = {
  name: "teachable machine",
  resize: "crop",
  cropShare: 1,
  filter: "bilinear",
  channels: "rgb",
  scale: 1 / 127,
  mean: [1],
  std: [1],
  layout: "nchw",
} as const satisfies Preprocessing;

const teachableImage = v.object({
  packageName: v.literal("@teachablemachine/image"),
  labels: v.optional(texts),
  imageSize: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096))),
  grayscale: v.optional(v.boolean(), false),
});

const teachablePose = v.object({ packageName: v.literal("@teachablemachine/pose") });

const teachableAudio = v.object({
  tfjsSpeechCommandsVersion: v.string(),
  wordLabels: v.optional(texts),
});

const ml5Extractor = v.object({ ml5Specs: v.object({ mapStringToIndex: texts }) });

const ml5Network = v.object({
  outputs: v.record(
    v.string(),
    v.object({
      dtype: v.literal("string"),
      uniqueValues: v.array(v.union([v.string(), v.number()])),
    }),
  ),
});

/** THE table of tools. */
const makers: readonly Maker[] = [
  {
    file: "metadata.json",
    read(value) {
      const read = v.safeParse(teachableImage, value);
      if (!read.success) return undefined;
      const { labels, imageSize, grayscale } = read.output;
      const channels = grayscale ? "grey" : "rgb";
      return {
        ...(labels ? { classes: labels } : {}),
        ...(imageSize === undefined ? {} : { size: [imageSize, imageSize] }),
        preprocessing: { ...teachablePreprocessing, channels },
      };
    },
  },
  {
    file: "metadata.json",
    read(value) {
      if (!v.is(teachablePose, value)) return undefined;
      throw badTfjs(
        "a model must see pictures, got one of Teachable Machine's for poses: it is given what PoseNet finds in them, and PoseNet is not in its files",
        "train an image project",
      );
    },
  },
  {
    file: "metadata.json",
    read(value) {
      const read = v.safeParse(teachableAudio, value);
      if (!read.success) return undefined;
      const { wordLabels } = read.output;
      return {
        ...(wordLabels ? { classes: wordLabels } : {}),
        notes: [
          "It hears sounds: its input is a spectrogram, moments by frequencies, and a picture is none. Give a .npy tensor of one.",
        ],
      };
    },
  },
  {
    read(value) {
      const read = v.safeParse(ml5Extractor, value);
      if (!read.success) return undefined;
      return { classes: read.output.ml5Specs.mapStringToIndex };
    },
  },
  {
    file: "model_meta.json",
    read(value) {
      const read = v.safeParse(ml5Network, value);
      const outputs = read.success ? Object.values(read.output.outputs) : [];
      return outputs.length === 1 ? { classes: outputs[0]!.uniqueValues.map(String) } : undefined;
    },
  },
];

/** Files beside models that are read; longer ones are nothing of a tool's. */
const mostBytes = 2 ** 22;

/** What the tool that made a model says of it; undefined if it is none that is known. Throws `bad-file`. */
export async function toldByMaker(
  source: ByteSource,
  { whole }: Pick<ModelJson, "whole">,
): Promise<ToldByMaker | undefined> {
  const files = new Map<string, JsonObject | undefined>();
  for (const { file, read } of makers) {
    if (file !== undefined && !files.has(file)) files.set(file, await jsonBeside(source, file));
    const told = read(file === undefined ? whole : files.get(file));
    if (told) return { from: file === undefined ? "its model.json" : `${file} beside it`, ...told };
  }
  return undefined;
}

/** The object in a file beside a model, if there is one. */
async function jsonBeside(source: ByteSource, name: string): Promise<JsonObject | undefined> {
  const file = await source.beside(name);
  if (!file || file.size > mostBytes) return undefined;
  const text = getTextEncoding().decodeUtf8(await file.read(0, file.size));
  const read = readJson(text.replace(/^\ufeff/, ""));
  return "fault" in read ? undefined : (read.value as JsonObject);
}
