/** @file `limpid attribute`: which pixels or places decided for a class. */
import { Option, type Command } from "commander";
import { attributionMethods } from "../../attribution/index.ts";
import {
  methodOptions,
  type AttributionMethod,
  type OptionInfo,
} from "../../attribution/method.ts";
import type { AttributeOptions } from "../../app/attribute/attribute.ts";
import type { CommandIo } from "../io.ts";
import { runtimeNames } from "../../app/platform.ts";

/** Adds arguments, options and the work to the command. */
export function configureAttribute(command: Command, io: CommandIo): void {
  command
    .argument("<model>", "an ONNX file, or a name that limpid fetch lists")
    .argument(
      "<input...>",
      "pictures (JPEG, PNG, WebP, GIF, BMP), folders of them, or a .npy tensor [N,C,H,W] fed as it is, one map a row",
    )
    .option("--method <names>", "one or more of those below: a,b,c; or all", "grad-cam")
    .option(
      "--target <what>",
      "top, class numbers or labels (20,33; of a .npy one a row), A minus B, or of a layer: LAYER:CHANNEL, LAYER:CHANNEL@ROWxCOLUMN, LAYER:direction(0.2,-1,...)",
      "top",
    )
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
    .option(
      "--out <path>",
      "the figure (.png), or a folder that gets figure, numbers (.npy) and results.json; default: heatmap.png, heatmaps/ for several files, or none with --raw or --json",
    )
    .option(
      "--raw <file.npy>",
      "the numbers of one map: gradients in the input's shape, maps [N,h,w]",
    )
    .option("--json", "print one JSON object")
    .addHelpText("after", `\nMethods:\n${methodLines()}\n${examples}`)
    .action(async (model: string, inputs: readonly string[], options: AttributeOptions) => {
      const { attribute } = await import("../../app/attribute/attribute.ts");
      await attribute(model, inputs, options, io);
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
  $ limpid attribute model.onnx photos/ --method all --layer conv3,conv5 --out why
  $ limpid attribute model.onnx cat.jpg --target "tabby minus tiger cat" --method grad-cam,gradient
  $ limpid attribute model.onnx cat.jpg --target conv5:12
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
