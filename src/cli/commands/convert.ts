/** @file `limpid convert`: a model of any format as ONNX. */
import type { Command } from "commander";
import type { ConvertRequest } from "../../app/convert/request.ts";
import { jsonText } from "../../wording/shown-text.ts";
import type { CommandIo } from "../io.ts";
import { contextOf, type JobOptions } from "../job-context.ts";
import { parseWhole } from "../../scores/selection.ts";
import { modelText, runtimeOption, weightsOption } from "../network-options.ts";

/** Adds arguments, options and the work to the command. */
export function configureConvert(command: Command, io: CommandIo): void {
  command
    .argument("<model>", modelText)
    .argument("<out>", "the .onnx file that is written")
    .addOption(weightsOption)
    .option("--seed <n>", "of the random input that both are run on", "0")
    .addOption(runtimeOption)
    .option("--json", "print one JSON object")
    .addHelpText("after", examples)
    .action((model: string, out: string, options: CommandOptions) =>
      convertNetwork(model, out, options, io),
    );
}

const examples = `
Names of layers, how pictures are prepared, names of classes and what reading assumed go with it. Before the file is
written it is read again and run beside the model on random input; what differs by more than 0.0001 of the output's
largest number is an error, and nothing is written. Weights of more than 2 GB go to a file beside it.

Examples:
  $ limpid convert my_model/ my_model.onnx
  $ limpid convert resnet50 resnet50.onnx --json
`;

/** As the command line gives them. */
type CommandOptions = JobOptions & Pick<ConvertRequest, "runtime"> & { readonly seed: string };

async function convertNetwork(
  model: string,
  out: string,
  { json = false, ...options }: CommandOptions,
  io: CommandIo,
): Promise<void> {
  const { convert } = await import("../../app/convert/convert.ts");
  const { convertText } = await import("../../app/convert/record-text.ts");
  const context = contextOf(io, options);
  const seed = parseWhole(options.seed, "--seed", 0);
  const record = await convert({ model, out, seed, runtime: options.runtime }, context);
  context.print(json ? `${jsonText(record)}\n` : convertText(record));
}
