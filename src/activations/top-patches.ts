/** @file The pictures and places that excite each channel of a layer most, found in one pass over any number of pictures. */
import type { LayerSizes, PictureSummary } from "./picture-summary.ts";

/** A place of a layer in one of the pictures. */
export interface TopPatch {
  /** Number of the picture. */
  readonly picture: number;
  /** The channel's greatest value in it. */
  readonly value: number;
  /** Where in the layer it is first reached. */
  readonly y: number;
  readonly x: number;
}

/** What is kept, [C, k] each, the greatest value of a channel first; the rest of a row is -1, its values 0. */
export interface TopPatchesState {
  readonly values: Float32Array;
  readonly pictures: Int32Array;
  readonly places: Int32Array;
}

/**
 * Keeps the `k` pictures of greatest activation of each channel, by its maximum over places. A picture in which a
 * channel is 0 everywhere, or not a number, does not count for it. Of equal values the smaller picture number
 * comes first, so the result does not depend on the order of pictures. Takes 12 bytes times k a channel.
 */
export class TopPatches {
  readonly k: number;
  readonly sizes: LayerSizes;
  readonly state: TopPatchesState;

  /** `state` goes on from an earlier one of the same sizes and k. */
  constructor(sizes: LayerSizes, k: number, state?: TopPatchesState) {
    const count = sizes.channels * k;
    this.k = k;
    this.sizes = sizes;
    this.state = state ?? {
      values: new Float32Array(count),
      pictures: new Int32Array(count).fill(-1),
      places: new Int32Array(count).fill(-1),
    };
  }

  /** Takes in what a picture makes of the layer. */
  add(picture: number, summary: PictureSummary): void {
    const places = this.sizes.height * this.sizes.width;
    for (let c = 0; c < this.sizes.channels; c++) {
      const value = summary.maxima[c]!;
      if (Number.isNaN(value) || summary.zeros[c] === places) continue;
      this.#insert(c, picture, value, summary.places[c]!);
    }
  }

  /** Takes in what another kept of pictures that are numbered from `first` on here. The result depends on no order. */
  absorb(other: TopPatches, first: number): void {
    const { values, pictures, places } = other.state;
    for (let at = 0; at < pictures.length; at++) {
      if (pictures[at]! < 0) continue;
      this.#insert(Math.floor(at / other.k), first + pictures[at]!, values[at]!, places[at]!);
    }
  }

  #insert(channel: number, picture: number, value: number, place: number): void {
    const { values, pictures, places } = this.state;
    const first = channel * this.k;
    const isBehind = (at: number) =>
      pictures[at] === -1 ||
      values[at]! < value ||
      (values[at] === value && pictures[at]! > picture);
    let at = first + this.k;
    while (at > first && isBehind(at - 1)) at -= 1;
    const end = first + this.k;
    if (at === end) return;
    for (const list of [values, pictures, places]) list.copyWithin(at + 1, at, end - 1);
    values[at] = value;
    pictures[at] = picture;
    places[at] = place;
  }

  /** The patches of a channel, the strongest first; fewer than k where fewer pictures excite it. */
  of(channel: number): readonly TopPatch[] {
    const { values, pictures, places } = this.state;
    const found: TopPatch[] = [];
    for (let at = channel * this.k; at < (channel + 1) * this.k; at++) {
      if (pictures[at] === -1) break;
      const y = Math.floor(places[at]! / this.sizes.width);
      const x = places[at]! % this.sizes.width;
      found.push({ picture: pictures[at]!, value: values[at]!, y, x });
    }
    return found;
  }
}
