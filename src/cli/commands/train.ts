/** @file `limpid train`: a network of one's own, from a data set to model.onnx. */
import { Option, type Command } from "commander";
import { architectures } from "../../train/architectures/index.ts";
import type { CommandIo } from "../io.ts";
import { runtimeNames } from "../../app/platform.ts";
import type { TrainCommandOptions } from "../../app/train/train.ts";
import {
  augmentationNames,
  optimizerNames,
  scheduleNames,
  taskLines,
} from "../../app/train/tasks.ts";

/** Adds arguments, options and the work to the command. */
export function configureTrain(command: Command, io: CommandIo): void {
  command
    .argument("<data>", "mnist, cats-dogs, digits, pets, or a folder with one sub-folder a class")
    .option("--arch <name>", "a ready network (below), or a .json file with a list of layers")
    .option("--from <model>", "train this model further instead of a new network")
    .option("--freeze <layer>", "with --from: this layer and all before it stay as they are")
    .option("--preprocess <how>", "with --from: how the model wants its pictures")
    .option("--epochs <n>", "passes over the training data")
    .option("--batch <n>", "pictures a step")
    .addOption(
      new Option("--optimizer <name>", "what follows the gradient").choices(optimizerNames),
    )
    .option("--lr <rate>", "learning rate")
    .addOption(new Option("--schedule <name>", "how the rate changes").choices(scheduleNames))
    .option(
      "--weight-decay <share>",
      "how strongly kernels are shrunk; default: 0.01 for adamw, else 0",
    )
    .option("--label-smoothing <share>", "share of certainty taken from the labels", "0")
    .addOption(
      new Option("--augment <how>", "how training pictures are varied").choices(augmentationNames),
    )
    .addOption(
      new Option("--fit <how>", "how photos are fitted to the network's input").choices([
        "crop",
        "stretch",
      ]),
    )
    .option("--size <px>", "side of the pictures of a folder")
    .option("--seed <n>", "where randomness starts", "0")
    .addOption(new Option("--runtime <name>", "what computes").choices(runtimeNames).default("cpu"))
    .addOption(
      new Option("--weights <type>", "how model.onnx stores them; float16 halves it")
        .choices(["float32", "float16"])
        .default("float32"),
    )
    .option("--strict", "stop at pictures that cannot be read, instead of leaving them out")
    .option("--out <dir>", "the folder of the results; default: trained/ and the data's name")
    .option("--resume", "go on with the run in the folder")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `\nDefaults of each task:\n${taskLines()}\n\nReady networks:\n${networkLines()}\n${examples}`,
    )
    .action(async (data: string, options: TrainCommandOptions) => {
      const { trainNetwork } = await import("../../app/train/train.ts");
      await trainNetwork(data, options, io);
    });
}

function networkLines(): string {
  const width = Math.max(...Object.keys(architectures).map((name) => name.length));
  return Object.entries(architectures)
    .map(([name, { description }]) => `  ${name.padEnd(width)}  ${description}`)
    .join("\n");
}

const examples = `
The folder gets model.onnx (with preprocessing, class names and recipe inside), history.json and .svg,
confusion.svg, most-wrong.png and checkpoint.safetensors. Stopped at any time, --resume goes on and ends in
the very same weights.

Examples:
  $ limpid train digits
  $ limpid train mnist --epochs 5 --batch 128
  $ limpid train cats-dogs --out pets-of-mine
  $ limpid train photos/ --from squeezenet1.1 --freeze fire8 --epochs 5
  $ limpid train photos/ --arch slim-resnet50 --size 128 --epochs 30 --schedule cosine
`;
