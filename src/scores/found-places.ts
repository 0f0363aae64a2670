/** @file Where a network with numbers at every place finds its classes, and where a channel is highest. */
import type { PlaceLayout } from "./map-values.ts";

/** Numbers of one picture and where they lie. */
export interface PlacedValues {
  readonly values: Float32Array;
  readonly layout: PlaceLayout;
}

/** The places of each class [channels][height * width], 1 where it is found. */
export interface FoundPlaces {
  placesOf(channel: number): Uint8Array;
  readonly areas: readonly number[];
}

/** Classes that exclude each other are found where their number is the largest, the first of equals. */
export function foundLargest({ values, layout }: PlacedValues): FoundPlaces {
  const { channels, height, width, channelStride, placeStride } = layout;
  const best = Int32Array.from({ length: height * width }, (_, p) => {
    let found = 0;
    for (let c = 1; c < channels; c++) {
      const at = p * placeStride;
      if (values[c * channelStride + at]! > values[found * channelStride + at]!) found = c;
    }
    return found;
  });
  const areas = Array<number>(channels).fill(0);
  for (const channel of best) areas[channel]! += 1;
  return {
    areas,
    placesOf: (channel) => Uint8Array.from(best, (each) => (each === channel ? 1 : 0)),
  };
}

/** Classes that do not exclude each other are found where their logit is above 0. */
export function foundPositive(placed: PlacedValues): FoundPlaces {
  const { channels } = placed.layout;
  const placesOf = (channel: number) =>
    Uint8Array.from(channelOf(placed, channel), (value) => (value > 0 ? 1 : 0));
  const areas = Array.from({ length: channels }, (_, c) => areaOf(placesOf(c)));
  return { areas, placesOf };
}

/** The share of a map's places whose numbers are explained where no class can be found: the highest. */
const highestShare = 0.01;

/** The places of the highest 1 % of a channel's numbers, at least one; of equals the first. */
export function highestPlaces(placed: PlacedValues, channel: number): Uint8Array {
  const numbers = channelOf(placed, channel);
  const count = Math.max(Math.round(highestShare * numbers.length), 1);
  const order = Uint32Array.from(numbers, (_, p) => p).sort(
    (a, b) => numbers[b]! - numbers[a]! || a - b,
  );
  const inside = new Uint8Array(numbers.length);
  for (const place of order.subarray(0, count)) inside[place] = 1;
  return inside;
}

/** The channel with the largest number of all. */
export function highestChannel(placed: PlacedValues): number {
  const highest = Array.from({ length: placed.layout.channels }, (_, c) =>
    channelOf(placed, c).reduce((so, value) => Math.max(so, value), Number.NEGATIVE_INFINITY),
  );
  return indexOfLargest(highest);
}

/** The numbers of a channel, place by place. */
function channelOf({ values, layout }: PlacedValues, channel: number): Float32Array {
  const { height, width, channelStride, placeStride } = layout;
  return Float32Array.from(
    { length: height * width },
    (_, p) => values[channel * channelStride + p * placeStride]!,
  );
}

/** How many places are inside. */
export function areaOf(inside: Uint8Array): number {
  return inside.reduce((sum, one) => sum + one, 0);
}

export function indexOfLargest(numbers: readonly number[]): number {
  return numbers.reduce((best, number, i) => (number > numbers[best]! ? i : best), 0);
}
