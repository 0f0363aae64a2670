/** @file Where a study's networks, data and photos come from: what the user names, the mirror, what ships. */
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { imagenetClasses } from "../attribution/imagenet-classes.ts";
import { LimpidError } from "../errors.ts";
import { elementCount } from "../graph/tensor.ts";
import { preprocessings, type Preprocessing } from "../image/preprocess.ts";
import { parsePreprocessing } from "../image/preprocessing-file.ts";
import { Model } from "../model/model.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { StudyNetwork } from "../study/network.ts";
import type { Source } from "../study/record.ts";
import type { SalientPhoto } from "../study/saliency.ts";
import { metadataKeys } from "../train/export.ts";
import { readPicture } from "./codecs.ts";
import { openModel } from "./open-model.ts";

/** Networks that come with the package, trained by its own code. */
const shippedFolder = fileURLToPath(new URL("../../assets/networks/", import.meta.url));

/** Where things lie in a mirror, by their names. */
const mirrored = {
  mnist: "mnist",
  "cats-dogs": "cats-dogs",
  photos: "photos",
  vgg16: "weights/vgg16/vgg16.onnx",
  resnet50: "weights/resnet50/resnet50.onnx",
  googlenet: "weights/googlenet/bvlc_googlenet.onnx",
  mobilenetv2: "weights/mobilenetv2/mobilenet_v2_1.0_224.onnx",
} as const;

export type MirroredName = keyof typeof mirrored;

/** A place on disk, or why there is none. */
export type Found =
  | { readonly path: string; readonly origin: string }
  | { readonly path?: undefined; readonly why: string };

export interface FinderOptions {
  /** A folder with the user's own copies, laid out as a mirror or holding one data set. */
  readonly data?: string;
  /** `LIMPID_MIRROR`. */
  readonly mirror?: string;
  /** The networks that ship lie here by default in the package. */
  readonly shipped?: string;
}

/** Looks a thing up: first in the user's own folder, then in the mirror. */
export function findThing(name: MirroredName, { data, mirror }: FinderOptions): Found {
  const own = data === undefined ? undefined : [join(data, mirrored[name]), join(data, name)];
  const path = own?.find((candidate) => existsSync(candidate));
  if (path !== undefined) return { path, origin: `from ${data}` };
  if (mirror === undefined) {
    return { why: "no mirror is named (LIMPID_MIRROR)" };
  }
  const there = join(mirror, mirrored[name]);
  return existsSync(there)
    ? { path: there, origin: "from the mirror" }
    : { why: `the mirror has no ${mirrored[name]}` };
}

/** Path of a network that ships, or why there is none. */
export function findShipped(name: string, { shipped = shippedFolder }: FinderOptions): Found {
  const path = join(shipped, `${name}.onnx`);
  return existsSync(path)
    ? { path, origin: "ships with Limpid, trained by its own code" }
    : { why: `no ${name}.onnx ships` };
}

export interface NetworkOptions {
  readonly what: string;
  readonly origin: string;
  readonly runtime: Runtime;
  /** Where the file does not say. */
  readonly how?: Preprocessing;
  readonly standsFor?: Source["standsFor"];
}

/** Opens a network of the study. Throws `bad-file`. */
export async function openStudyNetwork(
  path: string,
  { what, origin, runtime, how, standsFor }: NetworkOptions,
): Promise<StudyNetwork> {
  const model = new Model(await openModel(path), runtime);
  const { metadata } = model.graph;
  const stored = metadata.get(metadataKeys.preprocessing);
  const prepared = stored === undefined ? how : parsePreprocessing(stored, "model metadata");
  const usual = model.input.dims?.[1] === 1 ? preprocessings.unit : preprocessings.torchvision;
  const source: Source = {
    kind: "network",
    what: `${what}, ${parametersOf(model).toLocaleString("en-GB")} parameters`,
    origin,
    sha256: await model.digest(),
    ...(standsFor === undefined ? {} : { standsFor }),
  };
  return {
    model,
    how: { ...(prepared ?? usual), layout: "nchw" },
    labels: await labelsOf(model, metadata.get(metadataKeys.classes)),
    source,
  };
}

function parametersOf({ graph }: Model): number {
  return [...graph.initializers.values()]
    .filter(({ type, dims }) => type.startsWith("float") && dims.length > 0)
    .reduce((sum, { dims }) => sum + elementCount(dims), 0);
}

async function labelsOf(model: Model, stored: string | undefined): Promise<readonly string[]> {
  if (stored !== undefined) return JSON.parse(stored) as readonly string[];
  const traced = await model.at(model.inputDims());
  const classes = Math.max(traced.shapes.get(model.head.logits)?.dims.at(-1) ?? 1, 2);
  if (classes === imagenetClasses.length) return imagenetClasses;
  return Array.from({ length: classes }, (_, i) => `class ${i}`);
}

const endings = ".jpg .jpeg .png .webp .gif .bmp .tif .tiff .avif".split(" ");
const mostPhotos = 4;

/** The first photos of a folder by name, or the one of a file. Throws `bad-file` where there is none. */
export async function readPhotos(path: string): Promise<readonly SalientPhoto[]> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) {
    throw new LimpidError("bad-file", `study: photos "${path}" must exist, got no such folder.`);
  }
  const names = info.isDirectory() ? (await readdir(path)).toSorted(byCodeUnits) : [""];
  const paths = names
    .filter((name) => !name.startsWith(".") && (name === "" || isPicture(name)))
    .map((name) => join(path, name))
    .slice(0, mostPhotos);
  if (paths.length === 0) {
    throw new LimpidError("bad-file", `study: photos "${path}" must hold pictures, got none.`);
  }
  return Promise.all(
    paths.map(async (file) => ({ title: basename(file), picture: await readPicture(file) })),
  );
}

function isPicture(name: string): boolean {
  return endings.includes(extname(name).toLowerCase());
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
