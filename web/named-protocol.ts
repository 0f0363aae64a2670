/** @file What page, worker and the page's own server say to each other of networks that are had by name. */
import type { CatalogNetwork, NetworkFile } from "../src/fetch/catalog-networks.ts";
import type { KnownModel, PathedFile } from "./files-protocol.ts";

/** What the server tells its page: what can be had, and the word without which it gives nothing. */
export interface ToldNetworks {
  readonly token: string;
  readonly items: readonly CatalogNetwork[];
}

export interface NamedRequest {
  readonly name: string;
  /** Any of which will do. */
  readonly files: readonly NetworkFile[];
  readonly token: string;
  /** Of the page, to which the server's addresses are. */
  readonly base: string;
}

export interface NamedNetwork {
  readonly file: PathedFile;
  readonly known: KnownModel;
}

export interface NamedCalls {
  named: { readonly asked: NamedRequest; readonly answer: NamedNetwork };
}
