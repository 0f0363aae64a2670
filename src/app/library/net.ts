/** @file A network as the library hands it out: opened in one call, asked in one call each. */
import type { Graph } from "../../graph/graph.ts";
import { metadataKeys } from "../../network/metadata.ts";
import type { Model } from "../../network/model.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { baseName } from "../../wording/paths.ts";
import { inspectNetwork } from "../inspect.ts";
import type { Inspection } from "../inspection.ts";
import { openNetwork, readyModel } from "../open.ts";
import type { Platform, RuntimeName } from "../platform.ts";
import {
  folderLayers,
  pictureLayers,
  type ActivationsOptions,
  type FolderLayers,
  type PictureLayers,
} from "./activations.ts";
import { explain, type Explained, type ExplainOptions } from "./explain.ts";
import { maximize, type Maximized, type MaximizeOptions } from "./maximize.ts";
import { sourceOf, type NetInput } from "./input.ts";
import { libraryContext, type CallOptions, type OpenOptions } from "./options.ts";

/** An open network. */
export class Net {
  /** Path or name that it was opened by. */
  readonly asked: string;
  readonly graph: Graph;
  readonly runtime: Runtime;
  readonly #platform: Platform;
  readonly #options: OpenOptions;
  #model: Model | undefined;

  constructor(
    asked: string,
    graph: Graph,
    runtime: Runtime,
    platform: Platform,
    options: OpenOptions,
  ) {
    this.asked = asked;
    this.graph = graph;
    this.runtime = runtime;
    this.#platform = platform;
    this.#options = options;
  }

  /** Name of its file, or its own. */
  get name(): string {
    return baseName(this.asked);
  }

  /** The network made ready for questions. Throws `bad-file` if it has no input of a picture's shape. */
  get model(): Model {
    const { keepSoftmax = false } = this.#options;
    this.#model ??= readyModel(this.graph, this.runtime, this.#options, {
      keepActivation: keepSoftmax,
    });
    return this.#model;
  }

  /** Inputs, outputs and layers, and whether the gradient can be built. */
  inspect(options: CallOptions = {}): Promise<Inspection> {
    return inspectNetwork(this.graph, this.runtime, this.#context(options));
  }

  /** Which pixels or places decided, for a class or another target. Throws as `explain` and `sourceOf`. */
  async explain(input: NetInput, options: ExplainOptions = {}): Promise<Explained> {
    const { model, name } = this;
    const named = await sourceOf(this.#platform, model, input, this.#preprocess);
    const net = { model, name, labels: this.#labels };
    return explain(net, named, options, this.#context(options));
  }

  /** The pictures that excite units most. Throws as `planUnits`. */
  async maximize(options: MaximizeOptions): Promise<Maximized> {
    const { model, asked } = this;
    const net = { model, asked, labels: this.#labels, preprocess: this.#preprocess };
    return maximize(net, options, this.#context(options));
  }

  /** What every channel makes of a picture; of the path of a folder, what excites it most in all its pictures. */
  async activations(
    input: NetInput,
    options: ActivationsOptions = {},
  ): Promise<PictureLayers | FolderLayers> {
    const net = { model: this.model, name: this.name, preprocess: this.#preprocess };
    const context = this.#context(options);
    const isFolder =
      typeof input === "string" && (await this.#platform.find(input))?.kind === "folder";
    if (isFolder) return folderLayers(net, input, options, context);
    const named = await sourceOf(this.#platform, this.model, input, this.#preprocess);
    return pictureLayers(net, named, options, context);
  }

  /** Gives back what the runtime holds. */
  close(): Promise<void> {
    return this.runtime.release();
  }

  get #labels(): string | undefined {
    const { labels } = this.#options;
    return typeof labels === "string" ? labels : undefined;
  }

  get #preprocess(): string | undefined {
    const { preprocess } = this.#options;
    return typeof preprocess === "string" ? preprocess : undefined;
  }

  #context(call: CallOptions) {
    return libraryContext(this.#platform, this.#options, call);
  }
}

/**
 * Opens the network of a path or of a name of the catalog. Throws as `openNetwork` and the platform's `openRuntime`.
 */
export async function openNet(
  platform: Platform,
  asked: string,
  options: OpenOptions & { readonly runtime: RuntimeName },
): Promise<Net> {
  const graph = await openNetwork(asked, libraryContext(platform, options));
  const runtime = await platform.openRuntime(options.runtime);
  return new Net(asked, withFacts(graph, options), runtime, platform, options);
}

/** What is said in data of a network, in the place of what its file says. */
function withFacts(graph: Graph, { preprocess, labels }: OpenOptions): Graph {
  const metadata = new Map(graph.metadata);
  if (typeof preprocess === "object") {
    metadata.set(metadataKeys.preprocessing, JSON.stringify(preprocess));
  }
  if (typeof labels === "object") metadata.set(metadataKeys.classes, JSON.stringify(labels));
  return { ...graph, metadata };
}
