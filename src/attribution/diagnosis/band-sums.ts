/** @file How much each channel of an input weighs in a map. */
import type { Heatmap } from "../heatmap.ts";

/** The sum over all places of each channel of a map with channels, signs and all, in the map's unit. */
export function bandSums({ data, dims }: Pick<Heatmap, "data" | "dims">): readonly number[] {
  const [channels = 1] = dims;
  const places = data.length / channels;
  return Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (let i = channel * places; i < (channel + 1) * places; i++) sum += data[i]!;
    return sum;
  });
}
