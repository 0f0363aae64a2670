/** @file The work of `limpid fetch`: things by name into the cache, or the list of what there is. */
import { locatePlace } from "../app/open.ts";
import { catalog } from "../fetch/catalog.ts";
import { locate } from "../fetch/locate.ts";
import { offered, offeredText } from "../fetch/offered.ts";
import { requireWhole, verifiedText, verify } from "../fetch/verify-cache.ts";
import type { CommandIo } from "./io.ts";
import { withDownloads } from "../app/context.ts";
import { contextOf, type TerminalContext } from "./job-context.ts";
import { jsonText, textLines } from "../wording/shown-text.ts";

export interface FetchCommandOptions {
  readonly offline?: boolean;
  readonly json?: boolean;
  readonly verify?: boolean;
}

/** Fetches the things of the names, or lists all if there is no name. Throws as `locate`. */
export async function fetchNamed(
  names: readonly string[],
  { offline = false, json = false, verify: isVerified = false }: FetchCommandOptions,
  io: CommandIo,
): Promise<void> {
  if (isVerified) return verifyNamed(names, json, contextOf(io, { offline }));
  if (names.length === 0) {
    io.out(json ? `${jsonText({ items: offered() })}\n` : offeredText());
    return;
  }
  const unknown = names.find((name) => !Object.hasOwn(catalog, name));
  if (unknown !== undefined) await locate(unknown);
  const context = contextOf(io, { offline });
  const found = [];
  for (const name of names) {
    // oxlint-disable-next-line no-await-in-loop -- one line is shared by all
    const { path, from } = await locatePlace(name, context);
    found.push({ name, path, from });
    if (!json)
      context.print(textLines([`${name}: ${path}${from === "mirror" ? " (in the mirror)" : ""}`]));
  }
  if (json) io.out(`${jsonText({ items: found })}\n`);
}

/** Throws `bad-file` if something stays damaged. */
async function verifyNamed(
  names: readonly string[],
  json: boolean,
  context: TerminalContext,
): Promise<void> {
  const items = await withDownloads(context, (request) => verify(names, request));
  if (json) context.print(`${jsonText({ items })}\n`);
  else if (items.length === 0) context.print("the cache has nothing of it.\n");
  else for (const item of items) context.print(verifiedText(item));
  requireWhole(items);
}
