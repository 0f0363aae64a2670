/** @file The command line: parses, calls one command, and turns errors into exit codes. */
import { Command, CommanderError, Option } from "commander";
import { LimpidError } from "../errors.ts";
import type { CommandIo } from "./io.ts";

/** Exit codes. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, internal: 70, interrupted: 130 } as const;

/** Runs a command line (without the program's name) and returns its exit code; never throws. */
export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  const program = buildProgram(io);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    return report(error, argv.includes("--debug"), io);
  }
}

function report(error: unknown, debug: boolean, io: CommandIo): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (debug && error instanceof Error) io.err(`${error.stack}\n`);
  if (error instanceof LimpidError) {
    if (!debug) io.err(`limpid: ${oneLine(error.message)}\n`);
    if (error.code === "aborted") return exitCodes.interrupted;
    return error.code === "internal" ? exitCodes.internal : exitCodes.failure;
  }
  if (!debug) {
    const message = error instanceof Error ? error.message : String(error);
    io.err(`limpid: internal error, please report it: ${oneLine(message)} (--debug shows where)\n`);
  }
  return exitCodes.internal;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

function buildProgram(io: CommandIo): Command {
  const program = new Command("limpid")
    .description("Shows what a convolutional network has learned: any ONNX model, no Python.")
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .exitOverride()
    .option("--debug", "show where an error comes from")
    .addHelpText(
      "after",
      `
Begin with:
  $ limpid inspect model.onnx
  $ limpid attribute model.onnx photo.jpg --method grad-cam --out heatmap.png
`,
    );
  program.action(() => {
    io.out(program.helpInformation());
  });
  addInspect(program, io);
  addAttribute(program, io);
  for (const command of program.commands) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
    });
    command.option("--debug", "show where an error comes from");
  }
  return program;
}

function addInspect(program: Command, io: CommandIo): void {
  program
    .command("inspect")
    .description("list a model's inputs, outputs and layers, and whether its gradient can be built")
    .argument("<model>", "an ONNX file")
    .option("--json", "print one JSON object")
    .addHelpText("after", "\nExample:\n  $ limpid inspect resnet50.onnx\n")
    .action(async (model: string, options: { json?: boolean }) => {
      const { inspect } = await import("./commands/inspect.ts");
      await inspect(model, options, io);
    });
}

function addAttribute(program: Command, io: CommandIo): void {
  program
    .command("attribute")
    .description("show which pixels or places decided for a class")
    .argument("<model>", "an ONNX file")
    .argument(
      "<input>",
      "a picture (JPEG, PNG, WebP, GIF, BMP), or a .npy tensor [N,C,H,W] fed as it is",
    )
    .addOption(new Option("--method <name>", "gradient or grad-cam").default("grad-cam"))
    .option(
      "--target <classes>",
      "a class number, several (3,8; one a row), a label, or top",
      "top",
    )
    .option(
      "--layer <name>",
      "the layer of the map; default: the last feature map with spatial extent",
    )
    .option("--preprocess <how>", "torchvision, caffe, tf, unit, none, or a .json file")
    .option("--labels <file>", "class names, one a line or a JSON list; or imagenet")
    .option("--keep-softmax", "explain probabilities instead of logits")
    .option("--signed", "keep what speaks against the class (grad-cam)")
    .addOption(
      new Option("--runtime <name>", "what computes")
        .choices(["cpu", "wasm", "webgpu", "cuda", "coreml", "dml"])
        .default("cpu"),
    )
    .option("--out <file.png>", "where the figure goes", "heatmap.png")
    .option(
      "--raw <file.npy>",
      "also write the numbers: gradients in the input's shape, maps [N,h,w]",
    )
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `
Examples:
  $ limpid attribute googlenet.onnx ouzel.jpg --preprocess caffe
  $ limpid attribute model.onnx photo.png --method gradient --target "water ouzel" --out why.png
  $ limpid attribute model.onnx batch.npy --target 3,8 --raw maps.npy --json
`,
    )
    .action(async (model: string, input: string, options: Record<string, unknown>) => {
      const { attribute } = await import("./commands/attribute.ts");
      await attribute(model, input, options as never, io);
    });
}
