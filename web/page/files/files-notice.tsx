/** @file Files that wait for others, and those that were left out; what says so comes when there is something to say. */
import { useState } from "preact/hooks";
import { later } from "../frame/later.tsx";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { absentOf, type Absent } from "./shared-view.ts";
import { isSaid } from "./taken.ts";

const FilesSaid = later("notices", async () => (await import("./files-said.tsx")).FilesSaid);

export function FilesNotice({ explorer, state }: PaneProps) {
  const { waiting, leftOut, taken, unknown, shared, model, picture } = state;
  const lacking = (shared && model && picture && absentOf(shared, state)) || undefined;
  const absent = (lacking?.model ?? lacking?.picture ?? lacking?.lost) ? lacking : undefined;
  const isQuiet = !waiting && leftOut.length === 0 && !isSaid(taken) && unknown.length === 0;
  return isQuiet && !absent ? null : <Notice {...{ explorer, state, absent }} />;
}

/** Nothing where its code cannot be fetched, which the page says; it is asked for again with the next. */
function Notice(props: PaneProps & { readonly absent: Absent | undefined }) {
  const [isGone, setGone] = useState(false);
  return isGone ? null : <FilesSaid {...props} onClose={() => setGone(true)} />;
}
