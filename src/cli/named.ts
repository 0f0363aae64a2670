/** @file Names of the catalog wherever a path is taken: networks and data sets, fetched where they are not there. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { LimpidError } from "../errors.ts";
import { imagenetClasses } from "../attribution/imagenet-classes.ts";
import type { Graph } from "../graph/graph.ts";
import { preprocessings } from "../image/preprocess.ts";
import { catalog, isCatalogName } from "../node/fetch/catalog.ts";
import { placeOf, type LocatedItem } from "../node/fetch/locate.ts";
import { openModel } from "../node/open-model.ts";
import { metadataKeys } from "../train/export.ts";
import type { CommandIo } from "./io.ts";
import { startProgress, type Progress } from "./progress.ts";

/** The place of a path or a name, with progress where it is downloaded. Throws as `locate`. */
export async function locatePlace(
  asked: string,
  offline: boolean,
  io: CommandIo,
): Promise<LocatedItem> {
  const bars = new Map<string, Progress>();
  try {
    return await placeOf(asked, {
      offline,
      signal: io.signal,
      onProgress: (done, total, file) => {
        const label = `fetch ${basename(file)}`;
        const known = bars.get(file);
        const bar = known ?? startProgress(io, { label, total: total ?? 0, from: done });
        bars.set(file, bar);
        bar.update(done, `${(done / 1e6).toFixed(1)} MB`);
      },
    });
  } finally {
    for (const bar of bars.values()) bar.end();
  }
}

function requireNetwork(asked: string): void {
  if (existsSync(asked) || !isCatalogName(asked) || catalog[asked].kind === "model") return;
  throw new LimpidError(
    "bad-option",
    `model: "${asked}" must be a file or the name of a network, got a data set. "limpid fetch" lists the networks; "limpid train ${asked}" makes one of it.`,
  );
}

/**
 * The network of a path or a name; one of the catalog says in its metadata how pictures are prepared and what
 * its classes are called. Throws as `locate` and `openModel`, and `bad-option` for the name of a data set.
 */
export async function openNamedModel(
  asked: string,
  offline: boolean,
  io: CommandIo,
): Promise<Graph> {
  requireNetwork(asked);
  const { path, model } = await locatePlace(asked, offline, io);
  const graph = await openModel(path);
  if (!model) return graph;
  const known = new Map([
    [metadataKeys.preprocessing as string, JSON.stringify(preprocessings[model.preprocessing])],
    ...(model.classes ? [[metadataKeys.classes, JSON.stringify(imagenetClasses)] as const] : []),
  ]);
  return { ...graph, metadata: new Map([...known, ...graph.metadata]) };
}
