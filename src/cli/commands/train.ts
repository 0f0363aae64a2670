/** @file `limpid train`: a network of one's own, from a data set to model.onnx. */
import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import type { RuntimeName } from "../../app/platform.ts";
import { trainingOptions } from "../../app/train/options.ts";
import { readOptions } from "../../wording/read-option.ts";
import { runtimeOption } from "../network-options.ts";
import type { CommandIo } from "../io.ts";
import { contextOf } from "../job-context.ts";
import { addOptions, givenTexts } from "../option-table.ts";
import {
  epochLine,
  networkLines,
  resultLines,
  skippedLines,
  startLine,
  taskLines,
} from "../../app/train/training-text.ts";
import { jsonText } from "../../wording/shown-text.ts";

/** Adds arguments, options and the work to the command. */
export function configureTrain(command: Command, io: CommandIo): void {
  command.argument(
    "<data>",
    "mnist, cats-dogs, digits, pets, shapes, or a folder with one sub-folder a class",
  );
  addOptions(command, trainingOptions);
  command
    .addOption(runtimeOption)
    .option("--out <dir>", "the folder of the results; default: trained/ and the data's name")
    .option(
      "--resume",
      "only go on with a run that is in the folder; one that is there goes on anyway",
    )
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `\nDefaults of each task:\n${taskLines()}\n\nReady networks:\n${networkLines()}\n${examples}`,
    )
    .action((data: string, options: CommandOptions) => train(data, options, io));
}

const examples = `
The folder gets model.onnx (with preprocessing, class names and recipe inside), history.json and .svg,
confusion.svg, most-wrong.png (found.png where places or boxes are learned) and checkpoint.safetensors. Stopped
at any time, the same command goes on and ends in the very same weights.

Examples:
  $ limpid train digits
  $ limpid train mnist --epochs 5 --batch 128
  $ limpid train shapes --task detect
  $ limpid train cats-dogs --out pets-of-mine
  $ limpid train photos/ --from squeezenet1.1 --freeze fire8 --epochs 5
  $ limpid train photos/ --arch slim-resnet50 --size 128 --epochs 30 --schedule cosine
`;

/** As the command line gives them, besides those of `trainingOptions`. */
interface CommandOptions extends Readonly<Record<string, unknown>> {
  readonly runtime: RuntimeName;
  readonly out?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly offline?: boolean;
}

async function train(data: string, options: CommandOptions, io: CommandIo): Promise<void> {
  const { trainNetwork } = await import("../../app/train/train.ts");
  const { runtime, out = join("trained", basename(resolve(data))), json = false } = options;
  const { resume = false } = options;
  const context = contextOf(io, options);
  const given = readOptions(trainingOptions, givenTexts(trainingOptions, options));
  const trained = await trainNetwork({ data, options: given, runtime, out, resume }, context, {
    onStart: (start) => (json ? undefined : context.tell(startLine(start))),
    onEpoch: (epoch) => (json ? undefined : context.tell(epochLine(epoch))),
  });
  context.tell(skippedLines(trained.skipped));
  context.print(json ? `${jsonText(trained.summary)}\n` : resultLines(trained));
}
