/** @file `limpid fetch`: pretrained networks and data sets by name. */
import type { Command } from "commander";
import type { FetchCommandOptions } from "../fetch.ts";
import type { CommandIo } from "../io.ts";

/** Adds arguments, options and the work to the command. */
export function configureFetch(command: Command, io: CommandIo): void {
  command
    .argument("[names...]", "what to fetch; without names the list of what there is")
    .option(
      "--verify",
      "read all that is in the cache, or what is named, and fetch again what is damaged",
    )
    .option("--json", "print one JSON object")
    .addHelpText("after", examples)
    .action(async (names: readonly string[], options: FetchCommandOptions) => {
      const { fetchNamed } = await import("../fetch.ts");
      await fetchNamed(names, options, io);
    });
}

const examples = `
Downloads go on where a line broke, are checked by their SHA-256 now and at each use, and lie in
$XDG_CACHE_HOME/limpid or ~/.cache/limpid. LIMPID_MIRROR=DIR or URL is looked at before the network; a mirror has the cache's layout.
Other commands take the same names wherever they take a path, and fetch by themselves.

Examples:
  $ limpid fetch
  $ limpid fetch mnist resnet50
  $ limpid fetch --verify
  $ LIMPID_MIRROR=/data/mirror limpid attribute googlenet photo.jpg
`;
