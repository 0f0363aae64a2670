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
import { besideWorkers, threadsOfEach } from "../atlas-workers.ts";
import type { CommandIo } from "../io.ts";
import { contextOf, type JobOptions, type TerminalContext } from "../job-context.ts";
import { collected } from "../lists.ts";

const [mostWorkers, mostThreads] = [256, 1024];

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
    .option("--workers <n>", "processes on this machine that share the work", "1")
    .option(
      "--threads <n>",
      "threads of each of them; default: as many together as there are cores",
    )
    .addOption(new Option("--helps", "is a worker of another run").hideHelp())
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
    readonly workers: string;
    readonly threads?: string;
    readonly also?: readonly string[];
    readonly seed: string;
    readonly layer?: readonly string[];
  };

async function make(
  model: string,
  options: Omit<JobOptions, "threads"> & Options,
  io: CommandIo,
): Promise<void> {
  const { layer: layers, also, seed, queue, store, workers: count, threads, ...rest } = options;
  const workers = parseWhole(count, "--workers", 1, mostWorkers);
  const each =
    threads === undefined
      ? threadsOfEach(workers)
      : parseWhole(threads, "--threads", 1, mostThreads);
  const hasOwnThreads = workers > 1 || threads !== undefined;
  const context = contextOf(io, { ...rest, ...(hasOwnThreads ? { threads: each } : {}) });
  const asked = {
    ...rest,
    model,
    ...(workers > 1 ? { together: true } : {}),
    seed: parseWhole(seed, "--seed", 0),
    ...(layers ? { layers } : {}),
    ...(also ? { also: also.flatMap((names) => names.split(",")) } : {}),
  };
  requireOneWay(options);
  if (workers > 1) requireFolder(options);
  const { atlas } = await import("../../atlas/atlas.ts");
  const own = rest.helps === true ? quiet(context) : context;
  const beside = { workers, threads: each, argv: io.argv ?? [] };
  const made = await besideWorkers(beside, context, () =>
    withEngines({ queue, store }, own, (engines) => atlas(asked, own, engines)),
  );
  if (made.page === undefined) return;
  const ofLayers = made.layers === 1 ? "1 layer" : `${made.layers} layers`;
  context.print(`${made.units} units of ${ofLayers}\nwrote ${made.page}\n`);
}

/** A worker leaves to the run that it helps what that one says, too. */
function quiet(context: TerminalContext): TerminalContext {
  return { ...context, onNote: () => undefined };
}

function requireFolder({ queue, shard, store }: Options): void {
  const [other] = Object.entries({ queue, shard, store }).find(([, value]) => value) ?? [];
  if (other === undefined) return;
  throw new LimpidError(
    "bad-option",
    `atlas: --workers must share their jobs by the folder, got --${other} as well. leave one out; of a queue, start "limpid work" as often as wanted.`,
  );
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
  $ limpid atlas model.onnx --photos photos/ --workers 4   # four processes on this machine
  $ limpid atlas model.onnx --photos photos/ --together    # on as many machines as see the folder
  $ limpid atlas model.onnx --queue redis://host:6379 --store s3://bucket/atlas    # with "limpid work" elsewhere
`;
