/** @file A network as the library hands it out: opened in one call, asked in one call each. */
import { LimpidError } from "../../errors.ts";
import type { FolderSource } from "../../formats/folder-source.ts";
import { openGraph } from "../../formats/index.ts";
import type { ByteSource } from "../../formats/source.ts";
import type { Graph } from "../../graph/graph.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import type { Model } from "../../network/model.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { baseName } from "../../wording/paths.ts";
import type { InspectedPhotos } from "../inspected-preparation.ts";
import { inspectNetwork } from "../inspect.ts";
import type { Inspection } from "../inspection.ts";
import type { JobContext } from "../context.ts";
import { jobPlatform } from "../job-platform.ts";
import { heldOptions } from "../given-inputs.ts";
import { headOptions } from "../head-options.ts";
import { withAskedWeights } from "../asked-weights.ts";
import { openNetwork, readyModel } from "../open.ts";
import type { Platform, RuntimeName } from "../platform.ts";
import type { Preparation } from "../preparation.ts";
import {
  folderLayers,
  pictureLayers,
  type ActivationsOptions,
  type FolderLayers,
  type LayeredNet,
  type PictureLayers,
} from "./activations.ts";
import { explain, type Explained, type ExplainOptions } from "./explain.ts";
import { maximize, type Maximized, type MaximizeOptions } from "./maximize.ts";
import { isNetInput, sourceOf, type NamedSource, type NetInput } from "./input.ts";
import { libraryContext, type CallOptions, type OpenOptions } from "./options.ts";

/** What an open network is made of. */
export interface NetParts<Handed> {
  /** Path or name that it was opened by. */
  readonly asked: string;
  readonly graph: Graph;
  readonly runtime: Runtime;
  readonly platform: Platform;
  readonly options: OpenOptions;
  /** Identities of the files that it was opened from. */
  readonly inputs: ReadonlySet<string>;
  /** The network made ready, or why it cannot be asked anything but what it is made of. */
  readonly ready: Model | LimpidError;
  /** Takes in what only this platform knows: a browser's files. */
  take(handed: Handed): NetInput;
}

/** An open network; `Handed` is what a platform takes besides paths, pixels and tensors. */
export class Net<Handed extends object = never> {
  readonly asked: string;
  readonly graph: Graph;
  readonly runtime: Runtime;
  readonly #parts: NetParts<Handed>;

  constructor(parts: NetParts<Handed>) {
    this.asked = parts.asked;
    this.graph = parts.graph;
    this.runtime = parts.runtime;
    this.#parts = parts;
  }

  /** Name of its file, or its own. */
  get name(): string {
    return baseName(this.asked);
  }

  /** The network made ready for questions. Throws `bad-file` if it has no input of a picture's shape. */
  get model(): Model {
    const { ready } = this.#parts;
    if (ready instanceof LimpidError) throw ready;
    return ready;
  }

  /** Inputs, outputs, how pictures are prepared, layers, and whether the gradient can be built; `photos` are paths. */
  inspect(options: CallOptions & Pick<InspectedPhotos, "photos"> = {}): Promise<Inspection> {
    const { photos = [], ...call } = options;
    const { range } = this.#parts.options;
    return inspectNetwork(this.graph, this.runtime, this.#context(call), { photos, range });
  }

  /** Which pixels or places decided, for a class or another target. Throws as `explain` and `sourceOf`. */
  async explain(
    input: NetInput | Handed,
    options: ExplainOptions<Handed> = {},
  ): Promise<Explained> {
    const { model, name } = this;
    const { mask, reference, ...asked } = options;
    const { take } = this.#parts;
    const taken = (handed: NetInput | Handed) => (isNetInput(handed) ? handed : take(handed));
    const handed = {
      ...(mask === undefined ? {} : { mask: taken(mask) }),
      ...(reference === undefined ? {} : { reference: taken(reference) }),
    };
    const context = this.#context(options);
    const named = await this.#sourceOf(input, context);
    const net = { model, name, labels: this.#labels, preparation: this.#preparation };
    return explain(net, named, { ...asked, ...handed }, context);
  }

  /** The pictures that excite units most. Throws as `planUnits`. */
  async maximize(options: MaximizeOptions): Promise<Maximized> {
    const { model, asked } = this;
    const { output, kind } = this.#parts.options;
    const head = {
      ...(output === undefined ? {} : { output }),
      ...(kind === undefined ? {} : { kind }),
    };
    const net = { model, asked, labels: this.#labels, preparation: this.#preparation, head };
    return maximize(net, options, this.#context(options));
  }

  /** What every channel makes of a picture. Throws as `planPicture` and `sourceOf`. */
  async activations(
    input: NetInput | Handed,
    options: ActivationsOptions = {},
  ): Promise<PictureLayers> {
    const context = this.#context(options);
    const named = await this.#sourceOf(input, context);
    return pictureLayers(this.#layered(), named, options, context);
  }

  /** What excites every channel most in the pictures of a folder. Throws as `planFolder` and `runFolder`. */
  async activationsOfFolder(path: string, options: ActivationsOptions = {}): Promise<FolderLayers> {
    return folderLayers(this.#layered(), path, options, this.#context(options));
  }

  /** Gives back what the runtime holds. */
  close(): Promise<void> {
    return this.runtime.release();
  }

  get #labels(): string | undefined {
    const { labels } = this.#parts.options;
    return typeof labels === "string" ? labels : undefined;
  }

  get #preprocess(): string | undefined {
    const { preprocess } = this.#parts.options;
    return typeof preprocess === "string" ? preprocess : undefined;
  }

  get #preparation(): Preparation {
    const { range, inputs } = this.#parts.options;
    return { preprocess: this.#preprocess, range, given: inputs };
  }

  #layered(): LayeredNet {
    return { model: this.model, name: this.name, preparation: this.#preparation };
  }

  #sourceOf(input: NetInput | Handed, { platform }: JobContext): Promise<NamedSource> {
    const { take } = this.#parts;
    return sourceOf(
      platform,
      this.model,
      isNetInput(input) ? input : take(input),
      this.#preparation,
    );
  }

  #context(call: CallOptions): JobContext {
    const { platform, inputs, options } = this.#parts;
    return libraryContext(jobPlatform(platform, inputs), options, call);
  }
}

/** How a face opens networks. */
export interface OpenPlace<Handed> extends Pick<NetParts<Handed>, "platform" | "take"> {
  /** What computes unless the user says otherwise. */
  readonly runtime: RuntimeName;
}

/** Files in hand, among those that a platform holds. */
type HandedModel = (platform: Pick<Platform, "source">) => Promise<ByteSource | FolderSource>;

/**
 * Opens the network of a path, an address or a name, or of files that were handed in. Throws as `openNetwork` and the
 * platform's `openRuntime`.
 */
export async function openNet<Handed extends object>(
  model: string | HandedModel,
  options: OpenOptions,
  { platform, runtime, take }: OpenPlace<Handed>,
): Promise<Net<Handed>> {
  const opening = jobPlatform(platform);
  const { asked, read } = await openedGraph(model, libraryContext(opening, options));
  const graph = withFacts(read, options);
  const opened = await platform.openRuntime(options.runtime ?? runtime);
  const { inputs } = opening;
  const ready = await readied(graph, opened, options, opening).catch((error: unknown) => {
    if (error instanceof LimpidError) return error;
    throw error;
  });
  return new Net({ asked, graph, runtime: opened, platform, options, inputs, ready, take });
}

async function readied(
  graph: Graph,
  runtime: Runtime,
  options: OpenOptions,
  platform: Pick<Platform, "readBytes">,
): Promise<Model> {
  const asked = { shape: options.shape, given: options.inputs };
  const told = { ...headOptions(options), ...(await heldOptions(platform, graph, asked)) };
  return readyModel(graph, runtime, options, told);
}

async function openedGraph(
  model: string | HandedModel,
  context: JobContext,
): Promise<{ readonly asked: string; readonly read: Graph }> {
  if (typeof model === "string") return { asked: model, read: await openNetwork(model, context) };
  const source = await model(context.platform);
  const read = await withAskedWeights(() => openGraph(source), context);
  return { asked: source.name, read };
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
