/** @file How far two neighbouring places of a layer are apart, in pixels of the network's input. */
import type { ReceptiveFields } from "../../activations/receptive-field.ts";

export interface PlaceStep {
  readonly x: number;
  readonly y: number;
}

/**
 * As the borders of receptive fields move from place to place, where they do not end at the picture's own; for layers whose
 * fields are the whole picture, as places are spread over it evenly. `input` and `layer` are heights and widths.
 */
export function placeStep(
  fieldOf: ReceptiveFields,
  input: { readonly height: number; readonly width: number },
  layer: { readonly height: number; readonly width: number },
): PlaceStep {
  return {
    x: stepAlong(layer.width, input.width, (x) => {
      const { left, widthPx } = fieldOf({ y: Math.floor(layer.height / 2), x });
      return [left, left + widthPx];
    }),
    y: stepAlong(layer.height, input.height, (y) => {
      const { top, heightPx } = fieldOf({ y, x: Math.floor(layer.width / 2) });
      return [top, top + heightPx];
    }),
  };
}

function stepAlong(
  places: number,
  pixels: number,
  endsOf: (place: number) => readonly [start: number, end: number],
): number {
  if (places < 2) return pixels;
  let moved = 0;
  // At least one of the borders of at least one of them lies within the picture, if any does.
  for (const place of [0, Math.floor(places / 2) - 1, places - 2]) {
    const [[start, end], [nextStart, nextEnd]] = [endsOf(place), endsOf(place + 1)];
    const isSeen = end > start && nextEnd > nextStart;
    if (isSeen) moved = Math.max(moved, nextStart - start, nextEnd - end);
  }
  return moved > 0 ? moved : pixels / places;
}
