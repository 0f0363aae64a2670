/** @file The command line: parses, calls one command, and turns errors into exit codes. */
import { commandWords, wordsOf } from "../wording/face.ts";
import { Command, CommanderError } from "commander";
import { LimpidError } from "../errors.ts";
import { oneLine, shownLines } from "../wording/shown-text.ts";
import { version } from "../version.ts";
import type { CommandIo } from "./io.ts";
import { addLimits } from "./limits.ts";
import { unguarded } from "./unguarded.ts";

/** Exit codes. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, internal: 70, interrupted: 130 } as const;

/** A command: its line in the list of all, and what adds its options once it is the one asked for. */
interface CommandEntry {
  readonly description: string;
  /** Whether `--with MODULE` adds to what there is before the options are known. */
  readonly takesModules?: boolean;
  load(): Promise<(command: Command, io: CommandIo) => void>;
}

/** Commands are loaded when they are asked for, so that help comes at once. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  study: {
    description: "the whole story of how a network sees, as a report",
    load: async () => (await import("./commands/study.ts")).configureStudy,
  },
  inspect: {
    description: "list a model's inputs, outputs and layers, and whether its gradient can be built",
    load: async () => (await import("./commands/inspect.ts")).configureInspect,
  },
  check: {
    description:
      "check a model against itself: what it is taken for, its gradient, what can be asked",
    load: async () => (await import("./commands/check.ts")).configureCheck,
  },
  attribute: {
    description: "show which pixels or places decided for a class",
    takesModules: true,
    load: async () => (await import("./commands/attribute.ts")).configureAttribute,
  },
  activations: {
    description: "show every channel of every layer for a picture, or what excites it in a folder",
    load: async () => (await import("./commands/activations.ts")).configureActivations,
  },
  maximize: {
    description: "make the pictures that excite channels, neurons or classes most",
    takesModules: true,
    load: async () => (await import("./commands/maximize.ts")).configureMaximize,
  },
  atlas: {
    description: "every unit of a network as a site: what excites it, what it reads and feeds",
    load: async () => (await import("./commands/atlas.ts")).configureAtlas,
  },
  work: {
    description: "a worker: does the jobs of atlases that others put on a queue",
    load: async () => (await import("./commands/work.ts")).configureWork,
  },
  explore: {
    description: "walk through a network in a page on this machine",
    load: async () => (await import("./commands/explore.ts")).configureExplore,
  },
  convert: {
    description: "write a model of any format as ONNX, and make sure that it is the same",
    load: async () => (await import("./commands/convert.ts")).configureConvert,
  },
  fetch: {
    description: "download pretrained networks and data sets; list what there is",
    load: async () => (await import("./commands/fetch.ts")).configureFetch,
  },
  train: {
    description: "train a network on digits, photos or a folder of your own",
    load: async () => (await import("./commands/train.ts")).configureTrain,
  },
};

/** Runs a command line (without the program's name) and returns its exit code; never throws. */
export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  try {
    const program = await buildProgram(argv, io);
    // Nothing asked for is a question what there is.
    await program.parseAsync(argv.length === 0 ? ["--help"] : [...argv], { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    return report(error, argv.includes("--debug"), io);
  }
}

function report(error: unknown, debug: boolean, io: CommandIo): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const message = messageOf(error);
  const known = error instanceof LimpidError && error.code !== "internal";
  const what = known ? "" : "internal error, please report it: ";
  const hint = known || debug ? "" : " (--debug shows where)";
  io.err(`limpid: ${what}${oneLine(message)}${hint}\n`);
  if (debug && error instanceof Error) io.err(shownLines(`${error.stack}\n`));
  if (!known) return exitCodes.internal;
  return error.code === "aborted" ? exitCodes.interrupted : exitCodes.failure;
}

function messageOf(error: unknown): string {
  if (error instanceof LimpidError) return wordsOf(error.said, commandWords);
  return error instanceof Error ? error.message : String(error);
}

async function buildProgram(argv: readonly string[], io: CommandIo): Promise<Command> {
  const program = new Command("limpid")
    .description(
      "Shows what a network of Keras, TensorFlow, PyTorch or ONNX has learned, without Python.",
    )
    .configureOutput({
      writeOut: (text) => io.out(shownLines(text)),
      writeErr: (text) => io.err(shownLines(text)),
    })
    .exitOverride()
    .version(version)
    .option("--debug", "show where an error comes from")
    .addHelpText("after", begin)
    .showHelpAfterError("limpid --help lists the commands.");
  for (const [name, { description, takesModules = false, load }] of Object.entries(commands)) {
    const command = program.command(name).description(description);
    command.option("--debug", "show where an error comes from");
    command.option("--offline", "never touch the network");
    if (!unguarded.has(name)) addLimits(command);
    command.showHelpAfterError(`limpid ${name} --help lists arguments, options and examples.`);
    if (!argv.includes(name)) continue;
    if (takesModules) await (await import("./modules.ts")).loadModules(argv);
    (await load())(command, { ...io, argv });
  }
  return program;
}

const begin = `
Begin with (the first needs nothing, the others a network and a photo of yours):
  $ limpid study --offline                            a report on the networks that ship, in minutes
  $ limpid inspect model.onnx                         what a network is made of
  $ limpid check model.onnx photo.jpg                 whether its answers and gradients can be trusted
  $ limpid attribute model.onnx photo.jpg             what decided for its answer: heatmap.png
  $ limpid activations model.onnx photo.jpg           what every channel makes of the photo
  $ limpid maximize model.onnx --layers every-conv    what its channels want to see

limpid fetch lists pretrained networks; their names work wherever a model is asked for.
limpid COMMAND --help lists the options of a command, with examples.
`;
