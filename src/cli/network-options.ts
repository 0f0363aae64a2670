/** @file Options of several commands: how pictures are prepared, which output is meant, what computes. */
import { Option } from "commander";
import { runtimeNames } from "../app/platform.ts";
import { parsePixelRange } from "../image/file-numbers.ts";
import { headKinds } from "../network/head-kind.ts";

export const modelText =
  "a model's file, folder, zip archive or address, or a name that limpid fetch lists";

export const weightsOption = new Option(
  "--weights <file>",
  "weights of torch.save (.pth, .pt, .bin) or .safetensors in the place of the model's own of the same names",
);

export const outputOption = new Option(
  "--output <name>",
  "the output that is meant; default: the one that looks most like the answer",
);

export const kindOption = new Option(
  "--kind <what>",
  "what its numbers are; default: what the graph says",
).choices(Object.keys(headKinds));

export const preprocessOption = new Option(
  "--preprocess <how>",
  "torchvision, caffe, tf, unit, none, letterbox, yolox, or a .json file; default: what the model says, else what fits the first picture, else torchvision",
);

export const labelsOption = new Option(
  "--labels <file>",
  "class names, one a line or JSON; or imagenet (default for 1,000 classes)",
);

export const rangeOption = new Option(
  "--range <black..white>",
  "numbers of pictures' files that are black and white, as 0..4095; default: those of their format",
).argParser(parsePixelRange);

export const runtimeOption = new Option("--runtime <name>", "what computes")
  .choices(runtimeNames)
  .default("cpu");
