/** @file What can be fetched by name, and what of it is there. */
import { formatMegabytes } from "../wording/numbers.ts";
import { catalog, type CatalogItem } from "./catalog.ts";
import { downloadBytes } from "./catalog-networks.ts";
import { shippedNetworks } from "./shipped.ts";
import { copiesOf, placesOf, type Copy } from "./copies.ts";

/** A thing of the catalog. */
export interface OfferedItem extends Pick<CatalogItem, "kind" | "description" | "licence"> {
  readonly name: string;
  /** Of what is downloaded; of packed files, what they unpack to. */
  readonly bytes: number;
  readonly path?: string;
  readonly from?: Copy["from"];
}

/** All of the catalog. */
export function offered(): readonly OfferedItem[] {
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

/** All of the catalog, as a person reads it. */
export function offeredText(): string {
  const rows = offered().map(({ name, description, bytes, from, licence }) => {
    const size = formatMegabytes(bytes, 0);
    const place = from === undefined ? "" : `in the ${from}`;
    return `  ${name.padEnd(14)}${size.padStart(7)}  ${place.padEnd(13)} ${description}; ${licence}\n`;
  });
  const own = Object.entries(shippedNetworks).map(
    ([name, description]) =>
      `  ${name.padEnd(14)}${"".padStart(7)}  ${"".padEnd(13)} ${description}\n`,
  );
  return `what can be fetched by name:\n${rows.join("")}\nnetworks that come with the program, wherever a network is asked for:\n${own.join("")}\nlimpid fetch NAME... puts it into the cache; every command takes these names as paths.\n`;
}
