/** @file `limpid check`: whether a network is computed rightly, and what can be asked of it. */
import type { Command } from "commander";
import type { CheckRequest } from "../../app/check/request.ts";
import { inputOptions } from "../../app/given-inputs.ts";
import { addOptions } from "../option-table.ts";
import type { CommandIo } from "../io.ts";
import { contextOf, type JobOptions } from "../job-context.ts";
import {
  modelText,
  kindOption,
  outputOption,
  preprocessOption,
  runtimeOption,
  weightsOption,
} from "../network-options.ts";
import { jsonText } from "../../wording/shown-text.ts";

/** Adds arguments, options and the work to the command. */
export function configureCheck(command: Command, io: CommandIo): void {
  command
    .argument("<model>", modelText)
    .argument("[input]", "a picture or a .npy tensor [N,C,H,W]; default: noise")
    .addOption(weightsOption)
    .addOption(preprocessOption)
    .addOption(outputOption)
    .addOption(kindOption)
    .addOption(runtimeOption)
    .option("--json", "print one JSON object")
    .addHelpText("after", examples)
    .action((model: string, input: string | undefined, options: CommandOptions) =>
      checkNetwork(model, input, options, io),
    );
  addOptions(command, inputOptions);
}

const examples = `
The gradient is compared with differences of the score along itself and along a random direction, the network as it is
traced with the file as it is, and every method is tried once. Ends with exit code 1 if anything is wrong.

Examples:
  $ limpid check model.onnx
  $ limpid check resnet50 cat.jpg --json
`;

/** As the command line gives them. */
type CommandOptions = Omit<CheckRequest, "model" | "input"> & JobOptions;

async function checkNetwork(
  model: string,
  input: string | undefined,
  { json = false, ...options }: CommandOptions,
  io: CommandIo,
): Promise<void> {
  const { check, requireRight } = await import("../../app/check/check.ts");
  const { checkText } = await import("../../app/check/record-text.ts");
  const context = contextOf(io, options);
  const request = { ...options, model, ...(input === undefined ? {} : { input }) };
  const record = await check(request, context);
  context.print(json ? `${jsonText(record)}\n` : checkText(record));
  requireRight(record);
}
