/** @file What a model's maker says, as metadata of its graph. */
import * as v from "valibot";
import type { Graph } from "../../graph/graph.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import { readJson } from "../../wording/read-json.ts";
import type { ToldByMaker } from "./told-by-maker.ts";

/** The graph with what was told, and with sentences about how it was read behind those that it has. */
export function withTold(
  graph: Graph,
  told: ToldByMaker | undefined,
  notes: readonly string[],
): Graph {
  const metadata = new Map(graph.metadata);
  const said = [...sentencesOf(graph), ...notes, ...(told?.notes ?? [])];
  const classes = told?.classes;
  if (classes) {
    const count = graph.outputs[0]?.dims?.at(-1);
    if (count === classes.length) metadata.set(metadataKeys.classes, JSON.stringify(classes));
    else {
      said.push(
        `The ${classes.length} names of classes in ${told.from} are left out: its output has ${count ?? "an unknown number of"} numbers.`,
      );
    }
  }
  if (told?.preprocessing) {
    const size = told.size && isOpen(graph) ? { size: told.size } : {};
    const how = { ...told.preprocessing, ...size };
    metadata.set(metadataKeys.preprocessing, JSON.stringify(how));
  }
  if (said.length > 0) metadata.set(metadataKeys.reading, JSON.stringify(said));
  return { ...graph, metadata };
}

function sentencesOf({ metadata }: Graph): readonly string[] {
  const read = readJson(metadata.get(metadataKeys.reading) ?? "[]");
  return v.parse(v.array(v.string()), "fault" in read ? [] : read.value);
}

/** Whether the height and width of pictures are the user's to choose. */
function isOpen({ inputs }: Graph): boolean {
  const [, , ...sides] = inputs[0]?.dims ?? [];
  return sides.length === 2 && sides.every((side) => typeof side === "string");
}
