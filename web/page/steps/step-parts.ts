/** @file What a followed channel is drawn from: its maps and kernels one by one, and a scale for each kind of number. */
import { scaleFor, type ColorScale } from "../../../src/image/colormap.ts";
import type { FollowedChannel } from "../../steps-protocol.ts";

export interface StepParts extends Pick<
  FollowedChannel,
  "kind" | "windows" | "bias" | "countsOutside"
> {
  readonly reads: readonly { readonly kernel: Float32Array | undefined }[];
  /** [height, width] of each channel that is read. */
  readonly maps: readonly Float32Array[];
}

/** Views of a channel's parts; nothing is copied. */
export function partsOf(steps: FollowedChannel): StepParts {
  const { kind, windows, bias, countsOutside, reads, maps, kernels } = steps;
  const places = windows.input[0] * windows.input[1];
  const taps = windows.kernel[0] * windows.kernel[1];
  return {
    kind,
    windows,
    bias,
    countsOutside,
    reads: reads.map((_, i) => ({
      kernel: kernels.length > 0 ? kernels.subarray(i * taps, (i + 1) * taps) : undefined,
    })),
    maps: reads.map((_, i) => maps.subarray(i * places, (i + 1) * places)),
  };
}

export interface StepScales {
  readonly reads: ColorScale;
  readonly kernels: ColorScale;
  readonly output: ColorScale;
}

/** Everything of one kind has one scale, so that colours can be compared. */
export function scalesOf({ maps, kernels, values, stages }: FollowedChannel): StepScales {
  const output = stages.at(-1)?.values ?? values;
  return {
    reads: scaleFor(maps, { signed: maps.some((value) => value < 0) }),
    kernels: scaleFor(kernels.length > 0 ? kernels : Float32Array.of(0), { signed: true }),
    output: scaleFor(output, { signed: output.some((value) => value < 0) }),
  };
}
