/** @file `--with MODULE`: a user's own modules, which add to what the commands know. */
import { addModule } from "../node/user-modules.ts";
import { valuesIn } from "./option-table.ts";

/**
 * Loads the modules that a command line names. They are given all of the library (`registerMethod`, `registerObjective`
 * and the rest). Throws `bad-file` for a module that cannot be loaded.
 */
export async function loadModules(argv: readonly string[]): Promise<void> {
  for (const path of valuesIn(argv, "--with")) await addModule(path, await import("../index.ts"));
}
