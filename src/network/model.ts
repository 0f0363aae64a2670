/** @file A network made ready for questions: its input, its logits, and its graph traced at any input size. */
import { once } from "../once.ts";
import { LimpidError } from "../errors.ts";
import { channelsFirst } from "../graph/channels-first.ts";
import { digestGraph } from "../graph/digest.ts";
import { cut } from "../graph/edit.ts";
import type { Graph, ValueInfo } from "../graph/graph.ts";
import { restName, withPartAlone } from "../graph/alone-part.ts";
import { placeOf } from "../graph/part-place.ts";
import { inferenceForm } from "../graph/inference/inference-form.ts";
import { withPlainRectifiers } from "../graph/inference/plain-rectifiers.ts";
import { withGreyChannel } from "../graph/grey-input.ts";
import { readInputs, type InputOptions, type InputPart } from "../graph/input-parts.ts";
import { withPictureInput, withSpreadInputs } from "../graph/packed-input.ts";
import type { Message } from "../wording/face.ts";
import { holdingRuntime, type HeldValues } from "./held-values.ts";
import { withAllProposals } from "./detection/all-proposals.ts";
import { withBoxLogits } from "./detection/box-logits.ts";
import type { SeenNumbers } from "./detection/seen-numbers.ts";
import { withGroupRows } from "./class-groups.ts";
import { headNotes } from "./head-notes.ts";
import { headOf, isOfPlaces, type Head, type HeadOptions } from "./head.ts";
import { withChannelsSecond } from "./layer-axes.ts";
import { withMaskMeans } from "./mask-means.ts";
import { readingNotes } from "./reading-notes.ts";
import { elementCount, formatShape, tensor, type Tensor } from "../graph/tensor.ts";
import { requireRoom } from "../graph/limits/within-limits.ts";
import type { Execute } from "../graph/shape-probes.ts";
import { withShortStrides } from "../graph/short-strides.ts";
import { trace } from "../graph/trace.ts";
import { usualLimits } from "../wording/limits.ts";
import type { Runtime } from "../runtime/runtime.ts";

export interface ModelOptions extends HeadOptions, InputOptions {
  /** Explain the probabilities of a final softmax or sigmoid instead of its logits. */
  readonly keepActivation?: boolean;
  /** What the explained value is, where it is not the logit or probability of a class. */
  readonly scoreName?: string;
  /** The layer that the explained value is a unit of, where it is one. */
  readonly unitLayer?: string;
  /** The feature maps that class activation maps lie on where nobody names one, the finest first; the last of all without it. */
  readonly usualLayers?: readonly string[];
  /** The same network before its shapes were known, whose traces of all that the file says serve this one too. */
  readonly like?: Model;
  /** Inputs that are fed the same for every picture, by their names: all but that of the picture. */
  readonly held?: HeldValues;
  /** What the graph's picture holds, where its inputs were made one picture before. */
  readonly parts?: readonly InputPart[];
}

/** Side of pictures for networks that leave it open. */
const usualSidePx = 224;

/** Slices of volumes for networks that leave their number open. */
const usualSlices = 16;

/** A network with one picture as input, whatever inputs its file has: they are the picture's parts. */
export class Model {
  /** The network; its input is [N, C, H, W] also where those of the file are others, which nodes before it give it. */
  readonly graph: Graph;
  /** The same without the means that are put behind a map. */
  readonly network: Graph;
  readonly runtime: Runtime;
  readonly input: ValueInfo;
  /** The inputs of the file that are explained, and where they lie in the picture. */
  readonly parts: readonly InputPart[];
  readonly head: Head;
  /** Logits of what can be explained, [N, ...]: of a map their means over the places of each class. */
  readonly logits: string;
  /** Whether the input of the file's network is [N, H, W, C]. */
  readonly isChannelsLast: boolean;
  /** Whether the input of the file's network is bytes from 0 to 255, of which there are floats here. */
  readonly takesBytes: boolean;
  /** What was changed of the file's network, so that it computes as in inference, and what was assumed of it. */
  readonly notes: readonly Message[];
  /** The value whose units are explained: the logits, or what the final activation makes of them. */
  readonly explained: string;
  /** What the explained value is, for units and colour bars: "logit", "probability", "activation" ... */
  readonly scoreName: string;
  /** The feature maps that class activation maps lie on by default; none where that is the last one. */
  readonly usualLayers: readonly string[];
  /** The layer that the explained value is a unit of; undefined for classes. */
  readonly unitLayer: string | undefined;
  /** What `at` gives, by shapes: of maps another head puts other means behind them, under the same names. */
  #traces: Traces = new Map();
  /** What `whole` gives, by shapes. */
  readonly #wholes: Traces;
  /** What all inputs but that of the picture are fed. */
  readonly held: HeldValues;
  /** What `alone` gives, by parts and shapes. */
  readonly #alone = new Map<string, Model>();
  /** As the file has it. */
  readonly #source: Graph;
  /** As it was opened with. */
  readonly #options: ModelOptions;
  /** As it was given, without what is held. */
  readonly #bare: Runtime;
  #digest: Promise<string> | undefined;

  /** Throws `bad-file` if the network has no input of a picture's shape. */
  constructor(graph: Graph, runtime: Runtime, options: ModelOptions = {}) {
    const formed = inferenceForm(graph);
    const { ordered, parts, held, notes } = inPicture(formed.graph, graph, options);
    this.#source = graph;
    this.#options = options;
    this.#bare = runtime;
    this.held = held;
    this.parts = parts;
    this.#wholes = options.like ? options.like.#wholes : new Map();
    this.isChannelsLast = parts[0]!.axes.join("") === "NHWC";
    this.takesBytes = parts[0]!.type === "uint8";
    this.runtime = holdingRuntime(runtime, this.held);
    this.input = ordered.inputs[0]!;
    this.head = headOf(ordered, options);
    const means = isOfPlaces(this.head.kind)
      ? withMaskMeans(ordered, this.head, this.isChannelsLast)
      : undefined;
    this.network = ordered;
    const { detector } = this.head;
    const boxes = detector && withBoxLogits(ordered, detector);
    const { groups, answer } = this.head;
    const joined = groups && withGroupRows(ordered, answer, groups);
    const behind = boxes ?? means ?? joined;
    this.graph = behind?.graph ?? ordered;
    this.logits = behind?.logits ?? this.head.logits;
    const activated = (means ?? joined)?.activated ?? this.head.activated;
    this.explained = options.keepActivation ? activated : this.logits;
    const isActivated = this.explained !== this.logits;
    const ownName = boxes && !isActivated ? boxes.form : scoreNameOf(this.head, isActivated);
    this.scoreName = options.scoreName ?? ownName;
    this.usualLayers = options.usualLayers ?? [];
    this.unitLayer = options.unitLayer ?? (means ? this.head.logits : undefined);
    this.notes = [
      ...readingNotes(graph),
      ...formed.notes,
      ...notes,
      ...headNotes(ordered, this.head, options),
      ...(boxes && !isActivated ? boxes.notes : []),
    ];
  }

  /** The input shape [N, C, H, W] with what the network leaves open filled in; `pictures` is N where it is open. */
  inputDims(pictures = 1): readonly [number, number, number, number] {
    const [n, c, h, w] = this.input.dims ?? [];
    const rows = this.parts.length === 1 ? usualRows(this.parts[0]!) : usualSidePx;
    return [sizeOr(n, pictures), sizeOr(c, 3), sizeOr(h, rows), sizeOr(w, usualSidePx)];
  }

  /** The batch that the network fixes, 1 more often than not; undefined where it is open. */
  get fixedBatch(): number | undefined {
    const [n] = this.input.dims ?? [];
    return typeof n === "number" && n > 0 ? n : undefined;
  }

  /** The shape of one run for pictures of shape [N, C, H, W]: N is the network's own where it fixes it. */
  batchDims(dims: readonly number[]): readonly number[] {
    return [this.fixedBatch ?? dims[0]!, ...dims.slice(1)];
  }

  /** The same network with other held values of the same shapes: its traces and sessions serve both. */
  holding(held: HeldValues): Model {
    const options = { ...this.#options, held: { ...this.#options.held, ...held }, like: this };
    const other = new Model(this.#source, this.#bare, options);
    other.#traces = this.#traces;
    return other;
  }

  /** The network with another graph of the same inputs, outputs and shapes, such as one of other weights. */
  changed(change: (graph: Graph) => Graph): Model {
    const { like: _, ...options } = this.#options;
    return new Model(change(this.#source), this.#bare, options);
  }

  /** The same detector as its numbers were seen to be. */
  reading(seen: SeenNumbers): Model {
    return new Model(this.#source, this.#bare, { ...this.#options, seen, like: this });
  }

  /** What a run showed of a detector's outputs; undefined where none was looked at, or it fits what is assumed. */
  get seen(): SeenNumbers | undefined {
    return this.#options.seen;
  }

  /**
   * The network as one of one part of a picture [1, C, H, W], [N, c, rows, columns], whose other parts are held; itself
   * where it has no others.
   */
  alone(part: InputPart, picture: Tensor): Model {
    if (this.parts.length === 1) return this;
    const rest = { [restName]: picture };
    const key = JSON.stringify([part.name, picture.dims]);
    const known = this.#alone.get(key);
    if (known) return known.holding(rest);
    const graph = withPartAlone(this.network, part.name, placeOf(part, picture.dims), picture.dims);
    const { like: _, ...options } = this.#options;
    const held = { ...this.held, ...rest };
    const parts = [{ ...part, firstChannel: 0 }];
    const made = new Model(graph, this.#bare, { ...options, parts, held });
    this.#alone.set(key, made);
    return made;
  }

  /** SHA-256 of the network, in hexadecimal digits: nodes and weights, whatever file they came from. */
  digest(): Promise<string> {
    this.#digest ??= digestGraph(channelsFirst(withGreyChannel(this.#source)));
    return this.#digest;
  }

  /**
   * The graph traced at an input shape [N, C, H, W]. Its first output is `explained`, and the logits are
   * among its values. Throws `shape-mismatch` if the network takes no such input.
   */
  async at(dims: readonly number[]): Promise<Graph> {
    this.#checkDims(dims, 0);
    const outputs = [...new Set([this.explained, this.logits])];
    return once(this.#traces, String(dims), async () => {
      const whole = await this.#wholeFor(dims);
      return outputs.every((name) => whole?.shapes.has(name))
        ? cut(whole!, { outputs })
        : this.#trace(cut(this.graph, { outputs }), dims);
    });
  }

  /** The graph traced at an input shape [N, C, H, W], with all that the file says. Throws as `at`. */
  async whole(dims: readonly number[]): Promise<Graph> {
    this.#checkDims(dims, 0);
    const outputs = this.network.outputs.map((output) => output.name);
    return once(this.#wholes, String(dims), () =>
      this.#trace(cut(this.network, { outputs }), dims),
    );
  }

  /**
   * The part of the graph that leads to some layers, traced at an input shape [N, C, H, W] that may differ
   * from the file's in batch and sides: only later layers may have fixed them. Throws `unknown-layer`, and
   * `shape-mismatch` where the part cannot be computed at that shape.
   */
  async part(layers: readonly string[], dims: readonly number[]): Promise<Graph> {
    const [n, , h, w] = dims;
    const [, c] = this.input.dims ?? [];
    const free = { ...this.input, dims: [n!, c ?? "C", h!, w!] };
    this.#checkDims(dims, 0, free.dims);
    const part = cut(this.graph, { outputs: layers });
    const others = part.inputs.filter((input) => input.name !== this.input.name);
    const graph = { ...part, inputs: [free, ...others] };
    try {
      return await this.#trace(graph, dims);
    } catch (cause) {
      if (!(cause instanceof LimpidError) || cause.code !== "runtime") throw cause;
      throw new LimpidError(
        "shape-mismatch",
        `model: input "${this.input.name}" must have a shape that the layers up to ${layers.map((name) => `"${name}"`).join(", ")} can be computed at, got ${formatShape(dims)}. the file's is ${formatShape(this.inputDims())}; smaller pictures leave nothing behind pools, other batches may be fixed by the file.`,
        { cause },
      );
    }
  }

  /** As `part`, but layers of feature maps are [N, C, H, W] also where the network has them as [N, H, W, C]. */
  async maps(layers: readonly string[], dims: readonly number[]): Promise<Graph> {
    return withChannelsSecond(await this.part(layers, dims));
  }

  /**
   * Throws `shape-mismatch` unless a tensor is one or more pictures float32 [N, C, H, W] that the network
   * takes; N may be any number, also where the network fixes its batch.
   */
  requirePictures(value: Tensor): void {
    if (value.type !== "float32") throw this.#mismatch(`${value.type} ${formatShape(value.dims)}`);
    this.#checkDims(value.dims, 1);
  }

  /** All that the file says, where `at` is a part of it: of several outputs only if it is there already. */
  async #wholeFor(dims: readonly number[]): Promise<Graph | undefined> {
    if (this.graph !== this.network) return undefined;
    if (this.graph.outputs.length === 1) return this.whole(dims);
    // That other outputs cannot be computed is told where they are asked for.
    return this.#wholes.get(String(dims))?.catch(() => undefined);
  }

  async #trace(graph: Graph, dims: readonly number[]): Promise<Graph> {
    const { name } = this.input;
    const limits = this.runtime.limits ?? usualLimits;
    requireRoom(`model: input "${name}"`, dims, limits);
    const zeros = tensor("float32", dims, new Float32Array(elementCount(dims)));
    const execute: Execute = async (probe, feeds) => {
      const session = await this.runtime.open(probe, { optimization: "none" });
      try {
        return await session.run(feeds);
      } finally {
        await session.release();
      }
    };
    const held = Object.entries(this.held).filter(([other]) =>
      graph.inputs.some((input) => input.name === other),
    );
    const feeds = { [name]: zeros, ...Object.fromEntries(held) };
    const traced = await trace(graph, feeds, execute, limits);
    return withShortStrides(withPlainRectifiers(traced));
  }

  /** Compares the axes from `first` on with the network's. */
  #checkDims(
    dims: readonly number[],
    first: 0 | 1,
    wanted: readonly (number | string)[] = this.input.dims ?? ["N", "C", "H", "W"],
  ): void {
    const fits = wanted.every(
      (dim, axis) => axis < first || typeof dim === "string" || dim === dims[axis],
    );
    if (fits && dims.length === wanted.length && !dims.includes(0)) return;
    throw this.#mismatch(formatShape(dims));
  }

  #mismatch(got: string): LimpidError {
    const { name, dims } = this.input;
    const wanted = dims?.map(String).join(", ") ?? "N, C, H, W";
    return new LimpidError(
      "shape-mismatch",
      `model: input "${name}" must be float32 of shape [${wanted}], got ${got}. give one of that shape.`,
    );
  }
}

/** Traced graphs by the shapes of their inputs. */
type Traces = Map<string, Promise<Graph>>;

/** What the explained numbers are called, for units and colour bars. */
function scoreNameOf(head: Head, isActivated: boolean): string {
  const { kind, isLog, probabilities } = head;
  if (kind === "value" || kind === "values" || kind === "embedding" || kind === "items") {
    return "value";
  }
  if (kind === "boxes") return "score";
  if (kind === "value-map") return "mean value";
  if (kind === "map" && head.activation === undefined) return "mean output";
  if (isActivated) return isLog ? "log-probability" : "probability";
  return probabilities === "own" ? "output" : "logit";
}

/** Rows of a part whose rows are open: of a volume all those of its slices. */
function usualRows({ kind, sides }: InputPart): number {
  if (kind !== "volume") return usualSidePx;
  return sizeOr(sides[0], usualSlices) * sizeOr(sides[1], usualSidePx);
}

function sizeOr(dim: number | string | undefined, fallback: number): number {
  return typeof dim === "number" && dim > 0 ? dim : fallback;
}

/** Whether outputs may be read as boxes: nobody names one of the file's, or says that they are something else. */
function readsBoxes({ kind, output }: HeadOptions): boolean {
  return output === undefined && (kind === undefined || kind === "boxes");
}

/** A graph in inference form with one picture for its explained inputs, and the values of its others. */
function inPicture(graph: Graph, file: Graph, options: ModelOptions) {
  const given = options.held ?? {};
  if (options.parts) return { ordered: graph, parts: options.parts, held: given, notes: [] };
  const { parts, notes } = readInputs(graph, given, options);
  const whole = readsBoxes(options) ? withAllProposals(graph) : graph;
  const spread = withSpreadInputs(withPictureInput(whole, parts), given);
  const held = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [spread.renamed.get(name) ?? name, value]),
  );
  return { ordered: spread.graph, parts: parts.map((part) => asInFile(part, file)), held, notes };
}

/** With the elements of the file, of which there are floats here, and the order of its axes. */
function asInFile(part: InputPart, { inputs }: Graph): InputPart {
  const input = inputs.find(({ name }) => name === part.name);
  const { type, fileOrder } = input ?? {};
  return {
    ...part,
    ...(type === undefined || type === "float32" ? {} : { type }),
    ...(fileOrder ? { fileOrder } : {}),
  };
}
