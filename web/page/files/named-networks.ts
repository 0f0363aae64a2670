/** @file A network of the catalog that is chosen in the page: fetched by the page's server, then opened. */
import type { CatalogNetwork } from "../../../src/fetch/catalog-networks.ts";
import type { Hand } from "./hand.ts";

/** What is open stays so until it is there; where it cannot be had, or is stopped, that stays. */
export async function openNamed(
  hand: Hand,
  { name, files }: CatalogNetwork,
  token: string,
): Promise<void> {
  const turn = hand.begin();
  const asked = { name, files, token, base: document.baseURI };
  const had = await hand.store.ask("named", asked);
  if (!turn.isCurrent()) return;
  if (!had) await hand.stay(turn);
  else await hand.openModel({ kind: "files", files: [had.file], known: had.known }, turn);
}
