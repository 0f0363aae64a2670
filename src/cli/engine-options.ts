/** @file Options of commands whose jobs or parts lie on servers, and those servers opened. */
import { Option } from "commander";
import type { AddressedStore, AtlasEngines } from "../atlas/atlas.ts";
import type { TerminalContext } from "./job-context.ts";

export const queueOption = new Option(
  "--queue <url>",
  "where jobs are shared: redis://HOST:PORT or postgres://USER@HOST/DATABASE",
);

export const storeOption = new Option(
  "--store <url>",
  "where parts lie, s3://BUCKET/PREFIX, by the AWS_ variables; default: the folder of --out",
);

export interface EngineOptions {
  readonly queue?: string | undefined;
  readonly store?: string | undefined;
}

/** Does work with the servers that options name, and lets go of them. Throws `LimpidError` where they cannot be had. */
export async function withEngines<T>(
  { queue, store }: EngineOptions,
  context: TerminalContext,
  work: (engines: AtlasEngines) => Promise<T>,
): Promise<T> {
  const listener = listenerOf(context);
  const opened = store === undefined ? undefined : await openStore(store, context);
  const server =
    queue === undefined
      ? undefined
      : await (await import("../engines/open.ts")).openQueue(queue, listener);
  try {
    return await work({ ...(server ? { server } : {}), ...(opened ? { store: opened } : {}) });
  } finally {
    await server?.close();
  }
}

export async function openStore(
  address: string,
  context: TerminalContext,
): Promise<AddressedStore> {
  const { s3Store } = await import("../engines/s3-store.ts");
  return s3Store(address, listenerOf(context));
}

function listenerOf({ signal, onNote }: TerminalContext) {
  return { signal, onNote: (note: string) => onNote?.(note) };
}
