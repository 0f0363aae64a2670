/** @file `limpid study`: the whole story of how a network sees, as one report. */
import { Option, type Command } from "commander";
import type { CommandIo } from "../io.ts";
import { runtimeNames } from "../../app/platform.ts";
import type { StudyCommandOptions } from "../study.ts";

/** Adds options and the work to the command. */
export function configureStudy(command: Command, io: CommandIo): void {
  command
    .option("--out <dir>", "the folder of the report", "study")
    .option("--parts <names>", "mnist, cats, vgg, saliency; default: all")
    .option("--quick", "fewer pictures and steps: a look in about a minute")
    .option("--data <dir>", "a folder with your own mnist, cats-dogs, photos or weights")
    .option("--model <file>", "your own network, for the parts that apply to any")
    .option("--photos <dir>", "your own pictures, a folder or a file")
    .option("--seed <n>", "where randomness starts", "0")
    .addOption(new Option("--runtime <name>", "what computes").choices(runtimeNames).default("cpu"))
    .addOption(new Option("--shipped <dir>", "networks in place of those that ship").hideHelp())
    .option("--json", "print the record as one JSON object")
    .addHelpText("after", notes)
    .action(async (options: StudyCommandOptions) => {
      const { study } = await import("../study.ts");
      await study(options, io);
    });
}

const notes = `
Parts:
  mnist     ten digits: accuracy, what each unit wants to see, how regularisation changes it
  cats      a network for cats and dogs: its filters, both sides of its answer, a picture on its way
  vgg       64 filters of each of five layers, made in two ways, and what changes with depth
  saliency  where a network looks, by several methods, measured

What cannot be had is replaced by what ships or is drawn, and the report says so. LIMPID_MIRROR names a folder
with real data and weights. The report is index.html; pictures, floats and study.json lie beside it. Stopped with
Ctrl-C, the same command goes on with the sections that are not finished.

Examples:
  $ limpid study
  $ limpid study --quick --parts mnist,saliency --out look
  $ limpid study --model model.onnx --photos photos/ --out mine
`;
