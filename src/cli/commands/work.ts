/** @file `limpid work`: a worker on a queue. */
import type { Command } from "commander";
import type { WorkOptions } from "../../atlas/work.ts";
import { openStore, queueOption, storeOption, withEngines } from "../engine-options.ts";
import type { CommandIo } from "../io.ts";
import { contextOf, type ContextOptions } from "../job-context.ts";
import { weightsOption } from "../network-options.ts";

/** Adds options and the work to the command. */
export function configureWork(command: Command, io: CommandIo): void {
  command
    .addOption(queueOption.makeOptionMandatory())
    .addOption(storeOption)
    .option("--model <path>", "where the network lies here; default: where it lies for who asked")
    .option("--photos <dir>", "where the photos lie here")
    .option("--caricature <photo>", "where the photo of caricatures lies here")
    .option("--out <dir>", "where the atlas's folder lies here, if parts lie in it")
    .option("--stay", "wait for more when all is done")
    .addOption(weightsOption)
    .addHelpText("after", examples)
    .action((options: ContextOptions & Options) => make(options, io));
}

interface Options extends Pick<WorkOptions, "model" | "photos" | "caricature" | "out"> {
  readonly queue: string;
  readonly store?: string;
  readonly stay?: boolean;
}

async function make(
  { queue, store, stay = false, ...options }: ContextOptions & Options,
  io: CommandIo,
): Promise<void> {
  const { work } = await import("../../atlas/work.ts");
  const context = contextOf(io, options);
  await withEngines({ queue }, context, async ({ server }) => {
    const engines = {
      server: server!,
      openStore: (address: string) => openStore(address, context),
      ...(store === undefined ? {} : { store }),
    };
    const done = await work({ ...options, stays: stay }, engines, context);
    context.print(done === 0 ? "no atlas was asked for\n" : `worked on ${done} atlases\n`);
  });
}

const examples = `
Takes what "limpid atlas --queue" put there, until nothing is left. The network and all photos must be the same files here: they are
checked by their digests, names, sizes and dates, and limpid, ONNX Runtime and Node must be the same versions.

Examples:
  $ limpid work --queue redis://host:6379
  $ limpid work --queue postgres://limpid@host/limpid --model /models/model.onnx --photos /photos --stay
`;
