/** @file THE table of ready architectures. */
import { closestNames } from "../../wording/closest-names.ts";
import { LimpidError } from "../../errors.ts";
import { describedNetwork } from "../described-network.ts";
import type { TrainableNetwork } from "../trainable-network.ts";
import type { Architecture, ArchitectureSize } from "./architecture.ts";
import { catsDogsArchitecture } from "./cats-dogs.ts";
import { mnistArchitecture } from "./digits.ts";
import { petsArchitecture } from "./pets.ts";
import { shapesDetectArchitecture } from "./shapes-detect.ts";
import { shapesSegmentArchitecture } from "./shapes-segment.ts";
import { resnet50Architecture, slimResnet50Architecture } from "./resnet50.ts";
import { slimVgg16Architecture, vgg16Architecture } from "./vgg16.ts";

/** Architectures by the name that the command line takes. */
export const architectures = {
  mnist: {
    description: "two convolutions and two dense layers, for small grey pictures",
    describe: mnistArchitecture,
  },
  "cats-dogs": {
    description: "four convolutions with max-pools and two dense layers",
    oneUnitForTwo: true,
    describe: catsDogsArchitecture,
  },
  pets: {
    description: "four convolutions with batch normalisation, 80,000 parameters",
    oneUnitForTwo: true,
    describe: petsArchitecture,
  },
  "shapes-segment": {
    description: "a small U-Net with batch normalisation: the class of every place",
    answers: "places",
    describe: shapesSegmentArchitecture,
  },
  "shapes-detect": {
    description: "a small detector without anchors on two scales: boxes and classes",
    answers: "boxes",
    describe: shapesDetectArchitecture,
  },
  vgg16: {
    description: "VGG16, 138 million parameters at 224 pixels",
    describe: vgg16Architecture,
  },
  "slim-vgg16": {
    description:
      "VGG16 with an eighth of the filters, batch normalisation and no large dense layers",
    describe: slimVgg16Architecture,
  },
  resnet50: { description: "ResNet50, 26 million parameters", describe: resnet50Architecture },
  "slim-resnet50": {
    description: "ResNet50 with a quarter of the filters and two blocks a stage",
    describe: slimResnet50Architecture,
  },
} as const satisfies Readonly<Record<string, Architecture>>;

type ArchitectureName = keyof typeof architectures;

/** The architecture of a name. Throws `bad-option` for an unknown one. */
function architectureOf(name: string): Architecture {
  if (Object.hasOwn(architectures, name)) return architectures[name as ArchitectureName];
  const all = Object.keys(architectures).join(", ");
  const close = closestNames(name, Object.keys(architectures));
  const meant = close.length > 0 ? ` did you mean ${close.join(" or ")}?` : "";
  throw new LimpidError(
    "bad-option",
    `arch: the name must be one of ${all} or a .json file, got "${name}".${meant}`,
  );
}

/** A ready network for pictures and a number of classes, its kernels drawn from the seed. */
export function architectureNetwork(
  name: string,
  { input, classes }: ArchitectureSize,
  seed = 0,
): TrainableNetwork {
  const { describe, oneUnitForTwo = false } = architectureOf(name);
  const units = oneUnitForTwo && classes === 2 ? 1 : classes;
  return describedNetwork(describe({ input, classes: units }), seed);
}
