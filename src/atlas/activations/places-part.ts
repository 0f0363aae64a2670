/** @file What photos make of single places of layers, as a record that photos flow into, and as a file. */
import { layerSizes } from "../../activations/picture-summary.ts";
import type { PictureRecord } from "../../app/activations/stream.ts";
import { LimpidError } from "../../errors.ts";
import { checksumOf, isAsWritten } from "../../formats/checksum.ts";
import { decodeSafetensors, encodeSafetensors } from "../../formats/safetensors.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import type { Tensors } from "../../runtime/runtime.ts";
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

const format = "limpid-atlas-places-1";

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

  encode(): Uint8Array {
    const tensors: Record<string, Tensor> = {};
    for (const [i, { values, photos, places }] of this.#found.entries()) {
      const { channels } = layerSizes("places", this.plan.layers[i]!.dims);
      const data = new Float32Array(values.length * channels);
      for (const [row, each] of values.entries()) data.set(each, row * channels);
      tensors[`${i}/values`] = tensor("float32", [values.length, channels], data);
      tensors[`${i}/photos`] = tensor("int32", [photos.length], Int32Array.from(photos));
      tensors[`${i}/places`] = tensor("int32", [places.length], Int32Array.from(places));
    }
    return encodeSafetensors(tensors, { format, checksum: checksumOf(tensors) });
  }
}

/** The places of one of a plan's layers. Throws `bad-file` for bytes that are no such part. */
export function decodePlaces(
  { layers, photos }: PlacesPlan,
  layer: string,
  bytes: Uint8Array,
  part: string,
): LayerPlaces {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const at = layers.findIndex(({ name }) => name === layer);
  const { channels, height, width } = layerSizes(layer, layers[at]!.dims);
  const values = tensors[`${at}/values`];
  const ofPhotos = tensors[`${at}/photos`];
  const places = tensors[`${at}/places`];
  const isWhole = metadata["format"] === format && isAsWritten(metadata["checksum"], tensors);
  if (
    isWhole &&
    values?.type === "float32" &&
    areBelow(ofPhotos, photos.length) &&
    areBelow(places, height * width) &&
    values.data.length === ofPhotos.data.length * channels &&
    places.data.length === ofPhotos.data.length
  ) {
    return {
      channels,
      values: values.data as Float32Array,
      photos: ofPhotos.data as Int32Array,
      places: places.data as Int32Array,
    };
  }
  throw new LimpidError(
    "bad-file",
    `atlas: "${part}" must hold places of photos as they were written, got something else. remove it to make it again.`,
  );
}

function areBelow(list: Tensor | undefined, end: number): list is Tensor {
  return (
    list?.type === "int32" && (list.data as Int32Array).every((value) => value >= 0 && value < end)
  );
}
