/** @file The work of `limpid fetch`: things by name into the cache, or the list of what there is. */
import { locatePlace } from "../app/open.ts";
import { catalog, type CatalogItem } from "../node/fetch/catalog.ts";
import { LimpidError } from "../errors.ts";
import { copiesOf, placesOf } from "../node/fetch/copies.ts";
import { locate, type LocateOptions } from "../node/fetch/locate.ts";
import { verify, type VerifiedItem } from "./verify-cache.ts";
import type { CommandIo } from "./io.ts";
import { withDownloads } from "../app/context.ts";
import { contextOf, type TerminalContext } from "./job-context.ts";
import { formatMegabytes } from "../wording/numbers.ts";
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
  if (isVerified) return verifyNamed(names, json, contextOf(io, { offline }), io);
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

/** Throws `bad-file` if something stays damaged. */
async function verifyNamed(
  names: readonly string[],
  json: boolean,
  context: TerminalContext,
  io: CommandIo,
): Promise<void> {
  const items = await withDownloads(context, ({ onDownload, ...request }) =>
    verify(names, { ...request, onProgress: onDownload } satisfies LocateOptions),
  );
  if (json) io.out(`${JSON.stringify({ items })}\n`);
  else if (items.length === 0) context.print("the cache has nothing of it.\n");
  else for (const item of items) context.print(verifiedText(item));
  const damaged = items.filter(({ state }) => state === "damaged").map(({ name }) => name);
  if (damaged.length === 0) return;
  throw new LimpidError(
    "bad-file",
    `fetch: what is in the cache must be whole, got damaged: ${damaged.join(", ")}. the same command with a network fetches it again.`,
  );
}

const stateTexts: Readonly<Record<VerifiedItem["state"], string>> = {
  whole: "whole",
  replaced: "was damaged, is whole now",
  damaged: "damaged",
  unknown: "no SHA-256 beside it, so that nobody knows",
};

function verifiedText({ name, path, state, fault }: VerifiedItem): string {
  return `${name}: ${path}: ${stateTexts[state]}${fault === undefined ? "" : ` (${fault})`}\n`;
}

function listed() {
  const places = placesOf();
  return Object.entries<CatalogItem>(catalog).map(([name, item]) => {
    const [there] = copiesOf(item, places);
    const bytes = downloadBytes(item);
    return {
      name,
      kind: item.kind,
      description: item.description,
      licence: item.licence,
      bytes,
      ...(there ? { path: there.path, from: there.from } : {}),
    };
  });
}

/** Of what is downloaded; of packed files, what they unpack to. */
function downloadBytes({ kind, files }: CatalogItem): number {
  const wanted =
    kind === "data" ? files : [files.find(({ url }) => url !== undefined) ?? files[0]!];
  return wanted.reduce((sum, { bytes }) => sum + bytes, 0);
}

function listText(): string {
  const rows = listed().map(({ name, description, bytes, from, licence }) => {
    const size = formatMegabytes(bytes, 0);
    const place = from === undefined ? "" : `in the ${from}`;
    return `  ${name.padEnd(14)}${size.padStart(7)}  ${place.padEnd(13)} ${description}; ${licence}\n`;
  });
  return `what can be fetched by name:\n${rows.join("")}\nlimpid fetch NAME... puts it into the cache; every command takes these names as paths.\n`;
}
