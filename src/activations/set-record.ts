/** @file All that is gathered of a set of pictures, layer by layer, and how it is put by and taken up again. */
import * as v from "valibot";
import { LimpidError } from "../errors.ts";
import { checksumOf, isAsWritten } from "../formats/checksum.ts";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.ts";
import { tensor, type Tensor } from "../graph/tensor.ts";
import type { Tensors } from "../runtime/runtime.ts";
import { readJson } from "../wording/read-json.ts";
import { layerSizes, summarise, type LayerSizes } from "./picture-summary.ts";
import { SetStatistics } from "./set-statistics.ts";
import { TopPatches } from "./top-patches.ts";

/** What is gathered, and of what. */
export interface SetPlan {
  /** Names and shapes [N, C, H, W] or [N, C]. */
  readonly layers: readonly { readonly name: string; readonly dims: readonly number[] }[];
  readonly pictures: number;
  /** Pictures kept of each channel. */
  readonly k: number;
  /** Numbers of the pictures whose pooled activations are kept for the read-out, in rising order. */
  readonly pooled: readonly number[];
}

/** A layer's part of the record. */
export interface LayerRecord {
  readonly name: string;
  readonly sizes: LayerSizes;
  readonly tops: TopPatches;
  readonly statistics: SetStatistics;
  /** [pooled pictures, C]: means over places; NaN of pictures not seen. */
  readonly pooled: Float32Array;
}

const format = "limpid-activations-1";

/** The record of a set: bounded by k a channel, one number a layer and picture, and the pooled activations. */
export class SetRecord {
  readonly plan: SetPlan;
  readonly layers: readonly LayerRecord[];
  /** Pictures before this one are done. */
  next = 0;
  /** What was wrong with those that could not be used. */
  readonly broken = new Map<number, string>();
  readonly #rows: ReadonlyMap<number, number>;

  constructor(plan: SetPlan, state?: Tensors) {
    this.plan = plan;
    this.#rows = new Map(plan.pooled.map((picture, row) => [picture, row]));
    this.layers = plan.layers.map(({ name, dims }, i) => layerRecord(plan, name, dims, state, i));
  }

  /** Takes in row `row` of what the layers make of pictures, by their names. */
  add(picture: number, values: Tensors, row: number): void {
    const pooledRow = this.#rows.get(picture);
    for (const { name, sizes, tops, statistics, pooled } of this.layers) {
      const summary = summarise(values[name]!, row);
      tops.add(picture, summary);
      statistics.add(picture, summary);
      if (pooledRow !== undefined) pooled.set(summary.means, pooledRow * sizes.channels);
    }
  }

  /** Takes in a record of the same layers, of pictures that are numbered from `first` on here. */
  absorb(other: SetRecord, first: number): void {
    for (const [i, { tops, statistics, pooled, sizes }] of this.layers.entries()) {
      const part = other.layers[i]!;
      tops.absorb(part.tops, first);
      statistics.absorb(part.statistics, first);
      for (const [row, picture] of other.plan.pooled.entries()) {
        const to = this.#rows.get(first + picture);
        if (to === undefined) continue;
        pooled.set(
          part.pooled.subarray(row * sizes.channels, (row + 1) * sizes.channels),
          to * sizes.channels,
        );
      }
    }
    for (const [picture, message] of other.broken) this.broken.set(first + picture, message);
    this.next = Math.max(this.next, first + other.next);
  }

  /** The record as a safetensors file; `recipe` says what it is a record of. */
  encode(recipe: string): Uint8Array {
    const tensors = Object.assign({}, ...this.layers.map(layerTensors)) as Tensors;
    const facts = JSON.stringify({ next: this.next, broken: [...this.broken] });
    const checksum = checksumOf(tensors);
    return encodeSafetensors(tensors, { format, recipe, facts, checksum });
  }

  /**
   * A record taken up from bytes, or undefined if they are of another recipe. Throws `bad-file` for bytes that are no
   * record of the plan.
   */
  static decode(plan: SetPlan, recipe: string, bytes: Uint8Array): SetRecord | undefined {
    const { tensors, metadata } = decodeSafetensors(bytes);
    if (metadata["format"] !== format || metadata["recipe"] !== recipe) return undefined;
    const text = metadata["facts"] ?? "";
    const facts = factsOf(plan, text);
    if (!facts || !fits(plan, tensors) || !isAsWritten(metadata["checksum"], tensors)) {
      throw new LimpidError(
        "bad-file",
        "activations: the saved record must hold what was gathered so far, got something else. remove it to begin again.",
      );
    }
    const record = new SetRecord(plan, tensors);
    record.next = facts.next;
    for (const [picture, message] of facts.broken) record.broken.set(picture, message);
    return record;
  }
}

const index = v.pipe(v.number(), v.integer(), v.minValue(0));

/** How far a record is, and what was wrong with pictures. */
const savedFacts = v.strictObject({ next: index, broken: v.array(v.tuple([index, v.string()])) });

/** The facts of a text, if they can be of the plan's pictures. */
function factsOf(
  { pictures }: SetPlan,
  text: string,
): v.InferOutput<typeof savedFacts> | undefined {
  const read = readJson(text);
  const facts = "fault" in read ? undefined : v.safeParse(savedFacts, read.value);
  if (!facts?.success) return undefined;
  const { next, broken } = facts.output;
  const isOfPlan = next <= pictures && broken.every(([picture]) => picture < pictures);
  return isOfPlan ? facts.output : undefined;
}

/** Whether tensors are those of a record of the plan. */
function fits(plan: SetPlan, tensors: Tensors): boolean {
  const empty = new SetRecord(plan);
  const hasAll = empty.layers
    .flatMap((layer, i) => Object.entries(layerTensors(layer, i)))
    .every(([name, { type, data }]) => {
      const got = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
      return got?.type === type && got.data.length === data.length;
    });
  return hasAll && empty.layers.every(({ sizes }, i) => hasPlaces(tensors, i, plan, sizes));
}

/** Whether the strongest patches are places of the layer, in pictures of the plan; -1 stands for none. */
function hasPlaces(
  tensors: Tensors,
  layer: number,
  { pictures }: SetPlan,
  { height, width }: LayerSizes,
): boolean {
  const isBelow = (part: string, end: number) =>
    (tensors[`${layer}/${part}`]!.data as Int32Array).every((at) => at >= -1 && at < end);
  return isBelow("pictures", pictures) && isBelow("places", height * width);
}

function layerRecord(
  { k, pictures, pooled }: SetPlan,
  name: string,
  dims: readonly number[],
  state: Tensors | undefined,
  number: number,
): LayerRecord {
  const sizes = layerSizes(name, dims);
  const of = (part: string) => state?.[`${number}/${part}`]?.data;
  const tops = state && {
    values: of("values") as Float32Array,
    pictures: of("pictures") as Int32Array,
    places: of("places") as Int32Array,
  };
  const statistics = state && {
    sums: of("sums") as Float64Array,
    squares: of("squares") as Float64Array,
    zeros: of("zeros") as Float64Array,
    silent: of("silent") as Int32Array,
    zeroShares: of("zeroShares") as Float64Array,
    effective: of("effective") as Float64Array,
  };
  const known = of("pooled") as Float32Array | undefined;
  return {
    name,
    sizes,
    tops: new TopPatches(sizes, k, tops),
    statistics: new SetStatistics(sizes, pictures, statistics),
    pooled: known ?? new Float32Array(pooled.length * sizes.channels).fill(Number.NaN),
  };
}

function layerTensors(
  { tops, statistics, pooled }: LayerRecord,
  number: number,
): Record<string, Tensor> {
  const parts = { ...tops.state, ...statistics.state, pooled };
  return Object.fromEntries(
    Object.entries(parts).map(([part, data]) => [`${number}/${part}`, listTensor(data)]),
  );
}

function listTensor(data: Float32Array | Float64Array | Int32Array): Tensor {
  if (data instanceof Int32Array) return tensor("int32", [data.length], data);
  return data instanceof Float64Array
    ? tensor("float64", [data.length], data)
    : tensor("float32", [data.length], data);
}
