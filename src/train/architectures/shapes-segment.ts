/** @file A small U-Net for scenes of drawn shapes. */
import type { LayerDescription } from "../../layers/layer.ts";
import type { NetworkDescription } from "../described-network.ts";
import type { ArchitectureSize } from "./architecture.ts";
import { normalizedConvolution as convolution } from "./normalized-convolution.ts";

/** Filters at full size, and at a half, a quarter and an eighth of it. */
const filters = [12, 24, 40, 64] as const;

/**
 * Ronneberger et al. 2015: halved three times by max-pools down to the bottleneck, doubled again as often, each time
 * beside what was there before. Layers are `encoder1` to `encoder3`, `bottleneck`, `decoder3` to `decoder1`, `logits`.
 */
export function shapesSegmentArchitecture({
  input,
  classes,
}: ArchitectureSize): NetworkDescription {
  return {
    input,
    answers: "places",
    layers: [
      ...level(0),
      { type: "conv2d", name: "logits", filters: classes, kernel: 1, padding: "same" },
    ],
  };
}

/** What lies between two sizes: the way down, all that is smaller, and the way up. */
function level(depth: number): readonly LayerDescription[] {
  const count = filters[depth]!;
  if (depth === filters.length - 1) {
    return [...convolution("bottleneck1", count), ...convolution("bottleneck", count)];
  }
  const name = depth + 1;
  return [
    ...convolution(`encoder${name}`, count),
    {
      type: "concat",
      name: `joined${name}`,
      branches: [
        [],
        [
          { type: "maxPool", name: `pool${name}` },
          ...level(depth + 1),
          { type: "conv2d", name: `narrow${name}`, filters: count, kernel: 1, padding: "same" },
          { type: "upsample", name: `up${name}` },
        ],
      ],
    },
    ...convolution(`decoder${name}`, count),
  ];
}
