/** @file Coefficients of masks behind the classes of a box, told by an output of the maps that they weigh. */
import type { LayoutFacts } from "./layout.ts";

/** As many as an output of maps [N, masks, h, w] has channels, if a box has so many numbers and more; undefined without one. */
export function maskCoefficients(
  { outputs }: Pick<LayoutFacts, "outputs">,
  numbers: number,
): number | undefined {
  const maps = outputs.find(({ dims, isFloating }) => isFloating && dims.length === 4);
  const channels = maps?.dims[1];
  return channels !== undefined && channels < numbers ? channels : undefined;
}
