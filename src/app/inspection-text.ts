/** @file What a network is made of, as text. */
import { headKinds } from "../network/head-kind.ts";
import { formatShape } from "../graph/tensor.ts";
import { formatCount, formatNumber, formatProbability } from "../wording/numbers.ts";
import { shownText, textLines } from "../wording/shown-text.ts";
import { textTable } from "../wording/text-table.ts";
import { boxLines } from "./attribute/boxes.ts";
import type {
  InspectedBoxes,
  InspectedHead,
  InspectedInput,
  InspectedPort,
  InspectedPreparation,
  Inspection,
} from "./inspection.ts";

/** The network in lines. */
export function inspectionText(inspection: Inspection): string {
  const {
    inputs,
    outputs,
    explained,
    classes,
    preprocessing,
    layers,
    missing,
    found = [],
  } = inspection;
  const longest = layers.reduce((most, { name }) => Math.max(most, shownText(name).length), 5);
  const width = Math.min(longest, 60);
  const rows = layers.map((layer) => {
    const shape = layer.shape ? formatShape(layer.shape) : "?";
    const parameters = layer.parameters > 0 ? formatCount(layer.parameters) : "";
    return `  ${shownText(layer.name).padEnd(width)}  ${layer.operator.padEnd(20)} ${shape.padEnd(22)} ${parameters}`.trimEnd();
  });
  const total = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const listedMissing = missing.map(({ operator, node }) => `${operator} ("${node}")`).join(", ");
  const verdict =
    missing.length === 0 ? "can be built" : `cannot be built, no rule for: ${listedMissing}`;
  return textLines([
    ...inputs.map((input) => `input     ${inWords(input)}${takenText(input)}`),
    ...outputs.map((port) => `output    ${inWords(port)}`),
    ...(explained ? [`explained ${headInWords(explained)}`] : []),
    ...(classes ? [`classes   ${classesInWords(classes)}`] : []),
    ...(preprocessing ? preparationLines(preprocessing) : []),
    ...found.flatMap(foundLines),
    `layers    ${layers.length}, ${formatCount(total)} parameters`,
    ...rows,
    `gradient  ${verdict}`,
  ]);
}

function foundLines({ photo, boxes }: InspectedBoxes): readonly string[] {
  const count = boxes.length === 1 ? "1 box" : `${boxes.length || "no"} boxes`;
  return [`found     ${count} in ${shownText(photo)}`, ...boxLines(boxes)];
}

function headInWords(head: InspectedHead): string {
  const { output, kind, assumed: isAssumed, activation, probabilities } = head;
  const taken = activation === null ? "" : `; its ${activation} is taken off`;
  const chances =
    activation === null && probabilities === "softmax"
      ? "; probabilities are the softmax of its numbers"
      : "";
  const assumed = isAssumed ? "; this is assumed" : "";
  return `${output}  ${kind}: ${headKinds[kind]}${taken}${chances}${assumed}`;
}

function classesInWords({ count, names, from }: NonNullable<Inspection["classes"]>): string {
  const more = count > names.length ? ` and ${formatCount(count - names.length)} more` : "";
  return `${names.join(", ")}${more}; named by ${from}`;
}

/** What an input is taken for. */
function takenText({ kind, axes, inFile }: InspectedInput): string {
  const own = inFile
    ? `; in the file ${formatShape(inFile.shape)}, which is [${inFile.axes.join(", ")}]`
    : "";
  return kind === null || axes === null ? "" : `  ${kind} [${axes.join(", ")}]${own}`;
}

function inWords({ name, type, shape }: InspectedPort): string {
  return `${name}  ${type ?? "?"} ${shape ? formatShape(shape) : "?"}`;
}

/** How pictures are prepared, who says it, and how what was tried fits a photo. */
function preparationLines(preparation: InspectedPreparation): readonly string[] {
  const { name, numbers, said, photos = [], candidates = [] } = preparation;
  return [
    `prepared  ${numbers} (${name})`,
    `          ${said}`,
    ...otherPhotos(photos),
    ...candidateLines(candidates, preparation),
  ];
}

/** Of the photos after the first, which decides, those by which another would be chosen. */
function otherPhotos([first, ...others]: NonNullable<
  InspectedPreparation["photos"]
>): readonly string[] {
  if (!first || others.length === 0) return [];
  const differing = others.filter(({ name }) => name !== first.name);
  return [
    `          of ${others.length} more ${others.length === 1 ? "photo" : "photos"} ${others.length - differing.length} would choose the same`,
    ...differing.map(({ said }) => `          ${said}`),
  ];
}

const candidateHead = "preparation colours penalty brightness contrast class probability".split(
  " ",
);

function candidateLines(
  candidates: NonNullable<InspectedPreparation["candidates"]>,
  chosen: Pick<InspectedPreparation, "name" | "channels">,
): readonly string[] {
  if (candidates.length === 0) return [];
  const told = (value: number | null, format: (value: number) => string) =>
    value === null ? "" : format(value);
  const rows = candidates.map((one) => [
    one.name,
    one.channels.toUpperCase(),
    told(one.penalty, (value) => formatNumber(value, 2)),
    told(one.brightness, (value) => formatNumber(value, 2)),
    told(one.contrast, (value) => formatNumber(value, 2)),
    told(one.target, String),
    told(one.probability, formatProbability),
    one.name === chosen.name && one.channels === chosen.channels ? "chosen" : "",
  ]);
  const shown = [...candidateHead, ""].map((_, i) => rows.some((row) => row[i] !== ""));
  const [head, ...kept] = [[...candidateHead, ""], ...rows].map((row) =>
    row.filter((_, i) => shown[i]),
  );
  const table = textTable(head!, kept, 2);
  return table
    .trimEnd()
    .split("\n")
    .map((line) => `          ${line}`);
}
