/** @file What was decided of a network's output where the graph leaves a choice, as notes. */
import type { Graph } from "../graph/graph.ts";
import { option, say, type Message } from "../wording/face.ts";
import { unreadProposals } from "./detection/all-proposals.ts";
import { answerOutputs, type Head, type HeadOptions } from "./head.ts";

/**
 * The notes of a head that was found with these options. What it is taken for is said when it is sure: too early, it would
 * be said falsely.
 */
export function headNotes(graph: Graph, head: Head, options: HeadOptions): readonly Message[] {
  const notes = [
    choiceNote(graph, head),
    rankingNote(head),
    stopNote(head),
    suppressionNote(graph, head),
    options.seen?.refuted,
  ];
  const isOpen = options.kind === undefined && head.isSure && !head.stop;
  const kind = isOpen ? kindNote(head) : undefined;
  const boxes = head.detector?.notes ?? [];
  return [...notes, kind, groupsNote(head), ...boxes].filter((note) => note !== undefined);
}

function choiceNote(graph: Graph, { output, choice }: Head): Message | undefined {
  if (choice === undefined) return undefined;
  const { because, flat } = choice;
  const others = answerOutputs(graph)
    .map(({ name }) => name)
    .filter((name) => name !== output);
  const named = others.map((name) => `"${name}"${flat.includes(name) ? " (no gradient)" : ""}`);
  const said = `of several outputs "${output}" is explained where none is named, because ${because}; the others are ${named.join(", ")}`;
  const other = others.find((name) => !flat.includes(name));
  if (other === undefined) return say`${said}`;
  return say`${said} (${option("output", other)}, or ${option("target", `${other}:0`)})`;
}

function rankingNote({ output, answer, ranking }: Head): Message | undefined {
  if (!ranking) return undefined;
  const lists = ranking.operator === "TopK" ? "lists the largest" : "says which is the largest";
  return say`output "${output}" ${lists} of "${answer}" (${ranking.operator} "${ranking.name}"): the numbers of "${answer}" are explained`;
}

function stopNote({ output, stop }: Head): Message | undefined {
  if (!stop) return undefined;
  return say`output "${output}" has no gradient: ${stop.operator} ("${stop.name}") ends it`;
}

/** What of a row that is joined of several softmaxes is explained where no class is named. */
function groupsNote({ output, groups }: Head): Message | undefined {
  if (groups?.finest === undefined) return undefined;
  const all = groups.groups;
  const softmaxes = all.filter(({ activation }) => activation === "softmax").length;
  const others = all.length - softmaxes;
  const beside =
    others === 0 ? "" : ` and ${others} ${others === 1 ? "block" : "blocks"} of sigmoids`;
  const { units } = all[groups.finest]!;
  const [first, last] = [units[0]!, units.at(-1)!];
  const isRun = last - first === units.length - 1;
  const which = isRun
    ? `classes ${first} to ${last}`
    : `${units.length} classes from ${first} to ${last}`;
  return say`output "${output}" joins ${softmaxes} ${softmaxes === 1 ? "softmax" : "softmaxes"}${beside}, each with probabilities of its own: where no class is named, the best of group ${groups.finest + 1} of ${all.length} is explained, ${which}, because of its softmaxes it has the most`;
}

function suppressionNote(graph: Graph, { output }: Head): Message | undefined {
  const because = unreadProposals(graph, output);
  if (because === undefined) return undefined;
  return say`output "${output}" gives another number of boxes for each picture and is not read as boxes: ${because}. export the network without its NonMaxSuppression (nms=False of Ultralytics), or up to its heads`;
}

/** What an output is taken for where nothing tells, and how to say otherwise. */
function kindNote({
  output,
  kind,
  isAssumed,
  because,
  noLogits,
  isPercent,
  units,
  probabilities,
}: Head): Message | undefined {
  switch (kind) {
    case "value":
      if (noLogits !== undefined) {
        return say`output "${output}" is one number that is no logit: ${noLogits}. it is read as a value`;
      }
      return isPercent
        ? say`output "${output}" is a sigmoid in percent: it is read as a value (${option("kind", "yes-no")} reads its two sides as classes)`
        : say`output "${output}" is one number without a sigmoid: it is read as a value (${option("kind", "yes-no")} reads its two sides as classes)`;
    case "map": {
      const read = `output "${output}" has classes at every place: of a picture a class is explained where it is found, or over a part that is named`;
      return isAssumed
        ? say`${read}; that they are classes is assumed (${option("kind", "value-map")} reads them as values)`
        : say`${read}`;
    }
    case "value-map":
      return say`output "${output}" is assumed to hold values at every place, no classes (${because ?? ""}): the highest 1 % of a channel are explained (${option("kind", "map")} reads its channels as classes)`;
    case "values":
      return because === undefined
        ? undefined
        : say`output "${output}" is read as values, which have no probabilities: ${because} (${option("kind", "classes")} reads them as classes)`;
    case "embedding": {
      const alike = say`${option("reference", "FILE")} explains how alike they are to a picture's`;
      return because === undefined
        ? say`output "${output}" is scaled to length 1, as embeddings are: ${alike}`
        : say`output "${output}" is taken for an embedding, ${units ?? "many"} numbers without meanings of their own: ${because}. ${alike} (${option("kind", "values")} reads them as values)`;
    }
    case "classes": {
      if (!isAssumed) return undefined;
      const count = units === undefined ? "numbers" : `${units} numbers`;
      const chances =
        probabilities === "softmax" ? ", and their softmax to be the probabilities" : "";
      return say`output "${output}" has ${count} without a softmax: they are assumed to be logits of classes${chances} (${option("kind", "values")} reads them as values)`;
    }
    default:
      return undefined;
  }
}
