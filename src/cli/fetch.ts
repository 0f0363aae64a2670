/** @file The work of `limpid fetch`: things by name into the cache, or the list of what there is. */
import { locatePlace } from "../app/open.ts";
import { catalog, type CatalogItem, type CatalogName } from "../node/fetch/catalog.ts";
import { findThere, locate } from "../node/fetch/locate.ts";
import type { CommandIo } from "./io.ts";
import { contextOf } from "./job-context.ts";
import { formatMegabytes } from "../wording/numbers.ts";
import { jsonText, textLines } from "../wording/shown-text.ts";

export interface FetchCommandOptions {
  readonly offline?: boolean;
  readonly json?: boolean;
}

/** Fetches the things of the names, or lists all if there is no name. Throws as `locate`. */
export async function fetchNamed(
  names: readonly string[],
  { offline = false, json = false }: FetchCommandOptions,
  io: CommandIo,
): Promise<void> {
  if (names.length === 0) {
    io.out(json ? `${jsonText({ items: listed() })}\n` : listText());
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

function listed() {
  return Object.entries<CatalogItem>(catalog).map(([name, item]) => {
    const there = findThere(name as CatalogName);
    const bytes = item.files.find(({ url }) => url !== undefined)?.bytes;
    return {
      name,
      kind: item.kind,
      description: item.description,
      licence: item.licence,
      ...(bytes === undefined ? {} : { bytes }),
      ...(there ? { path: there.path, from: there.from } : {}),
    };
  });
}

function listText(): string {
  const rows = listed().map(({ name, description, bytes, from, licence }) => {
    const size = bytes === undefined ? "" : formatMegabytes(bytes, 0);
    const place = from === undefined ? "" : `in the ${from}`;
    return `  ${name.padEnd(14)}${size.padStart(7)}  ${place.padEnd(13)} ${description}; ${licence}\n`;
  });
  return `what can be fetched by name:\n${rows.join("")}\nlimpid fetch NAME... puts it into the cache; every command takes these names as paths.\n`;
}
