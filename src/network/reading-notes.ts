/** @file What was assumed, left out or changed as a model's file was read, as its reader wrote it down. */
import * as v from "valibot";
import type { Graph } from "../graph/graph.ts";
import { metadataKeys } from "../graph/metadata.ts";
import { say, type Message } from "../wording/face.ts";
import { readJson } from "../wording/read-json.ts";

const sentences = v.array(v.string());

/** The sentences of a graph's reader, none where there are none or the metadata holds something else. */
export function readingNotes(graph: Graph): readonly Message[] {
  const read = readJson(graph.metadata.get(metadataKeys.reading) ?? "[]");
  const list = v.safeParse(sentences, "fault" in read ? [] : read.value);
  return list.success ? list.output.map((sentence) => say`${sentence}`) : [];
}
