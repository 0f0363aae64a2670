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
  return list.success ? list.output.map((sentence) => say`${asNote(sentence)}`) : [];
}

/** Words that have a capital wherever they stand; others of one capital have it as first words. */
const nameFirst = /^(Keras|Teachable|Darknet|Python)\b/;

/** As other notes are written, which follow "note:": without a capital and a full stop. */
function asNote(sentence: string): string {
  const open = sentence.replace(/\.$/, "");
  const isPlain = /^[A-Z][a-z]*\b(?!\.\w)/.test(open) && !nameFirst.test(open);
  return isPlain ? open[0]!.toLowerCase() + open.slice(1) : open;
}
