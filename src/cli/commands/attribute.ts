/** @file `limpid attribute`: which pixels or places decided for a class. */
import { Option, type Command } from "commander";
import { attributionMethods } from "../../attribution/index.ts";
import {
  methodOptions,
  type AttributionMethod,
  type OptionInfo,
} from "../../attribution/method.ts";
import type { AttributeOptions } from "../attribute.ts";
import type { CommandIo } from "../io.ts";
import { runtimeNames } from "../runtimes.ts";

/** Adds arguments, options and the work to the command. */
export function configureAttribute(command: Command, io: CommandIo): void {
  command
    .argument("<model>", "an ONNX file")
    .argument(
      "<input>",
      "a picture (JPEG, PNG, WebP, GIF, BMP), or a .npy tensor [N,C,H,W] fed as it is, one map a row",
    )
    .option("--method <name>", "one of those below", "grad-cam")
    .option("--target <classes>", "class numbers (20, or one a row: 3,8), a label, or top", "top")
    .option(
      "--preprocess <how>",
      "torchvision, caffe, tf, unit, none, or a .json file; default: what the model says, else torchvision",
    )
    .option(
      "--labels <file>",
      "class names, one a line or JSON; or imagenet (default for 1,000 classes)",
    )
    .option(
      "--keep-softmax",
      "explain probabilities; without it a final softmax or sigmoid is taken off",
    )
    .addOption(new Option("--runtime <name>", "what computes").choices(runtimeNames).default("cpu"))
    .option("--out <file.png>", "the figure; default: heatmap.png, or none with --raw or --json")
    .option("--raw <file.npy>", "the numbers: gradients in the input's shape, maps [N,h,w]")
    .option("--json", "print one JSON object")
    .addHelpText("after", `\nMethods:\n${methodLines()}\n${examples}`)
    .action(async (model: string, input: string, options: AttributeOptions) => {
      const { attribute } = await import("../attribute.ts");
      await attribute(model, input, options, io);
    });
  for (const [name, option] of Object.entries<OptionInfo>(methodOptions)) {
    const value = option.value === undefined ? "" : ` <${option.value}>`;
    command.option(`--${name}${value}`, `${option.description} (${takers(name)})`);
  }
}

/** The methods that take an option. */
function takers(option: string): string {
  return Object.entries<AttributionMethod>(attributionMethods)
    .filter(([, { info }]) => info.options.some(({ name }) => name === option))
    .map(([name]) => name)
    .join(", ");
}

const examples = `
Examples:
  $ limpid attribute googlenet.onnx ouzel.jpg --preprocess caffe
  $ limpid attribute model.onnx photo.png --method gradient --target "water ouzel" --out why.png
  $ limpid attribute model.onnx batch.npy --target 3,8 --raw maps.npy --json
`;

function methodLines(): string {
  const methods = Object.entries<AttributionMethod>(attributionMethods);
  const width = Math.max(...methods.map(([name]) => name.length));
  return methods
    .map(([name, { info }]) => {
      const lines = [
        info.description,
        info.paper,
        ...info.options.map(
          (option) => `--${option.name}: ${option.description} (${option.default})`,
        ),
      ];
      return `  ${name.padEnd(width)} ${lines.join(`\n${" ".repeat(width + 3)}`)}`;
    })
    .join("\n");
}
