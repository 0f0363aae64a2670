/** @file What photos make of single places of layers, as a record that photos flow into, and as a file. */
import { layerSizes } from "../../activations/picture-summary.ts";
import type { PictureRecord } from "../../app/activations/stream.ts";
import { crc32 } from "../../formats/checksum.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import type { Tensors } from "../../runtime/runtime.ts";
import { decodePart, encodePart } from "../jobs/part-file.ts";
import { presentPart, type PartRange, type PartStore } from "../jobs/part-store.ts";
import { drawnPlaces } from "./drawn-places.ts";

/** Places of a layer, in the order of photos and as they were drawn of each. */
export interface LayerPlaces {
  readonly channels: number;
  /** [places, channels]. */
  readonly values: Float32Array;
  /** Of each place the number of its photo, and y * width + x. */
  readonly photos: Int32Array;
  readonly places: Int32Array;
}

export interface PlacesPlan {
  /** Names and shapes [N, C, H, W] or [N, C]. */
  readonly layers: readonly { readonly name: string; readonly dims: readonly number[] }[];
  /** Names of the photos, by which places are drawn. */
  readonly photos: readonly string[];
  /** Places of each photo. */
  readonly each: number;
}

export const placesFormat = "limpid-atlas-places-2";

/** What has come of the places of a block's photos, which are numbered from 0 on. */
export class PlacesRecord implements PictureRecord {
  readonly plan: PlacesPlan;
  next = 0;
  readonly broken = new Map<number, string>();
  readonly #found: readonly { values: Float32Array[]; photos: number[]; places: number[] }[];

  constructor(plan: PlacesPlan) {
    this.plan = plan;
    this.#found = plan.layers.map(() => ({ values: [], photos: [], places: [] }));
  }

  add(picture: number, values: Tensors, row: number): void {
    const { layers, photos, each } = this.plan;
    for (const [i, { name, dims }] of layers.entries()) {
      const { channels, height, width } = layerSizes(name, dims);
      const count = height * width;
      const data = values[name]!.data as Float32Array;
      const own = this.#found[i]!;
      for (const place of drawnPlaces(photos[picture]!, name, { places: count, each })) {
        const start = row * channels * count + place;
        own.values.push(
          Float32Array.from({ length: channels }, (_, c) => data[start + c * count]!),
        );
        own.photos.push(picture);
        own.places.push(place);
      }
    }
  }

  /** An index, and behind it each layer's places as a file of their own: whoever wants one layer reads no other. */
  encode(): Uint8Array {
    const files = this.#found.map(({ values, photos, places }, i) => {
      const { channels } = layerSizes("places", this.plan.layers[i]!.dims);
      const data = new Float32Array(values.length * channels);
      for (const [row, each] of values.entries()) data.set(each, row * channels);
      return encodePart(placesFormat, {
        values: tensor("float32", [values.length, channels], data),
        photos: tensor("int32", [photos.length], Int32Array.from(photos)),
        places: tensor("int32", [places.length], Int32Array.from(places)),
      });
    });
    const ends = [indexBytes(files.length)];
    for (const file of files) ends.push(ends.at(-1)! + file.length);
    const bytes = new Uint8Array(ends.at(-1)!);
    bytes.set(encodeIndex(ends));
    for (const [i, file] of files.entries()) bytes.set(file, ends[i]);
    return bytes;
  }
}

/** Where each layer's file ends, the first behind the index, and a checksum of that. */
function encodeIndex(ends: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(indexBytes(ends.length - 1)));
  for (const [i, end] of ends.entries()) view.setFloat64(8 * i, end, true);
  const last = 8 * ends.length;
  view.setFloat64(last, crc32(new Uint8Array(view.buffer, 0, last)), true);
  return new Uint8Array(view.buffer);
}

function indexBytes(layers: number): number {
  return 8 * (layers + 2);
}

/** The bytes of a layer's file; undefined where an index is not as it was written. */
function rangeIn(index: Uint8Array, at: number): PartRange | undefined {
  const view = new DataView(index.buffer, index.byteOffset, index.byteLength);
  const last = index.byteLength - 8;
  if (crc32(index.subarray(0, last)) !== view.getFloat64(last, true)) return undefined;
  const first = view.getFloat64(8 * at, true);
  return { first, length: view.getFloat64(8 * (at + 1), true) - first };
}

/** The places of one of a plan's layers, of whose file alone it is read. Throws `bad-file` for bytes that are no such part. */
export async function readPlaces(
  { layers, photos }: PlacesPlan,
  layer: string,
  store: PartStore,
  part: string,
): Promise<LayerPlaces> {
  const at = layers.findIndex(({ name }) => name === layer);
  const index = await presentPart(store, part, { first: 0, length: indexBytes(layers.length) });
  const range = index.length === indexBytes(layers.length) ? rangeIn(index, at) : undefined;
  const bytes = range ? await presentPart(store, part, range) : index;
  const { channels, height, width } = layerSizes(layer, layers[at]!.dims);
  const wanted = { format: placesFormat, part, holds: "places of photos" };
  return decodePart(bytes, wanted, ({ values, photos: ofPhotos, places }) => {
    const isFitting =
      values?.type === "float32" &&
      areBelow(ofPhotos, photos.length) &&
      areBelow(places, height * width) &&
      values.data.length === ofPhotos.data.length * channels &&
      places.data.length === ofPhotos.data.length;
    if (!isFitting) return undefined;
    return {
      channels,
      values: values.data as Float32Array,
      photos: ofPhotos.data as Int32Array,
      places: places.data as Int32Array,
    };
  });
}

function areBelow(list: Tensor | undefined, end: number): list is Tensor {
  return (
    list?.type === "int32" && (list.data as Int32Array).every((value) => value >= 0 && value < end)
  );
}
