/** @file Layers that do something in training alone, and pass everything on afterwards. */
import { unary } from "../../channels-last/elementwise.ts";
import { only, type LayerKind } from "./layer-kind.ts";

const passed: LayerKind = { build: (call) => unary(call.b, "Identity", only(call), call.name) };

const names = [
  "ActivityRegularization",
  "AlphaDropout",
  "Dropout",
  "GaussianDropout",
  "GaussianNoise",
  "Identity",
  "SpatialDropout1D",
  "SpatialDropout2D",
  "SpatialDropout3D",
  // Of keras.applications' ConvNeXt.
  "StochasticDepth",
  // Augmentation.
  "AugMix",
  "CutMix",
  "MixUp",
  "RandAugment",
  "RandomBrightness",
  "RandomColorDegeneration",
  "RandomColorJitter",
  "RandomContrast",
  "RandomElasticTransform",
  "RandomErasing",
  "RandomFlip",
  "RandomGaussianBlur",
  "RandomGrayscale",
  "RandomHue",
  "RandomInvert",
  "RandomPerspective",
  "RandomPosterization",
  "RandomRotation",
  "RandomSaturation",
  "RandomSharpness",
  "RandomShear",
  "RandomTranslation",
  "RandomZoom",
] as const;

export const passingLayers: Readonly<Record<string, LayerKind>> = Object.fromEntries(
  names.map((name) => [name, passed]),
);
