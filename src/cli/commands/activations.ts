/** @file `limpid activations`: what every channel of every layer makes of a picture, or of a folder of them. */
import { Option, type Command } from "commander";
import { activationsOptions, type ActivationsRequest } from "../../app/activations/request.ts";
import { inputOptions } from "../../app/given-inputs.ts";
import { pictureFormats } from "../../app/pictures.ts";
import type { RuntimeName } from "../../app/platform.ts";
import { parseWhole } from "../../scores/selection.ts";
import {
  modelText,
  preprocessOption,
  rangeOption,
  runtimeOption,
  weightsOption,
} from "../network-options.ts";
import type { CommandIo } from "../io.ts";
import { contextOf, type JobOptions } from "../job-context.ts";
import { collected } from "../lists.ts";
import { addOptions } from "../option-table.ts";
import { jsonText } from "../../wording/shown-text.ts";

/** Adds arguments, options and the work to the command. */
export function configureActivations(command: Command, io: CommandIo): void {
  const { scale, top } = activationsOptions;
  command
    .argument("<model>", modelText)
    .argument(
      "<input>",
      `a picture (${pictureFormats}), a .npy tensor [1,C,H,W] fed as it is, or a folder of pictures`,
    )
    .option(
      "--layer <name>",
      "layers, or any part of a name that no other has: a,b,c; repeatable (default: every convolution and pool, and what the blocks of transformers add to)",
      collected,
    )
    .option(
      "--channel <numbers>",
      "single channels of the one layer, enlarged over the picture: 7, 0-3, or 1,5",
    )
    .addOption(
      new Option(`--scale <${scale.value}>`, scale.description)
        .choices(scale.choices)
        .default(scale.default),
    )
    .option(`--top <${top.value}>`, top.description, String(top.default))
    .addOption(weightsOption)
    .addOption(preprocessOption)
    .addOption(rangeOption)
    .addOption(runtimeOption)
    .option("--out <dir>", "the folder of the results", "activations")
    .option("--json", "print one JSON object")
    .addHelpText("after", examples)
    .action((model: string, input: string, options: ActivationsCommand) =>
      showActivations(model, input, options, io),
    );
  addOptions(command, inputOptions);
}

/** As the command line gives them. */
export interface ActivationsCommand
  extends
    JobOptions,
    Pick<ActivationsRequest, "scale" | "preprocess" | "range" | "shape" | "given"> {
  readonly layer?: readonly string[];
  readonly channel?: string;
  readonly top: string;
  readonly runtime: RuntimeName;
  readonly out: string;
}

/** Does the work and prints what came of it. */
export async function showActivations(
  model: string,
  input: string,
  options: ActivationsCommand,
  io: CommandIo,
): Promise<void> {
  const { activations } = await import("../../app/activations/activations.ts");
  const { linesOf } = await import("../../app/activations/result-text.ts");
  const { layer, channel, top, out, runtime, scale, preprocess, range, shape, given } = options;
  const { from, to } = activationsOptions.top.range;
  const request: ActivationsRequest = {
    model,
    input,
    runtime,
    out,
    ...(scale ? { scale } : {}),
    preprocess,
    range,
    shape,
    given,
    ...(layer ? { layers: layer } : {}),
    ...(channel === undefined ? {} : { channels: channel }),
    top: parseWhole(top, "--top", from, to),
  };
  const context = contextOf(io, options);
  const result = await activations(request, context);
  context.print(options.json ? `${jsonText(result.record)}\n` : linesOf(result, out));
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
