/** @file `limpid explore`: a page in which a network is walked through. */
import type { Command } from "commander";
import { parseWhole } from "../../scores/selection.ts";
import type { CommandIo } from "../io.ts";
import { contextOf, type ContextOptions } from "../job-context.ts";
import { modelText } from "../network-options.ts";

/** Adds arguments, options and the work to the command. */
export function configureExplore(command: Command, io: CommandIo): void {
  command
    .argument("[model]", modelText)
    .argument("[photos...]", "pictures or folders of them that the page has at hand")
    .option("--port <n>", "of this machine; 0 is any that is free", "0")
    .option("--no-open", "print the address alone, without opening a browser")
    .addHelpText("after", examples)
    .action((model: string | undefined, photos: readonly string[], options: ExploreOptions) =>
      exploreNetwork({ model, photos, ...options }, io),
    );
}

const examples = `
The page is served on this machine alone, and nothing leaves it. Ctrl-C ends it.

Examples:
  $ limpid explore
  $ limpid explore model.onnx photos/
`;

interface ExploreOptions extends ContextOptions {
  readonly port: string;
  readonly open: boolean;
}

async function exploreNetwork(
  {
    port,
    open,
    ...asked
  }: ExploreOptions & { model: string | undefined; photos: readonly string[] },
  io: CommandIo,
): Promise<void> {
  const { explore } = await import("../../explore/explore.ts");
  const context = contextOf(io, asked);
  const request = { ...asked, port: parseWhole(port, "--port", 0, 65_535), opens: open };
  await explore(request, context, (address) => context.print(`${address}\n`));
}
