/** @file From a picture's numbers to a network's: a gain and an offset a channel, in the one loop that there is for it. */

/** `input[c] = picture[order[c]] * gain[c] + offset[c]` for pictures in 0..1; one number for each channel of the input. */
export interface AffineScaling {
  /** The picture's channel that each of the network's channels gets. */
  readonly order: readonly number[];
  readonly gain: readonly number[];
  readonly offset: readonly number[];
}

/** Where numbers of pixels lie: channel c of place i at `start + c * channelStep + i * placeStep`. */
export interface PixelNumbers<Data> {
  readonly data: Data;
  readonly start: number;
  readonly channelStep: number;
  readonly placeStep: number;
}

/** Pixels of `places` places a channel, one channel after the other, from `start` on. */
export function planar<Data>(data: Data, places: number, start = 0): PixelNumbers<Data> {
  return { data, start, channelStep: places, placeStep: 1 };
}

/** Pixels whose channels lie beside each other. */
export function interleaved<Data>(data: Data, channels: number): PixelNumbers<Data> {
  return { data, start: 0, channelStep: 1, placeStep: channels };
}

/** Writes `places` scaled pixels. `white` is what `from` has for 1: 255 for bytes. */
export function scaleInto(
  from: PixelNumbers<Uint8Array | Float32Array>,
  to: PixelNumbers<Float32Array>,
  places: number,
  scaling: AffineScaling,
  white = 1,
): void {
  const [source, target] = [from.data, to.data];
  for (const [c, other] of scaling.order.entries()) {
    const gain = scaling.gain[c]!;
    const offset = scaling.offset[c]!;
    let at = from.start + other * from.channelStep;
    let next = to.start + c * to.channelStep;
    for (let i = 0; i < places; i++, at += from.placeStep, next += to.placeStep) {
      target[next] = (source[at]! / white) * gain + offset;
    }
  }
}

/** Pictures [N, C, places] in 0..1 as [N, C, places] in the network's own range and channel order. */
export function scalePictures(
  pictures: Float32Array,
  places: number,
  scaling: AffineScaling,
): Float32Array {
  const scaled = new Float32Array(pictures.length);
  const size = scaling.order.length * places;
  for (let start = 0; start < scaled.length; start += size) {
    scaleInto(planar(pictures, places, start), planar(scaled, places, start), places, scaling);
  }
  return scaled;
}
