/** @file What is asked and said of the pictures that excite a channel most. */
import type { Pixels } from "./protocol.ts";

export interface PatchesRequest {
  readonly layer: string;
  readonly channel: number;
  /** Pictures in hand, or so many drawn ones from number 0 on. */
  readonly photos: readonly File[] | number;
}

/** What lies in the receptive field where a picture excites a channel most. */
export interface ShownPatch {
  readonly pixels: Pixels;
  /** Of the picture, and its number among those asked of. */
  readonly name: string;
  readonly photo: number;
  /** The channel's greatest number in it. */
  readonly value: number;
  /** Size of the field, in pixels of what the network sees. */
  readonly height: number;
  readonly width: number;
}

export interface ShownPatches {
  /** The strongest first; none where no picture excites the channel. */
  readonly patches: readonly ShownPatch[];
  /** Pictures that were looked at, and why others could not be. */
  readonly pictures: number;
  readonly broken: readonly string[];
}
