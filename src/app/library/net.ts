/** @file A network as the library hands it out: opened in one call, asked in one call each. */
import { LimpidError, throwIfAborted } from "../../errors.ts";
import { openGraph } from "../../formats/index.ts";
import type { Graph } from "../../graph/graph.ts";
import { Model } from "../../network/model.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { baseName } from "../../wording/paths.ts";
import type { InspectedPhotos } from "../inspected-preparation.ts";
import { inspectNetwork } from "../inspect.ts";
import type { Inspection } from "../inspection.ts";
import type { JobContext } from "../context.ts";
import type { HandedFile } from "../handed-file.ts";
import { jobPlatform } from "../job-platform.ts";
import { heldOptions } from "../given-inputs.ts";
import { headOptions } from "../head-options.ts";
import { withAskedWeights } from "../asked-weights.ts";
import { namesAsked } from "../labels.ts";
import { openNetwork, readyModel } from "../open.ts";
import type { Platform, RuntimeName } from "../platform.ts";
import { requirePath } from "../places.ts";
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
import {
  handedInput,
  handedInputs,
  purposes,
  type DecodePicture,
  type NetInput,
} from "./handed-input.ts";
import { handedModel, type FilesPlace, type HandedModel } from "./handed-model.ts";
import { sourceOf, type NamedSource, type ReadInput } from "./input.ts";
import { requireOptions, type CallName } from "./call-options.ts";
import { requireFittingLabels, toldInData, type ToldNames } from "./told-in-data.ts";
import { libraryContext, type CallOptions, type OpenOptions } from "./options.ts";

/** What an open network is made of. */
export interface NetParts {
  /** Path or name that it was opened by. */
  readonly asked: string;
  readonly graph: Graph;
  readonly runtime: Runtime;
  readonly platform: Platform;
  readonly options: OpenOptions;
  /** Names or paths of what the options say of it, also of what they say in data. */
  readonly told: ToldNames;
  /** Identities of the files that it was opened from. */
  readonly inputs: ReadonlySet<string>;
  /** The network made ready, or why it cannot be asked anything but what it is made of. */
  readonly ready: Model | LimpidError;
  /** Reads pictures of files in hand. */
  readonly decode: DecodePicture;
}

/** An open network. */
export class Net {
  readonly asked: string;
  readonly graph: Graph;
  readonly runtime: Runtime;
  readonly #parts: NetParts;
  #isClosed = false;

  constructor(parts: NetParts) {
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
    return this.#call("inspect", options, async (context) => {
      const { told, options: opened } = this.#parts;
      const request = { ...told, photos: options.photos ?? [], range: opened.range };
      const inspection = await inspectNetwork(this.graph, this.runtime, context, request);
      throwIfAborted(context.signal, "inspect");
      return inspection;
    });
  }

  /** Which pixels or places decided, for a class or another target. Throws as `explain`, `handedInput` and `sourceOf`. */
  explain(input: NetInput, options: ExplainOptions = {}): Promise<Explained> {
    return this.#call("explain", options, async (context) => {
      const { model, name } = this;
      const { mask, reference, ...asked } = options;
      const handed = {
        ...(mask === undefined ? {} : { mask: this.#handed(mask, "mask") }),
        ...(reference === undefined ? {} : { reference: this.#handed(reference, "reference") }),
      };
      const named = await this.#sourceOf(input, context);
      const { labels } = this.#parts.told;
      const net = { model, name, labels, preparation: this.#preparation };
      return explain(net, named, { ...asked, ...handed }, context);
    });
  }

  /** The pictures that excite units most. Throws as `planUnits` and `planStored`. */
  maximize(options: MaximizeOptions): Promise<Maximized> {
    return this.#call("maximize", options, (context) => {
      const { model, asked } = this;
      const { told, options: opened } = this.#parts;
      const { output, kind } = opened;
      const head = {
        ...(output === undefined ? {} : { output }),
        ...(kind === undefined ? {} : { kind }),
      };
      const { labels } = told;
      const net = { model, asked, labels, preparation: this.#preparation, head };
      return maximize(net, options, context);
    });
  }

  /** What every channel makes of a picture. Throws as `planPicture`, `handedInput` and `sourceOf`. */
  activations(input: NetInput, options: ActivationsOptions = {}): Promise<PictureLayers> {
    return this.#call("activations", options, async (context) =>
      pictureLayers(this.#layered(), await this.#sourceOf(input, context), options, context),
    );
  }

  /** What excites every channel most in the pictures of a folder. Throws as `planFolder` and `runFolder`. */
  activationsOfFolder(path: string, options: ActivationsOptions = {}): Promise<FolderLayers> {
    return this.#call("activations", options, (context) => {
      requirePath(path, "folder");
      return folderLayers(this.#layered(), path, options, context);
    });
  }

  /** Gives back what the runtime holds. Calls throw from then on. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.runtime.release();
  }

  /** One call: its options are looked at, and what closing the network does to it is told as that. */
  async #call<T>(
    name: CallName,
    options: CallOptions,
    work: (context: JobContext) => Promise<T>,
  ): Promise<T> {
    if (this.#isClosed) throw closed(name, "one that was closed. open it again");
    requireOptions(name, options);
    const { platform, inputs, options: opened } = this.#parts;
    const context = libraryContext(name, jobPlatform(platform, inputs), opened, options);
    try {
      return await work(context);
    } catch (cause) {
      const isTold = cause instanceof LimpidError && cause.code !== "runtime";
      if (!this.#isClosed || isTold) throw cause;
      throw closed(name, "close() while it ran. await calls first", cause);
    }
  }

  get #preparation(): Preparation {
    const { told, options } = this.#parts;
    const { range, inputs } = options;
    return { preprocess: told.preprocess, range, given: inputs };
  }

  #layered(): LayeredNet {
    return { model: this.model, name: this.name, preparation: this.#preparation };
  }

  #sourceOf(input: NetInput, { platform }: JobContext): Promise<NamedSource> {
    return sourceOf(platform, this.model, this.#handed(input, "input"), this.#preparation);
  }

  #handed(given: NetInput, purpose: keyof typeof purposes): ReadInput {
    return handedInput(given, purposes[purpose], this.#parts.decode);
  }
}

function closed(name: CallName, got: string, cause?: unknown): LimpidError {
  return new LimpidError("runtime", `${name}: the network must be open, got ${got}.`, { cause });
}

/** How a face opens networks. */
export interface OpenPlace extends FilesPlace {
  /** What computes unless the user says otherwise. */
  readonly runtime: RuntimeName;
}

/**
 * Opens the network of a path, an address or a name, or of files that were handed in. Throws as `openNetwork` and the
 * platform's `openRuntime`.
 */
export async function openNet(
  model: string | HandedFile | Iterable<HandedFile>,
  given: OpenOptions,
  place: OpenPlace,
): Promise<Net> {
  requireOptions("open", given);
  const options = given.inputs ? { ...given, inputs: handedInputs(given.inputs) } : given;
  const { decode } = place;
  const handed = typeof model === "string" ? model : handedModel(model, place);
  const files = typeof handed === "string" ? place : handed;
  const { platform, told } = toldInData(files.platform, options);
  const opening = jobPlatform(platform);
  const context = libraryContext("open", opening, options);
  const { asked, graph } = await openedGraph(handed, context);
  throwIfAborted(context.signal, "open");
  const runtime = await platform.openRuntime(options.runtime ?? place.runtime);
  try {
    const ready = await readied(graph, runtime, { ...options, ...told }, opening);
    if (ready instanceof Model) await requireFittingLabels(platform, ready, told.labels);
    throwIfAborted(context.signal, "open");
    const { inputs } = opening;
    return new Net({ asked, graph, runtime, platform, options, told, inputs, ready, decode });
  } catch (error) {
    await runtime.release();
    throw error;
  }
}

/** The network made ready, or what keeps it from being asked. */
async function readied(
  graph: Graph,
  runtime: Runtime,
  options: Omit<OpenOptions, keyof ToldNames> & ToldNames,
  platform: Pick<Platform, "readBytes" | "readText">,
): Promise<Model | LimpidError> {
  try {
    const asked = { shape: options.shape, given: options.inputs };
    const named = await namesAsked(platform, options.labels);
    const held = await heldOptions(platform, graph, asked);
    return await readyModel(graph, runtime, options, {
      ...headOptions(options),
      ...named,
      ...held,
    });
  } catch (error) {
    if (error instanceof LimpidError && error.code !== "aborted") return error;
    throw error;
  }
}

async function openedGraph(
  model: string | Pick<HandedModel, "source">,
  context: JobContext,
): Promise<{ readonly asked: string; readonly graph: Graph }> {
  if (typeof model === "string") return { asked: model, graph: await openNetwork(model, context) };
  const source = await model.source();
  const graph = await withAskedWeights(() => openGraph(source), context);
  return { asked: source.name, graph };
}
