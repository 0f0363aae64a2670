/** @file `limpid atlas`: every unit of a network as a site. */
import { Option, type Command } from "commander";
import {
  atlasPresets,
  denseChoices,
  otherPictures,
  parseShard,
  type AtlasRequest,
} from "../../atlas/request.ts";
import { parseWhole } from "../../scores/selection.ts";
import {
  modelText,
  labelsOption,
  preprocessOption,
  runtimeOption,
  weightsOption,
} from "../network-options.ts";
import { queueOption, storeOption, withEngines, type EngineOptions } from "../engine-options.ts";
import { LimpidError } from "../../errors.ts";
import type { CommandIo } from "../io.ts";
import { contextOf, type JobOptions } from "../job-context.ts";
import { collected } from "../lists.ts";

/** Adds arguments, options and the work to the command. */
export function configureAtlas(command: Command, io: CommandIo): void {
  command
    .argument("<model>", modelText)
    .option("--photos <dir>", "photos, or folders of classes: what of them excites each unit")
    .option(
      "--layer <names>",
      "layers (a,b), or any parts of names that no others have; repeatable; default: all",
      collected,
    )
    .addOption(
      new Option(
        "--dense <which>",
        `dense layers, where --layer names none: ${textsOf(denseChoices)}; default: fitting`,
      ).choices(Object.keys(denseChoices)),
    )
    .option(
      "--activation-atlas <names>",
      "layers (a,b), all or none: lays out what photos make of their places; default: all with --preset full, else none",
      collected,
    )
    .addOption(
      new Option("--preset <name>", "how much is made of each unit")
        .choices(Object.keys(atlasPresets))
        .default("icons"),
    )
    .option(
      "--also <names>",
      `more pictures of each unit (a,b): ${textsOf(otherPictures)}; repeatable`,
      collected,
    )
    .option("--caricature <photo>", "what each layer sees in this photo, exaggerated")
    .option("--seed <n>", "where randomness starts", "0")
    .option(
      "--shard <i/n>",
      "one of several machines' parts, into a folder that they share",
      parseShard,
    )
    .option("--together", "other runs work into the same folder: each does what no other does")
    .addOption(queueOption)
    .addOption(storeOption)
    .addOption(weightsOption)
    .addOption(preprocessOption)
    .addOption(labelsOption)
    .addOption(runtimeOption)
    .option("--out <dir>", "the folder of the site", "atlas")
    .addHelpText("after", examples)
    .action((model: string, options: JobOptions & Options) => make(model, options, io));
}

function textsOf(choices: Readonly<Record<string, string>>): string {
  return Object.entries(choices)
    .map(([name, text]) => `${name}, ${text}`)
    .join("; ");
}

type Options = EngineOptions &
  Omit<AtlasRequest, "model" | "seed" | "layers" | "also"> & {
    readonly also?: readonly string[];
    readonly seed: string;
    readonly layer?: readonly string[];
  };

async function make(
  model: string,
  { layer: layers, also, seed, queue, store, ...options }: JobOptions & Options,
  io: CommandIo,
): Promise<void> {
  const { atlas } = await import("../../atlas/atlas.ts");
  const context = contextOf(io, options);
  const asked = {
    ...options,
    model,
    seed: parseWhole(seed, "--seed", 0),
    ...(layers ? { layers } : {}),
    ...(also ? { also: also.flatMap((names) => names.split(",")) } : {}),
  };
  requireOneWay({ ...options, queue });
  const {
    units,
    layers: count,
    page,
  } = await withEngines({ queue, store }, context, (engines) => atlas(asked, context, engines));
  if (page !== undefined) context.print(`${units} units of ${count} layers\nwrote ${page}\n`);
}

function requireOneWay({
  queue,
  shard,
  together,
}: Pick<Options, "queue" | "shard" | "together">): void {
  const ways = [queue, shard, together].filter((way) => way !== undefined);
  if (ways.length <= 1) return;
  throw new LimpidError(
    "bad-option",
    "atlas: jobs must be shared in one way, got several of --queue, --shard and --together. choose one.",
  );
}

const examples = `
A static site: open index.html, or put the folder on any host. Stopped with Ctrl-C, the same command goes on.

Examples:
  $ limpid atlas model.onnx --photos photos/
  $ limpid atlas googlenet.onnx --layer inception_4a/output,inception_4b/output
  $ limpid atlas model.onnx --also opposite,diverse --caricature cat.jpg
  $ limpid atlas model.onnx --photos photos/ --together    # on as many machines as see the folder
  $ limpid atlas model.onnx --queue redis://host:6379 --store s3://bucket/atlas    # with "limpid work" elsewhere
`;
