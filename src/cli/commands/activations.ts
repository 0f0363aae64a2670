/** @file `limpid activations`: what every channel of every layer makes of a picture, or of a folder of them. */
import { Option, type Command } from "commander";
import { scalings } from "../../activations/channel-sheet.ts";
import type { ActivationsOptions } from "../../app/activations/activations.ts";
import type { CommandIo } from "../io.ts";
import { runtimeNames } from "../../app/platform.ts";

/** Adds arguments, options and the work to the command. */
export function configureActivations(command: Command, io: CommandIo): void {
  const many = (value: string, known: readonly string[] = []) => [...known, value];
  command
    .argument("<model>", "an ONNX file, or a name that limpid fetch lists")
    .argument(
      "<input>",
      "a picture (JPEG, PNG, WebP, GIF, BMP), a .npy tensor [1,C,H,W] fed as it is, or a folder of pictures",
    )
    .option(
      "--layer <name>",
      "a layer, or any part of a name that no other has; repeatable (default: every convolution and pool)",
      many,
    )
    .option(
      "--channel <numbers>",
      "single channels of the one layer, enlarged over the picture: 7, 0-3, or 1,5",
    )
    .addOption(
      new Option(
        "--scale <whose>",
        "colours of a layer's channels: one scale for the layer, or each channel's own",
      )
        .choices(scalings)
        .default("layer"),
    )
    .option("--top <k>", "of a folder: pictures kept of each channel", "9")
    .option(
      "--preprocess <how>",
      "torchvision, caffe, tf, unit, none, or a .json file; default: what the model says, else torchvision",
    )
    .addOption(new Option("--runtime <name>", "what computes").choices(runtimeNames).default("cpu"))
    .option("--out <dir>", "the folder of the results", "activations")
    .option("--json", "print one JSON object")
    .addHelpText("after", examples)
    .action(async (model: string, input: string, options: ActivationsOptions) => {
      const { activations } = await import("../../app/activations/activations.ts");
      await activations(model, input, options, io);
    });
}

const examples = `
Of a picture, the folder gets a sheet a layer with all its channels (16 to a row, dead ones marked), the numbers of
the layer as .npy (float32 [C, H, W]), depth.svg, and activations.json: zeros, dead channels, mean, spread, how many
channels are effectively active, and how much the maps are like the picture.

Of a folder, it gets a sheet a layer with the patches that excite each channel most, cut to what the channel saw, and
the same measures over all pictures. Where sub-folders are classes, also how well each layer tells them. Stopped with
Ctrl-C, the same command goes on with the pictures not yet seen.

Examples:
  $ limpid activations googlenet.onnx cat.jpg --preprocess caffe
  $ limpid activations model.onnx cat.jpg --layer conv3 --channel 4,17 --out look
  $ limpid activations model.onnx photos/ --top 16 --json
`;
