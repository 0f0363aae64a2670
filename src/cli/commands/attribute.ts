/** @file `limpid attribute`: which pixels or places decided for a class. */
import { Option, type Command } from "commander";
import { methodEntries, optionsOfMethods } from "../../attribution/registry.ts";
import { questionOptions, questionSettings } from "../../app/attribute/question-options.ts";
import { inputOptions } from "../../app/given-inputs.ts";
import { pictureFormats } from "../../app/pictures.ts";
import type { AttributeRequest } from "../../app/attribute/request.ts";
import { LimpidError } from "../../errors.ts";
import { describedEntries } from "../../wording/described-entries.ts";
import { commandWords, wordsOf } from "../../wording/face.ts";
import { textLines } from "../../wording/shown-text.ts";
import type { CommandIo } from "../io.ts";
import { contextOf, type JobOptions } from "../job-context.ts";
import { collected } from "../lists.ts";
import { addOptions, givenTexts } from "../option-table.ts";
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

const checkOption = new Option(
  "--check <when>",
  "compare the network's gradient with its own differences, once a layer",
)
  .choices(["on", "off"])
  .default("on");

/** Adds arguments, options and the work to the command. */
export function configureAttribute(command: Command, io: CommandIo): void {
  command
    .argument("<model>", modelText)
    .argument(
      "<input...>",
      `pictures (${pictureFormats}), folders of them, bands (.tif), a volume (.nii, .nii.gz), or a .npy of the input's shape, fed as it is, one map a row`,
    )
    .option("--method <names>", "one or more of those below: a,b,c; or all", "grad-cam")
    .option(
      "--target <what>",
      "top, class numbers or labels (20,33; of a .npy one a row), A minus B, of another output: OUTPUT or OUTPUT:CLASS, of a detector: box:NUMBER, box:NUMBER.x (or .y, .w, .h), of an embedding: similarity, or of a layer: LAYER:CHANNEL, LAYER:CHANNEL@ROWxCOLUMN, LAYER:direction(0.2,-1,...), LAYER:similarity",
      "top",
    )
    .addOption(weightsOption)
    .addOption(preprocessOption)
    .addOption(rangeOption)
    .addOption(labelsOption)
    .addOption(outputOption)
    .addOption(kindOption)
    .option(
      "--keep-softmax",
      "explain probabilities; without it a final softmax or sigmoid is taken off",
    )
    .addOption(runtimeOption)
    .option(
      "--out <path>",
      "the figure (.png or .jpg), or a folder that gets figure, numbers (.npy) and results.json; default: heatmap.png, heatmaps/ for several files, or none with --raw or --json",
    )
    .option(
      "--raw <file.npy>",
      "the numbers of one map: gradients in the input's shape, maps [N,h,w]",
    )
    .addOption(checkOption)
    .option("--json", "print one JSON object")
    .option(
      "--with <module>",
      "a JavaScript module of yours that adds methods; repeatable",
      collected,
    )
    .addHelpText("after", `\nMethods:\n${methodLines()}\n${examples}`)
    .action((model: string, inputs: readonly string[], options: CommandOptions) =>
      explain(model, inputs, options, io),
    );
  addOptions(command, { ...inputOptions, ...questionOptions });
  for (const [name, { value, description, takers }] of optionsOfMethods()) {
    const flags = value === undefined ? `--${name}` : `--${name} <${value}>`;
    const option = new Option(flags, `${description} (${takers.join(", ")})`);
    requireFree(command, option);
    command.addOption(name === "layer" ? option.argParser(collected) : option);
  }
}

/** Throws `bad-option` if a user's method has an option that the command has for itself. */
function requireFree(command: Command, option: Option): void {
  if (command.options.every((other) => other.attributeName() !== option.attributeName())) return;
  throw new LimpidError(
    "bad-option",
    `with: options of methods must have names of their own, got ${option.long}, which the command takes itself. choose another name.`,
  );
}

/** As the command line gives them; the options of methods are among them. */
type CommandOptions = Omit<
  AttributeRequest,
  "inputs" | "layers" | "methods" | "model" | "options"
> &
  JobOptions & { readonly method: string; readonly layer?: readonly string[] };

async function explain(
  model: string,
  inputs: readonly string[],
  options: CommandOptions,
  io: CommandIo,
): Promise<void> {
  const { attribute } = await import("../../app/attribute/attribute.ts");
  const { fileText } = await import("../../app/attribute/finding-text.ts");
  const { PackedTexts } = await import("../../app/packed-texts.ts");
  const { json = false } = options;
  const notes: string[] = [];
  // Of ten thousand photos there are fifty thousand files.
  const written = new PackedTexts();
  const context = contextOf(io, options);
  const tellWritten = () => {
    for (const path of written) context.print(textLines([`wrote ${path}`]));
  };
  const request = await requestOf(model, inputs, options);
  const gathered = await attribute(
    request,
    { ...context, onNote: (note) => notes.push(`note: ${wordsOf(note, commandWords)}`) },
    {
      onFile: (file) => (json ? undefined : context.print(fileText(file, commandWords))),
      onWritten: (path) => written.push(path),
    },
  ).catch((error: unknown) => {
    if (!json && error instanceof LimpidError && error.code === "aborted") tellWritten();
    throw error;
  });
  if (json) {
    context.tell(textLines(notes));
    if (gathered.count > 0) for (const text of gathered.texts()) context.print(text);
  } else {
    context.print(textLines(notes));
    tellWritten();
  }
  // After all is written and told.
  gathered.requireAll();
}

async function requestOf(
  model: string,
  inputs: readonly string[],
  { method, layer, json = false, ...given }: CommandOptions,
): Promise<AttributeRequest> {
  const { methodsAsked } = await import("../../app/attribute/method-runs.ts");
  return {
    ...given,
    model,
    inputs,
    methods: methodsAsked(method),
    ...(layer ? { layers: layer } : {}),
    ...questionSettings(givenTexts(questionOptions, given)),
    options: givenTexts(Object.fromEntries(optionsOfMethods()), given),
    writesNothing: json,
  };
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
  const described = methodEntries().map(([name, { info }]) => ({
    name,
    about: [info.description, info.paper],
    options: info.options,
  }));
  return describedEntries(described, "--");
}
