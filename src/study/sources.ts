/** @file Where a study's networks, data and photos come from: what the user names, the mirror, what ships. */
import type { JobContext } from "../app/context.ts";
import { locatePlace, type LookUp } from "../app/open.ts";
import { LimpidError } from "../errors.ts";
import { option, say, wordsOf } from "../wording/face.ts";
import { joinPath } from "../wording/paths.ts";

/** Where networks that come with the program are from. */
const shippedOrigin = "ships with Limpid, trained by its own code";

/** A thing that is there. */
interface FoundThing {
  readonly path: string;
  /** Where it came from, as the report says it. */
  readonly origin: string;
  /** Its name in the catalog, by which a network is opened with what the catalog knows of it. */
  readonly name?: string;
}

/** A thing, or why there is none. */
export type Found = FoundThing | { readonly path?: undefined; readonly why: string };

export interface SourceOptions {
  /** The user's own copies, laid out as a mirror is. */
  readonly data?: string;
  /** Where the networks that ship lie, in place of the program's own; for tests. */
  readonly shipped?: string;
}

/** Looks things up, each once: a download that failed is not tried again. */
export class SourceFinder {
  readonly context: JobContext;
  readonly #options: SourceOptions;
  readonly #known = new Map<string, Promise<Found>>();

  constructor(context: JobContext, options: SourceOptions) {
    this.context = context;
    this.#options = options;
  }

  /** How names are looked up: as names, and in the user's own folder first. */
  get lookUp(): LookUp {
    const { data } = this.#options;
    return { asName: true, ...(data === undefined ? {} : { own: data }) };
  }

  /** A thing of the catalog: the user's own, in the cache, in a mirror, or downloaded. */
  find(name: string): Promise<Found> {
    const known = this.#known.get(name) ?? this.#locate(name);
    this.#known.set(name, known);
    return known;
  }

  async #locate(name: string): Promise<Found> {
    const origins = {
      own: `from ${this.#options.data}`,
      mirror: "from the mirror",
      cache: "from the cache of downloads",
      disk: "from disk",
      program: shippedOrigin,
    } as const;
    try {
      const { path, from } = await locatePlace(name, this.context, this.lookUp);
      return { path, origin: origins[from], name };
    } catch (cause) {
      // What cannot be had is replaced and the report says why; only a stop and bugs end the study.
      if (!(cause instanceof LimpidError) || cause.code !== "bad-file") throw cause;
      return { why: this.#whyMissing() };
    }
  }

  #whyMissing(): string {
    const { platform, offline, words } = this.context;
    const mirror =
      platform.mirror() === undefined ? "no mirror is named" : "the mirror does not have it";
    return offline
      ? wordsOf(say`${mirror}, and ${option("offline")} forbids a download`, words)
      : `${mirror}, and it could not be downloaded`;
  }

  /** A folder or file beside the catalog's things: the user's own, or in a mirror. */
  async findBeside(name: string): Promise<Found> {
    const { platform } = this.context;
    const { data } = this.#options;
    const places = [
      { root: data, origin: `from ${data}` },
      { root: platform.mirror(), origin: "from the mirror" },
    ];
    for (const { root, origin } of places) {
      const path = root === undefined ? undefined : joinPath(root, name);
      if (path !== undefined && (await platform.find(path))) return { path, origin };
    }
    return { why: `there is no mirror that has ${name}` };
  }

  /** A network that ships. */
  async findShipped(name: string): Promise<Found> {
    const { platform } = this.context;
    const { shipped } = this.#options;
    const path =
      shipped === undefined
        ? await platform.shipped(`networks/${name}.onnx`)
        : joinPath(shipped, `${name}.onnx`);
    return path !== undefined && (await platform.find(path))
      ? { path, origin: shippedOrigin }
      : { why: `no ${name}.onnx ships` };
  }
}
