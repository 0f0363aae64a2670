/** @file `limpid inspect`: what a model is made of. */
import type { Command } from "commander";
import { pictureFormats } from "../../app/pictures.ts";
import type { PixelRange } from "../../image/file-numbers.ts";
import { modelText, rangeOption, weightsOption } from "../network-options.ts";
import type { CommandIo } from "../io.ts";
import { contextOf, type JobOptions } from "../job-context.ts";
import { jsonText } from "../../wording/shown-text.ts";

/** Adds arguments, options and the work to the command. */
export function configureInspect(command: Command, io: CommandIo): void {
  command
    .argument("<model>", modelText)
    .argument(
      "[photos...]",
      `pictures (${pictureFormats}) or folders of them: the usual preparations are tried on them where nothing says one`,
    )
    .addOption(weightsOption)
    .addOption(rangeOption)
    .option("--json", "print one JSON object")
    .addHelpText("after", examples)
    .action((model: string, photos: readonly string[], options: InspectOptions) =>
      listNetwork(model, photos, options, io),
    );
}

const examples = `
Names of layers are what --layer takes in other commands; any part that no other name has is enough.

Examples:
  $ limpid inspect model.onnx
  $ limpid inspect model.onnx cat.jpg
  $ limpid inspect resnet50 --json
`;

interface InspectOptions extends JobOptions {
  readonly range?: PixelRange;
}

async function listNetwork(
  path: string,
  photos: readonly string[],
  options: InspectOptions,
  io: CommandIo,
): Promise<void> {
  const { inspect } = await import("../../app/inspect.ts");
  const { inspectionText } = await import("../../app/inspection-text.ts");
  const context = contextOf(io, options);
  const inspection = await inspect(path, context, { photos, range: options.range });
  context.print(options.json ? `${jsonText(inspection)}\n` : inspectionText(inspection));
}
