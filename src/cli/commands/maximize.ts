/** @file `limpid maximize`: the pictures that excite units most. */
import { Option, type Command } from "commander";
import type { MaximizePlaces, MaximizeRequest, UnitsRequest } from "../../app/maximize/request.ts";
import { LimpidError } from "../../errors.ts";
import { objectiveEntries } from "../../optvis/objective-table.ts";
import { mostSidePx } from "../../optvis/parameterizations.ts";
import { presetLines, presets } from "../../optvis/presets.ts";
import { parseWhole } from "../../scores/selection.ts";
import { describedEntries } from "../../wording/described-entries.ts";
import {
  modelText,
  kindOption,
  labelsOption,
  outputOption,
  preprocessOption,
  rangeOption,
  runtimeOption,
  weightsOption,
} from "../network-options.ts";
import type { CommandIo } from "../io.ts";
import { contextOf, type JobOptions } from "../job-context.ts";
import { collected } from "../lists.ts";
import { jsonText, textLines } from "../../wording/shown-text.ts";

/** Adds arguments, options and the work to the command. */
export function configureMaximize(command: Command, io: CommandIo): void {
  command
    .argument("[model]", `${modelText}; with --recipe, by default the recipe's`)
    .option(
      "--target <what>",
      "class numbers or labels (20,33), A minus B, of another output: OUTPUT:NUMBER, or of a layer: LAYER:CHANNEL, LAYER:CHANNEL@ROWxCOLUMN, LAYER:direction(0.2,-1,...)",
    )
    .option(
      "--layer <names>",
      "layers (a,b), or any parts of names that no others have; repeatable",
      collected,
    )
    .option("--layers <which>", "every-conv: each convolution after its activation function")
    .option("--channel <numbers>", "7, 0-63, 1,5,8-11, all, or random:10 (default: random:16)")
    .option("--neuron <unit>", "channel, row and column (7,3,3), or a channel in the centre (7)")
    .option("--class <numbers>", "classes, chosen as channels are, or a label")
    .option(
      "--objective <sum>",
      "what becomes large: one of those below, or a sum; default: the activation, or what the preset has for classes",
    )
    .addOption(
      new Option("--preset <name>", "how pictures are made; see below")
        .choices(Object.keys(presets))
        .default("natural"),
    )
    .option("--size <px>", "side of the pictures; default: what the network takes")
    .option("--steps <n>", "steps instead of the preset's")
    .option("--seed <n>", "where randomness starts", "0")
    .option("--negative", "what excites the units least")
    .option("--diversity <k>", "k pictures a unit that differ from each other")
    .option(
      "--photos <paths...>",
      "pictures or folders: what silent units make of them, which are also tried from them",
    )
    .addOption(weightsOption)
    .addOption(preprocessOption)
    .addOption(rangeOption)
    .addOption(labelsOption)
    .addOption(outputOption)
    .addOption(kindOption)
    .addOption(runtimeOption)
    .option("--out <dir>", "the folder of the pictures; default: one of its own in maximized/")
    .option("--animate", "also an animated WebP of each picture's way")
    .option("--recipe <file>", "make the pictures of a recipe.json again")
    .option("--json", "print one JSON object")
    .option(
      "--with <module>",
      "a JavaScript module of yours that adds objectives; repeatable",
      collected,
    )
    .addHelpText(
      "after",
      `\nPresets:\n${presetLines()}\n\nObjectives:\n${objectiveLines()}\n${examples}`,
    )
    .action((model: string | undefined, options: CommandOptions) => make(model, options, io));
}

/** As the command line gives them. */
interface CommandOptions
  extends
    JobOptions,
    Omit<
      UnitsRequest & MaximizePlaces,
      | "model"
      | "seed"
      | "layers"
      | "neuron"
      | "channels"
      | "classes"
      | "sizePx"
      | "steps"
      | "diversity"
    > {
  readonly layer?: readonly string[];
  readonly layers?: string;
  readonly channel?: string;
  readonly neuron?: string;
  readonly class?: string;
  readonly size?: string;
  readonly steps?: string;
  readonly seed: string;
  readonly diversity?: string;
  readonly recipe?: string;
}

async function make(
  model: string | undefined,
  options: CommandOptions,
  io: CommandIo,
): Promise<void> {
  const { maximize } = await import("../../app/maximize/maximize.ts");
  const context = contextOf(io, options);
  const made = await maximize(requestOf(model, options), context);
  if (options.json) return context.print(`${jsonText(made.record)}\n`);
  const { lineOfUnit } = await import("../../app/maximize/unit-line.ts");
  const lines = made.record.units.map((unit) => lineOfUnit(unit, made.labels));
  context.print(textLines([...lines, ...made.written.map((path) => `wrote ${path}`)]));
}

function requestOf(model: string | undefined, options: CommandOptions): MaximizeRequest {
  const { offline: _, weights: _1, json: _2, recipe, class: classes, ...others } = options;
  const {
    channel: channels,
    layer,
    layers,
    neuron,
    size,
    steps,
    seed,
    diversity,
    ...request
  } = others;
  const { runtime, labels, out } = request;
  if (recipe !== undefined) return { runtime, ...given({ labels, out, model }), recipe };
  if (model === undefined) {
    throw new LimpidError(
      "bad-option",
      "maximize: a model or a recipe must be given, got neither. try: limpid maximize model.onnx --layer NAME.",
    );
  }
  return {
    ...request,
    model,
    seed: parseWhole(seed, "--seed", 0),
    everyConvolution: isEveryConvolution(layers),
    ...given({
      channels,
      classes,
      layers: layer,
      neuron: neuron?.split(",").map((part) => parseWhole(part, "--neuron", 0)),
      sizePx: wholeIfGiven(size, "--size", 1, mostSidePx),
      steps: wholeIfGiven(steps, "--steps", 1),
      diversity: wholeIfGiven(diversity, "--diversity", 2, 16),
    }),
  };
}

function wholeIfGiven(
  text: string | undefined,
  option: string,
  least: number,
  most?: number,
): number | undefined {
  return text === undefined ? undefined : parseWhole(text, option, least, most);
}

function isEveryConvolution(layers: string | undefined): boolean {
  if (layers === undefined || layers === "every-conv") return layers !== undefined;
  throw new LimpidError(
    "bad-option",
    `--layers: must be every-conv, got "${layers}". name single layers with --layer.`,
  );
}

/** Without the values that are undefined. */
function given<T extends object>(
  values: T,
): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

const examples = `
The folder gets a PNG and a .npy file a unit (float32 [C, H, W] as the network takes it), a contact sheet a
layer, results.json and recipe.json. Stopped with Ctrl-C, the same command goes on with the units not yet done.

Examples:
  $ limpid maximize googlenet.onnx --preprocess caffe --layer inception_4a/output --channel 0-15
  $ limpid maximize model.onnx --class "golden retriever" --animate
  $ limpid maximize model.onnx --target "tabby minus tiger cat,conv5:12,conv5:12@3x3"
  $ limpid maximize model.onnx --layer conv5 --objective "caricature(photo=cat.jpg)"
  $ limpid maximize model.onnx --layer conv5 --channel 0-15 --objective "activation + 0.1 * alignment"
  $ limpid maximize vgg16.onnx --layers every-conv --channel random:64 --preset chollet --size 128
  $ limpid maximize model.onnx --layer conv5 --channel all --photos photos/
  $ limpid maximize --recipe maximized/recipe.json --out again
`;

function objectiveLines(): string {
  return describedEntries(
    Array.from(objectiveEntries(), ([name, { description, paper, options }]) => ({
      name,
      about: [`${description}${paper === undefined ? "" : ` (${paper})`}`],
      options,
    })),
  );
}
