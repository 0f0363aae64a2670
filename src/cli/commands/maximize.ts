/** @file `limpid maximize`: the pictures that excite units most. */
import { Option, type Command } from "commander";
import type { MaximizeTexts } from "../../app/maximize/request-texts.ts";
import { objectiveEntries } from "../../optvis/objective-table.ts";
import { presetLines, presets } from "../../optvis/presets.ts";
import { describedEntries } from "../../wording/described-entries.ts";
import {
  modelText,
  kindOption,
  labelsOption,
  outputOption,
  preprocessOption,
  rangeOption,
  runtimeOption,
  weightsOption,
} from "../network-options.ts";
import type { CommandIo } from "../io.ts";
import { contextOf, type JobOptions } from "../job-context.ts";
import { collected } from "../lists.ts";
import { jsonText, textLines } from "../../wording/shown-text.ts";

/** Adds arguments, options and the work to the command. */
export function configureMaximize(command: Command, io: CommandIo): void {
  command
    .argument("[model]", `${modelText}; with --recipe, by default the recipe's`)
    .option(
      "--target <what>",
      "class numbers or labels (20,33), A minus B, of another output: OUTPUT:NUMBER, or of a layer: LAYER:CHANNEL, LAYER:CHANNEL@ROWxCOLUMN, LAYER:direction(0.2,-1,...)",
    )
    .option(
      "--layer <names>",
      "layers (a,b), or any parts of names that no others have; repeatable",
      collected,
    )
    .option("--layers <which>", "every-conv: each convolution after its activation function")
    .option("--channel <numbers>", "7, 0-63, 1,5,8-11, all, or random:10 (default: random:16)")
    .option("--neuron <unit>", "channel, row and column (7,3,3), or a channel in the centre (7)")
    .option("--class <numbers>", "classes, chosen as channels are, or a label")
    .option(
      "--objective <sum>",
      "what becomes large: one of those below, or a sum; default: the activation, or what the preset has for classes",
    )
    .addOption(
      new Option("--preset <name>", "how pictures are made; see below")
        .choices(Object.keys(presets))
        .default("natural"),
    )
    .option("--size <px>", "side of the pictures; default: what the network takes")
    .option("--steps <n>", "steps instead of the preset's")
    .option("--seed <n>", "where randomness starts", "0")
    .option("--negative", "what excites the units least")
    .option("--diversity <k>", "k pictures a unit that differ from each other")
    .option(
      "--photos <paths...>",
      "pictures or folders: what silent units make of them, which are also tried from them",
    )
    .addOption(weightsOption)
    .addOption(preprocessOption)
    .addOption(rangeOption)
    .addOption(labelsOption)
    .addOption(outputOption)
    .addOption(kindOption)
    .addOption(runtimeOption)
    .option("--out <dir>", "the folder of the pictures; default: one of its own in maximized/")
    .option("--animate", "also an animated WebP of each picture's way")
    .option("--recipe <file>", "make the pictures of a recipe.json again")
    .option("--json", "print one JSON object")
    .option(
      "--with <module>",
      "a JavaScript module of yours that adds objectives; repeatable",
      collected,
    )
    .addHelpText(
      "after",
      `\nPresets:\n${presetLines()}\n\nObjectives:\n${objectiveLines()}\n${examples}`,
    )
    .action((model: string | undefined, options: JobOptions & MaximizeTexts) =>
      make(model, options, io),
    );
}

async function make(
  model: string | undefined,
  options: JobOptions & MaximizeTexts,
  io: CommandIo,
): Promise<void> {
  const { maximizeRequest } = await import("../../app/maximize/request-texts.ts");
  const { maximize } = await import("../../app/maximize/maximize.ts");
  const context = contextOf(io, options);
  const { offline: _, weights: _1, json, ...asked } = options;
  const made = await maximize(maximizeRequest(model, asked), context);
  if (json) return context.print(`${jsonText(made.record)}\n`);
  const { lineOfUnit } = await import("../../app/maximize/unit-line.ts");
  const lines = made.record.units.map((unit) => lineOfUnit(unit, made.labels));
  context.print(textLines([...lines, ...made.written.map((path) => `wrote ${path}`)]));
}

const examples = `
The folder gets a PNG and a .npy file a unit (float32 [C, H, W] as the network takes it), a contact sheet a
layer, results.json and recipe.json. Stopped with Ctrl-C, the same command goes on with the units not yet done.

Examples:
  $ limpid maximize googlenet.onnx --preprocess caffe --layer inception_4a/output --channel 0-15
  $ limpid maximize model.onnx --class "golden retriever" --animate
  $ limpid maximize model.onnx --target "tabby minus tiger cat,conv5:12,conv5:12@3x3"
  $ limpid maximize model.onnx --layer conv5 --objective "caricature(photo=cat.jpg)"
  $ limpid maximize model.onnx --layer conv5 --channel 0-15 --objective "activation + 0.1 * alignment"
  $ limpid maximize vgg16.onnx --layers every-conv --channel random:64 --preset chollet --size 128
  $ limpid maximize model.onnx --layer conv5 --channel all --photos photos/
  $ limpid maximize --recipe maximized/recipe.json --out again
`;

function objectiveLines(): string {
  return describedEntries(
    Array.from(objectiveEntries(), ([name, { description, paper, options }]) => ({
      name,
      about: [`${description}${paper === undefined ? "" : ` (${paper})`}`],
      options,
    })),
  );
}
