/** @file Where a study's networks, data and photos come from: what the user names, the mirror, what ships. */
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { imagenetClasses } from "../network/imagenet-classes.ts";
import { LimpidError } from "../errors.ts";
import { elementCount } from "../graph/tensor.ts";
import { preprocessings, type Preprocessing } from "../image/preprocess.ts";
import { parsePreprocessing } from "../network/preprocessing.ts";
import { Model } from "../network/model.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { StudyNetwork } from "./network.ts";
import type { Source } from "../report/record.ts";
import type { SalientPhoto } from "./saliency/part.ts";
import { metadataKeys } from "../network/metadata.ts";
import { readPicture } from "../node/codecs.ts";
import type { CatalogName } from "../node/fetch/catalog.ts";
import { findThere, locate, type LocatedItem, type LocateOptions } from "../node/fetch/locate.ts";
import { openModel } from "../node/open-model.ts";
import { formatCount } from "../wording/numbers.ts";

/** Networks that come with the package, trained by its own code. */
const shippedFolder = fileURLToPath(new URL("../../assets/networks/", import.meta.url));

/** A place on disk, or why there is none. */
export type Found =
  | { readonly path: string; readonly origin: string; readonly how?: Preprocessing }
  | { readonly path?: undefined; readonly why: string };

export interface FinderOptions
  extends
    Required<Pick<LocateOptions, "offline" | "signal" | "places">>,
    Pick<LocateOptions, "onProgress"> {
  /** The user's own copies, laid out as a mirror is. */
  readonly data?: string;
  /** Where the networks that ship lie; in the package by default. */
  readonly shipped?: string;
}

/** Looks things up, each once: a download that failed is not tried again. */
export class Finder {
  readonly #options: FinderOptions;
  readonly #known = new Map<CatalogName, Promise<Found>>();

  constructor(options: FinderOptions) {
    this.#options = options;
  }

  /** A thing of the catalog: the user's own, in the cache, in a mirror, or downloaded. */
  find(name: CatalogName): Promise<Found> {
    const known = this.#known.get(name) ?? this.#locate(name);
    this.#known.set(name, known);
    return known;
  }

  async #locate(name: CatalogName): Promise<Found> {
    const { data, ...options } = this.#options;
    const own = data === undefined ? undefined : findThere(name, { cache: data });
    if (own) return foundOf(own, `from ${data}`);
    try {
      const item = await locate(name, options);
      const origin = item.from === "mirror" ? "from the mirror" : "from the cache of downloads";
      return foundOf(item, origin);
    } catch (cause) {
      // What cannot be had is replaced and the report says why; only a stop and bugs end the study.
      if (!(cause instanceof LimpidError) || cause.code !== "bad-file") throw cause;
      return { why: this.#whyMissing() };
    }
  }

  #whyMissing(): string {
    const { offline, places } = this.#options;
    const mirror =
      places.mirror === undefined ? "no mirror is named" : "the mirror does not have it";
    return offline
      ? `${mirror}, and --offline forbids a download`
      : `${mirror}, and it could not be downloaded`;
  }

  /** A folder or file beside the catalog's things: the user's own, or in a mirror. */
  findBeside(name: string): Found {
    const { data, places } = this.#options;
    const own = data === undefined ? undefined : join(data, name);
    if (own !== undefined && existsSync(own)) return { path: own, origin: `from ${data}` };
    const there = places.mirror === undefined ? undefined : join(places.mirror, name);
    if (there !== undefined && existsSync(there)) return { path: there, origin: "from the mirror" };
    return { why: `there is no mirror that has ${name}` };
  }

  /** A network that ships. */
  findShipped(name: string): Found {
    const path = join(this.#options.shipped ?? shippedFolder, `${name}.onnx`);
    return existsSync(path)
      ? { path, origin: "ships with Limpid, trained by its own code" }
      : { why: `no ${name}.onnx ships` };
  }
}

function foundOf({ path, model }: LocatedItem, origin: string): Found {
  return { path, origin, ...(model ? { how: preprocessings[model.preprocessing] } : {}) };
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
    what: `${what}, ${formatCount(parametersOf(model))} parameters`,
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
