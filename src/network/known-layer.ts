/** @file The value of a layer for the pictures that were run last: what is asked of them again runs only what lies behind it. */
import { cut } from "../graph/edit.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { subgraphsOf } from "../graph/inference/subgraphs.ts";
import { randomOperators } from "../graph/limits/node-sizes.ts";
import { sizeInBytes, tensor, type Tensor } from "../graph/tensor.ts";
import { OnceEach } from "../once.ts";
import type { Model } from "./model.ts";
import { stackRows, type RowResult } from "./run-rows.ts";

/** How pictures are run, of which a layer's value may be known. */
export interface LayerRun {
  /** All of the network, or what lies behind the layer where its value is known. */
  readonly graph: Graph;
  /** In memory of their own, as whoever asks may change his while they are run. */
  readonly pictures: Tensor;
  /** The layer's value, which is fed instead of the pictures and is not to be changed. */
  readonly value: Tensor | undefined;
  /** Keeps what the layer gave, once it is told of every picture's results in their order, while they are unchanged. */
  keep(result: RowResult): void;
}

interface KnownValue {
  readonly layer: string;
  /** The name of what computed it: a page turns from the processor to the card and back. */
  readonly runtime: string;
  readonly pictures: Float32Array;
  readonly value: Tensor;
}

/** More than this is neither kept, nor are weights that a session of their own would hold once more. */
const mostBytes = 32 * 2 ** 20;

/** The last one of each traced graph. */
const known = new WeakMap<Graph, KnownValue>();

/**
 * Of pictures float32 [N, C, H, W] that fill one batch of a traced graph. Undefined where a layer's value does not decide
 * the outputs or is not decided by the pictures, or would take much memory.
 */
export async function layerRun(
  { runtime, input }: Model,
  traced: Graph,
  layer: string,
  { dims, data }: Tensor,
): Promise<LayerRun | undefined> {
  const { name: picture } = input;
  const behind = await cuts.get(traced, layer, async () => cutBehind(traced, layer, picture));
  const shape = traced.shapes.get(layer);
  const isOneBatch = dims[0] === traced.shapes.get(picture)?.dims[0];
  if (!behind || !isOneBatch || shape?.type !== "float32") return undefined;
  const pictures = (data as Float32Array).slice();
  const { name } = runtime;
  const last = known.get(traced);
  const isKnown = last?.layer === layer && last.runtime === name && isSame(last.pictures, pictures);
  const rows: Float32Array[] = [];
  return {
    graph: isKnown ? behind : traced,
    pictures: tensor("float32", dims, pictures),
    value: isKnown ? last.value : undefined,
    keep: (result) => {
      if (isKnown) return;
      rows.push(result.of(layer));
      if (rows.length < dims[0]!) return;
      const value = stackRows(rows, [rows.length, ...result.dims(layer)]);
      // Shapes may depend on the picture, and the runtime may be another one by now.
      const isAsTraced = String(value.dims) === String(shape.dims);
      if (isAsTraced && runtime.name === name)
        known.set(traced, { layer, runtime: name, pictures, value });
    },
  };
}

/** By graph and layer, so that the runtime finds its session again. */
const cuts = new OnceEach<Graph, Graph | undefined>();

function cutBehind(traced: Graph, layer: string, picture: string): Graph | undefined {
  const outputs = traced.outputs.map(({ name }) => name);
  if (layer === picture || outputs.includes(layer)) return undefined;
  const behind = cut(traced, { outputs, inputs: [layer] });
  const before = cut(traced, { outputs: [layer] });
  const isOnlyWay =
    behind.inputs.some(({ name }) => name === layer) &&
    behind.inputs.every(({ name }) => name !== picture);
  const isOfPictures = before.inputs.length === 1 && before.inputs[0]!.name === picture;
  const isSmall = bytesOf(behind.initializers.values()) <= mostBytes;
  const isKept =
    bytesOf([layer, picture].flatMap((name) => traced.shapes.get(name) ?? [])) <= mostBytes;
  const isSure = !before.nodes.some(isByChance);
  return isOnlyWay && isOfPictures && isSmall && isKept && isSure ? behind : undefined;
}

function bytesOf(values: Iterable<Pick<Tensor, "type" | "dims">>): number {
  let bytes = 0;
  for (const value of values) bytes += sizeInBytes(value);
  return bytes;
}

function isByChance(node: Node): boolean {
  return (
    randomOperators.has(node.operator) ||
    subgraphsOf(node).some(({ nodes }) => nodes.some(isByChance))
  );
}

/** Bit for bit, but for kinds of NaN. */
function isSame(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
