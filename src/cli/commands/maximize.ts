/** @file `limpid maximize`: the pictures that excite units most. */
import { Option, type Command } from "commander";
import { presets } from "../../optvis/presets.ts";
import type { CommandIo } from "../io.ts";
import type { MaximizeCommandOptions } from "../../app/maximize/maximize.ts";
import { runtimeNames } from "../../app/platform.ts";

/** Adds arguments, options and the work to the command. */
export function configureMaximize(command: Command, io: CommandIo): void {
  const many = (value: string, known: readonly string[] = []) => [...known, value];
  command
    .argument(
      "[model]",
      "an ONNX file, or a name that limpid fetch lists; with --recipe, by default the recipe's",
    )
    .option("--layer <name>", "a layer, or any part of a name that no other has; repeatable", many)
    .option("--layers <which>", "every-conv: each convolution after its activation function")
    .option("--channel <numbers>", "7, 0-63, 1,5,8-11, all, or random:10 (default: random:16)")
    .option("--neuron <unit>", "channel, row and column (7,3,3), or a channel in the centre (7)")
    .option("--class <numbers>", "classes, chosen as channels are, or a label")
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
      "--preprocess <how>",
      "torchvision, caffe, tf, unit, none, or a .json file; default: what the model says, else torchvision",
    )
    .option(
      "--labels <file>",
      "class names, one a line or JSON; or imagenet (default for 1,000 classes)",
    )
    .addOption(new Option("--runtime <name>", "what computes").choices(runtimeNames).default("cpu"))
    .option("--out <dir>", "the folder of the pictures; default: one of its own in maximized/")
    .option("--animate", "also an animated WebP of each picture's way")
    .option("--recipe <file>", "make the pictures of a recipe.json again")
    .option("--json", "print one JSON object")
    .addHelpText("after", `\nPresets:\n${presetLines()}\n${examples}`)
    .action(async (model: string | undefined, options: MaximizeCommandOptions) => {
      const { maximizeUnits } = await import("../../app/maximize/maximize.ts");
      await maximizeUnits(model, options, io);
    });
}

const examples = `
The folder gets a PNG and a .npy file a unit (float32 [C, H, W] as the network takes it), a contact sheet a
layer, results.json and recipe.json. Stopped with Ctrl-C, the same command goes on with the units not yet done.

Examples:
  $ limpid maximize googlenet.onnx --preprocess caffe --layer inception_4a/output --channel 0-15
  $ limpid maximize model.onnx --class "golden retriever" --animate
  $ limpid maximize vgg16.onnx --layers every-conv --channel random:64 --preset chollet --size 128
  $ limpid maximize --recipe maximized/recipe.json --out again
`;

function presetLines(): string {
  return Object.entries(presets)
    .map(([name, { title, steps }]) => `  ${name.padEnd(10)} ${title}; ${steps} steps`)
    .join("\n");
}
