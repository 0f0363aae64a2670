/** @file What lies on the worker's desk: the open network, its names, and the picture that it is asked about. */
import type { JobContext } from "../../src/app/context.ts";
import { jobPlatform } from "../../src/app/job-platform.ts";
import type { SeenLayer } from "../../src/app/activations/picture.ts";
import type { Explanation } from "../../src/app/attribute/explain.ts";
import type { Platform } from "../../src/app/platform.ts";
import type { Source } from "../../src/app/source.ts";
import { LimpidError } from "../../src/errors.ts";
import type { Picture } from "../../src/image/picture.ts";
import type { Graph } from "../../src/graph/graph.ts";
import type { Model } from "../../src/network/model.ts";
import { smallestGraph } from "../../src/runtime/smallest-graph.ts";
import { webPlatform, type WebFile, type WebPlatform } from "../../src/web/platform.ts";
import { wordsOf, type FaceWords, type Message } from "../../src/wording/face.ts";
import { limitOptions } from "../../src/wording/limits.ts";
import type { CallContext } from "./calls.ts";
import type { Computing } from "./computing.ts";
import { ofPage } from "./failures.ts";
import type { SwitchedRuntime } from "./switched-runtime.ts";
import { typefaceAddresses } from "./typefaces.ts";

/** How the page words what the core advises: by the names of its controls, and by where there are others. */
export const pageWords: FaceWords = (offer) => {
  const name = offer.name.replaceAll("-", " ");
  if (offer.kind === "command") return `“${name}” on the command line`;
  if (offer.value === undefined) return `“${name}”`;
  const isElsewhere = Object.hasOwn(limitOptions, offer.name);
  return `“${name}: ${offer.value}”${isElsewhere ? " on the command line" : ""}`;
};

export interface OpenNetwork {
  readonly name: string;
  readonly graph: Graph;
  readonly model: Model;
  readonly runtime: SwitchedRuntime;
  /** Names of classes. */
  readonly labels: readonly string[] | undefined;
  /** Names of the layers that the page lists. */
  readonly layers: readonly string[];
}

/** A picture in hand. */
export interface LookedPicture {
  readonly name: string;
  readonly source: Source;
  /** Before its preparation; undefined for files. */
  readonly whole?: Picture;
}

export class Desk {
  readonly computing: Computing;
  /** With the files of the open network; another network has another, so that it finds no file of this one's. */
  platform: WebPlatform;
  network: OpenNetwork | undefined;
  /** The layer whose channels were looked at last, for the picture in hand. */
  seen: SeenLayer | undefined;
  /** What was explained last of the picture in hand, and what was asked, as JSON. */
  explained: { readonly asked: string; readonly explanation: Explanation } | undefined;
  #picture: LookedPicture | undefined;

  constructor(computing: Computing) {
    this.computing = computing;
    this.platform = this.platformWith([]);
  }

  /** A browser with such files in its hand. */
  platformWith(files: readonly WebFile[]): WebPlatform {
    const platform = webPlatform({ files, typefaces: typefaceAddresses });
    return {
      ...platform,
      typefaces: () => ofPage(platform.typefaces()),
      openRuntime: () => this.computing.open(),
    };
  }

  get picture(): LookedPicture | undefined {
    return this.#picture;
  }

  set picture(picture: LookedPicture | undefined) {
    this.#picture = picture;
    this.seen = undefined;
    this.explained = undefined;
  }

  /** Has ONNX Runtime start, which takes as long as to open a small network. */
  async startRuntime(): Promise<void> {
    const runtime = await this.computing.open();
    const session = await runtime.open(smallestGraph);
    await session.release();
  }

  /** Throws `bad-option` before a network is open. */
  get open(): OpenNetwork {
    if (this.network) return this.network;
    throw new LimpidError("bad-option", "explorer: a network must be open, got none. open one.");
  }

  /** Throws `bad-option` before there is a picture. */
  get looked(): LookedPicture {
    if (this.picture) return this.picture;
    throw new LimpidError("bad-option", "explorer: a picture must be there, got none. choose one.");
  }

  /** What a job is given, and the notes that it makes. */
  job(
    { signal, tell }: CallContext,
    platform: Platform = this.platform,
  ): { readonly context: JobContext; readonly notes: string[] } {
    const notes: string[] = [];
    const context: JobContext = {
      platform: jobPlatform(platform),
      signal,
      offline: true,
      words: pageWords,
      onNote: (note: string | Message) => notes.push(wordsOf(note, pageWords)),
      onProgress: ({ done, total, secondsLeft }) =>
        tell({ kind: "progress", share: total > 0 ? done / total : 0, secondsLeft }),
    };
    return { context, notes };
  }
}
