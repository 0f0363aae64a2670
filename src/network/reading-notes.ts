/** @file What was assumed, left out or changed as a model's file was read, as its reader wrote it down. */
import type { Graph } from "../graph/graph.ts";
import { metadataKeys } from "../graph/metadata.ts";
import { say, type Message } from "../wording/face.ts";
import { readJson } from "../wording/read-json.ts";

/** The sentences of a graph's reader, none where there are none or the metadata holds something else. */
export function readingNotes(graph: Graph): readonly Message[] {
  const read = readJson(graph.metadata.get(metadataKeys.reading) ?? "[]");
  if ("fault" in read || !areSentences(read.value)) return [];
  return read.value.map((sentence) => say`${asNote(sentence)}`);
}

/** Checked by hand: a first map waits for all code that it needs, of which schemas would be much. */
function areSentences(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

/** Words that have a capital wherever they stand; others of one capital have it as first words. */
const nameFirst = /^(Keras|Teachable|Darknet|Python)\b/;

/** As other notes are written, which follow "note:": without a capital and a full stop. */
function asNote(sentence: string): string {
  const open = sentence.replace(/\.$/, "");
  const isPlain = /^[A-Z][a-z]*\b(?!\.\w)/.test(open) && !nameFirst.test(open);
  return isPlain ? open[0]!.toLowerCase() + open.slice(1) : open;
}
