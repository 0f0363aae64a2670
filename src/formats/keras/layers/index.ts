/** @file THE table of Keras layers, by the name of the class. */
import { activationLayers } from "./activations.ts";
import { attentionLayers } from "./attentions.ts";
import { convolutionLayers } from "./convolutions.ts";
import { denseLayers } from "./dense-layers.ts";
import { einsumLayers } from "./einsum-dense.ts";
import { scalingLayers } from "./input-scaling.ts";
import type { LayerKind } from "./layer-kind.ts";
import { mergeLayers } from "./merges.ts";
import { normalizationLayers } from "./normalizations.ts";
import { operationLayers } from "./operation-layers.ts";
import { passingLayers } from "./passing.ts";
import { poolLayers } from "./pools.ts";
import { resizingLayers } from "./resizings.ts";
import { shapeLayers } from "./shapes.ts";
import { transposedLayers } from "./transposed-convolutions.ts";
import { wrapperLayers } from "./wrappers.ts";

const kinds: Readonly<Record<string, LayerKind>> = {
  ...activationLayers,
  ...attentionLayers,
  ...convolutionLayers,
  ...denseLayers,
  ...einsumLayers,
  ...mergeLayers,
  ...normalizationLayers,
  ...operationLayers,
  ...passingLayers,
  ...poolLayers,
  ...resizingLayers,
  ...scalingLayers,
  ...shapeLayers,
  ...transposedLayers,
  ...wrapperLayers,
};

/** Names that older versions gave classes, or that are short for them. */
const otherNames: Readonly<Record<string, string>> = {
  AvgPool1D: "AveragePooling1D",
  AvgPool2D: "AveragePooling2D",
  AvgPool3D: "AveragePooling3D",
  BatchNormalizationV1: "BatchNormalization",
  BatchNormalizationV2: "BatchNormalization",
  Convolution1D: "Conv1D",
  Convolution2D: "Conv2D",
  Convolution2DTranspose: "Conv2DTranspose",
  Convolution3D: "Conv3D",
  Convolution3DTranspose: "Conv3DTranspose",
  DepthwiseConvolution2D: "DepthwiseConv2D",
  GlobalAvgPool1D: "GlobalAveragePooling1D",
  GlobalAvgPool2D: "GlobalAveragePooling2D",
  GlobalAvgPool3D: "GlobalAveragePooling3D",
  GlobalMaxPool1D: "GlobalMaxPooling1D",
  GlobalMaxPool2D: "GlobalMaxPooling2D",
  GlobalMaxPool3D: "GlobalMaxPooling3D",
  MaxPool1D: "MaxPooling1D",
  MaxPool2D: "MaxPooling2D",
  MaxPool3D: "MaxPooling3D",
  SeparableConvolution1D: "SeparableConv1D",
  SeparableConvolution2D: "SeparableConv2D",
  SyncBatchNormalization: "BatchNormalization",
};

/** The row of a class, if it has one. */
export function layerKindOf(className: string): LayerKind | undefined {
  const name = Object.hasOwn(otherNames, className) ? otherNames[className]! : className;
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}

/** Names of all classes with a row. */
export const layerClasses: readonly string[] = Object.keys(kinds);
