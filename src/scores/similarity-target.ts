/** @file How alike a network's embedding of a picture is to that of a reference. */
import { LimpidError, type StopSignal } from "../errors.ts";
import { nodeOf } from "../graph/added-nodes.ts";
import { cut } from "../graph/edit.ts";
import { formatShape, tensorOf, type Tensor } from "../graph/tensor.ts";
import type { Graph } from "../graph/graph.ts";
import { runDims } from "../network/batches.ts";
import { isChannelsLast } from "../network/layer-axes.ts";
import { findLayer } from "../network/layers.ts";
import type { Model } from "../network/model.ts";
import { runRows } from "../network/run-rows.ts";
import { say, type Message } from "../wording/face.ts";
import { channelAxisOf, placeAxesOf } from "./channel-axis.ts";
import { extendedModel, type ExplainedModel } from "./explained-model.ts";
import { endingIn, score } from "./number-behind.ts";
import type { SimilarityTarget } from "./target.ts";

/** An embedding: a value of the network, of whose places the mean is taken. */
interface Embedding {
  readonly value: string;
  /** How many numbers it has. */
  readonly length: number;
  /** Axes of places. */
  readonly means: readonly number[];
}

const names = {
  axes: "target/axes",
  mean: "target/mean",
  row: "target/row",
  direction: "target/direction",
  product: "target/product",
  squares: "target/squares",
  one: "target/one",
  square: "target/square",
  least: "target/least",
  lifted: "target/lifted",
  length: "target/length",
} as const;

/** Keeps the length of an embedding of zeros from 0; no other is moved by it in float32. */
const leastSquare = 1e-24;

/**
 * The network with the cosine of the angle between its embedding and a reference's behind it, from -1 to 1: of the
 * output, or of a layer whose places are averaged. Of several reference pictures the direction is the mean of their
 * embeddings, each scaled to length 1. Throws `bad-option` for one number, which has no direction, and for a
 * reference without a direction; `shape-mismatch` for an embedding of another length.
 */
export async function similarityModel(
  model: Model,
  target: SimilarityTarget,
  picture: Tensor,
  signal?: StopSignal,
): Promise<ExplainedModel> {
  const { layer, reference } = target;
  const dims = runDims(model, picture.dims);
  const traced = await model.whole(dims);
  const embedding = embeddingOf(traced, layer ?? model.head.output);
  const direction = unitLength(
    "pictures" in reference
      ? await meanDirection(
          model,
          { traced, embedding, batch: dims[0]! },
          reference.pictures,
          signal,
        )
      : givenDirection(reference.embedding, embedding),
  );
  if (!direction) {
    throw new LimpidError(
      "bad-option",
      `reference: its embedding must have a direction, got zeros of ${reference.name}. give another one.`,
    );
  }
  const options = {
    kind: "value" as const,
    scoreName: "cosine similarity",
    ...(layer === undefined ? {} : { unitLayer: embedding.value }),
  };
  const key = { similarity: embedding.value, direction: [...direction] };
  const build = () => withCosine(model.network, embedding, direction);
  return {
    model: extendedModel(model, key, options, build),
    head: model.head,
    targets: [0],
    isOfHead: false,
    ...(layer === undefined ? { output: model.head.output } : { layer: embedding.value }),
    notes: [notesOf(target, embedding)],
  };
}

function embeddingOf(traced: Graph, asked: string): Embedding {
  const { name, shape } = findLayer(traced, asked);
  const dims = shape ?? traced.shapes.get(name)!.dims;
  const axis = isChannelsLast(traced, name) ? 3 : channelAxisOf(dims);
  const length = dims[axis] ?? 1;
  if (length > 1) return { value: name, length, means: placeAxesOf(dims, axis) };
  throw new LimpidError(
    "bad-option",
    `target: an embedding must have several numbers, got "${name}" of shape ${formatShape(dims)}. name a layer of several, LAYER:similarity.`,
  );
}

function notesOf({ reference }: SimilarityTarget, { value, means, length }: Embedding): Message {
  const places = means.length === 0 ? "" : ", averaged over its places";
  const several =
    "pictures" in reference && reference.pictures.length > 1
      ? ", the mean of their embeddings, each scaled to length 1"
      : "";
  return say`the score is the cosine of the angle between the ${length} numbers of "${value}"${places} and those of ${reference.name}${several}: 1 is the same direction, 0 none in common`;
}

function givenDirection(numbers: readonly number[], { value, length }: Embedding) {
  const odd = numbers.find((number) => !Number.isFinite(number));
  if (odd !== undefined) {
    throw new LimpidError(
      "bad-option",
      `reference: an embedding must hold finite numbers, got ${odd}. give another one.`,
    );
  }
  if (numbers.length === length) return Float64Array.from(numbers);
  throw new LimpidError(
    "shape-mismatch",
    `reference: an embedding must have ${length} numbers, as "${value}" has, got ${numbers.length}. give one of the same network.`,
  );
}

interface Traced {
  readonly traced: Graph;
  readonly embedding: Embedding;
  readonly batch: number;
}

/** The mean of the embeddings of pictures, each scaled to length 1; of zeros there is none to scale. */
async function meanDirection(
  model: Model,
  { traced, embedding, batch }: Traced,
  pictures: readonly Tensor[],
  signal: StopSignal | undefined,
): Promise<Float64Array> {
  const { value, length } = embedding;
  const graph = cut(traced, { outputs: [value] });
  const sum = new Float64Array(length);
  for (const picture of pictures) {
    const request = { graph, batch, pictures: picture, ...(signal ? { signal } : {}) };
    const rows = await runRows(model, request, (result) =>
      meansOf(result.of(value), result.dims(value), embedding),
    );
    for (const row of rows) {
      for (const [i, number] of (unitLength(row) ?? row).entries()) sum[i]! += number;
    }
  }
  return sum;
}

/** The mean over places of the numbers of a value [...dims] without its batch axis. */
function meansOf(
  numbers: Float32Array,
  dims: readonly number[],
  { means, length }: Embedding,
): Float64Array {
  const axis = dims.findIndex((_, i) => !means.includes(i + 1));
  const inner = dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const places = numbers.length / length;
  const row = new Float64Array(length);
  for (const [i, number] of numbers.entries()) {
    row[Math.floor(i / inner) % length]! += number / places;
  }
  return row;
}

/** The same direction with length 1; undefined for zeros. */
function unitLength(numbers: Float64Array): Float64Array | undefined {
  const length = Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0));
  return length > 0 && Number.isFinite(length) ? numbers.map((x) => x / length) : undefined;
}

/** a b / |a|, b of length 1; [N, length] becomes [N, 1]. */
function withCosine(graph: Graph, { value, means }: Embedding, direction: Float64Array): Graph {
  const constants: Record<string, Tensor> = {
    [names.direction]: tensorOf("float32", [direction.length, 1], [...direction]),
    [names.one]: tensorOf("int64", [1], [1]),
    [names.least]: tensorOf("float32", [], [leastSquare]),
  };
  if (means.length > 0) constants[names.axes] = tensorOf("int64", [means.length], means);
  const from = means.length > 0 ? names.mean : value;
  const averaged = means.length > 0 ? [nodeOf("ReduceMean", [value, names.axes], names.mean)] : [];
  const nodes = [
    ...averaged,
    nodeOf("Flatten", [from], names.row, { axis: { kind: "int", value: 1 } }),
    nodeOf("MatMul", [names.row, names.direction], names.product),
    nodeOf("Mul", [names.row, names.row], names.squares),
    nodeOf("ReduceSum", [names.squares, names.one], names.square),
    nodeOf("Add", [names.square, names.least], names.lifted),
    nodeOf("Sqrt", [names.lifted], names.length),
    nodeOf("Div", [names.product, names.length], score),
  ];
  return endingIn(graph, nodes, constants);
}
