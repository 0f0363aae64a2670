/** @file A small one-stage detector for scenes of drawn shapes. */
import type { NetworkDescription } from "../described-network.ts";
import type { ArchitectureSize } from "./architecture.ts";
import { normalizedConvolution as convolution } from "./normalized-convolution.ts";

/**
 * Down to an eighth of the size, where small objects are told, and on to a sixteenth for large ones. The feature
 * maps that the head reads are `small` and `large`.
 */
export function shapesDetectArchitecture({ input, classes }: ArchitectureSize): NetworkDescription {
  return {
    input,
    layers: [
      ...convolution("conv1", 16, 2),
      ...convolution("conv2", 32, 2),
      ...convolution("conv3", 32),
      ...convolution("conv4", 64, 2),
      ...convolution("conv5", 64),
    ],
    scales: [
      convolution("small", 64),
      [...convolution("conv6", 96, 2), ...convolution("large", 96)],
    ],
    objectClasses: classes,
  };
}
