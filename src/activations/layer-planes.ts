/** @file Channels of a layer as planes: those of pictures as they are, of signals in one row, of volumes by their slices. */
import { elementCount, tensor, type Tensor } from "../graph/tensor.ts";
import type { Plane } from "../image/picture.ts";
import { peakOf, sliceAcross, type Volume } from "../image/volume.ts";
import { channelPlanes } from "./layer-values.ts";

/** Whether values are a signal's [C, T], or a volume's [C, D, H, W]; a picture's are [C, H, W] or [C]. */
export function kindOfValues({ dims }: Pick<Tensor, "dims">): "signal" | "volume" | "picture" {
  if (dims.length === 2) return "signal";
  return dims.length === 4 ? "volume" : "picture";
}

/** The values with two axes behind the channels: of a signal [C, 1, T], of a volume [C, D * H, W], its slices below each other. */
export function foldedValues(values: Tensor): Tensor {
  if (kindOfValues(values) === "picture") return values;
  const [channels, ...sides] = values.dims as [number, ...number[]];
  const rows = elementCount(sides.slice(0, -1));
  return tensor("float32", [channels, rows, sides.at(-1)!], values.data as Float32Array);
}

/** A channel as it is shown. */
export interface ShownChannel {
  readonly map: Plane;
  /** Of a volume the number, from 1, of the slice across its depth that is shown. */
  readonly slice?: number;
}

/** Each channel, of a volume the slice through its maximum, or the first where no voxel differs. */
export function shownChannels(values: Tensor): readonly ShownChannel[] {
  if (kindOfValues(values) !== "volume") {
    return channelPlanes(foldedValues(values)).map((map) => ({ map }));
  }
  const [channels, ...sides] = values.dims as [number, ...Volume["dims"]];
  const size = elementCount(sides);
  return Array.from({ length: channels }, (_, c) => {
    const data = (values.data as Float32Array).subarray(c * size, (c + 1) * size);
    const volume = { dims: sides, data };
    const at = peakOf(volume)?.at[0] ?? 0;
    return { map: sliceAcross(volume, 0, at), slice: at + 1 };
  });
}
