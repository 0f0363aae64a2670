/** @file A check in words: a screen that says what a network is taken for and whether it can be trusted. */
import type { CheckRecord } from "./schema.ts";
import type { TakenInput } from "../../attribution/takes.ts";
import { formatShape } from "../../graph/tensor.ts";
import { headKinds } from "../../network/head-kind.ts";
import { textLines } from "../../wording/shown-text.ts";

const titles = {
  forward: "forward",
  repeat: "repeat",
  reference: "reference",
  gradient: "gradient",
  "layer-gradient": "gradient",
} as const;

const verdicts = { ok: "ok", wrong: "WRONG", unknown: "?" } as const;

/** More names than this make a list that nobody reads. */
const mostListed = 6;

/** The whole of it, a line a thing. */
export function checkText(record: CheckRecord): string {
  const { model, runtime, input, explained, picture, preparation, answer, findings } = record;
  const taken = explained.activation === null ? "" : `; its ${explained.activation} is taken off`;
  const lines = [
    ["model", `${model}, on ${runtime}`],
    ["input", inputText(input)],
    [
      "output",
      `${explained.output}  ${explained.kind}: ${headKinds[explained.kind]}${taken}${explained.assumed ? " (assumed)" : ""}`,
    ],
    ["prepared", preparation],
    ["picture", `${picture ?? "noise"}: ${answer}`],
    ...findings.map(({ what, verdict, text }) => [
      titles[what],
      `${verdicts[verdict].padEnd(5)} ${text}`,
    ]),
    ["layers", layersText(record)],
    ["operators", operatorsText(record)],
    ...methodLines(record),
  ];
  return textLines(lines.map(([title, text]) => `${title.padEnd(10)} ${text}`));
}

/** Of a lone picture its layout; of other inputs what each is taken for. */
function inputText({ name, shape, layout, parts }: CheckRecord["input"]): string {
  const isPicture = parts.length === 1 && parts[0]!.takenFor.startsWith("picture");
  if (isPicture) {
    const where = layout === "channels last" ? " in the file" : "";
    return `${name}  ${formatShape(shape)}, ${layout}${where}`;
  }
  return parts.map((part) => `${part.name}  ${part.takenFor}`).join("; ");
}

function layersText({ layers, dead }: CheckRecord): string {
  const count = `${layers} with weights`;
  return dead.length === 0 ? `${count}, none dead here` : `${count}, dead here: ${listed(dead)}`;
}

function operatorsText({ missing }: CheckRecord): string {
  if (missing.length === 0) return "all have a gradient";
  return `without a gradient: ${listed(missing.map(({ operator, node }) => `${operator} ("${node}")`))}`;
}

const inputWords: Readonly<Record<TakenInput, string>> = {
  picture: "a picture",
  flat: "a row of numbers",
  signal: "a signal",
  volume: "a volume",
  several: "several inputs",
};

/** All that work in one line, the others by their reasons; then what else they take. */
function methodLines({ methods, asked }: CheckRecord): readonly (readonly [string, string])[] {
  const able = methods.filter(({ reason }) => reason === null);
  const reasons = new Map<string, string[]>();
  const known = new Set(methods.map(({ name }) => name));
  for (const { name, reason } of methods) {
    if (reason === null) continue;
    // A method may fail in another that it is made of, whose name says no more than its own.
    const [said = ""] = /^[\w-]+(?=: )/.exec(reason) ?? [];
    const shared = known.has(said) ? reason.slice(said.length + 2) : reason;
    reasons.set(shared, [...(reasons.get(shared) ?? []), name]);
  }
  return [
    [
      "methods",
      `${able.length} of ${methods.length} explain a ${asked.target} of ${inputWords[asked.input]} here`,
    ],
    ...[...reasons].map(([reason, names]) => ["", `not ${names.join(", ")}: ${reason}`] as const),
    ...takenLines(methods, "inputs"),
    ...takenLines(methods, "targets"),
  ];
}

function listed(names: readonly string[]): string {
  const more = names.length - mostListed;
  return `${names.slice(0, mostListed).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Methods by the kinds that they take, those of all kinds first and by their number. */
function takenLines(
  methods: CheckRecord["methods"],
  what: "inputs" | "targets",
): readonly (readonly [string, string])[] {
  const byKinds = new Map<string, string[]>();
  for (const method of methods) {
    const kinds = method[what].join(", ");
    byKinds.set(kinds, [...(byKinds.get(kinds) ?? []), method.name]);
  }
  const groups = [...byKinds].toSorted(([, a], [, b]) => b.length - a.length);
  return groups.map(([kinds, names], i) => {
    const who = i === 0 ? `${names.length} methods` : names.join(", ");
    return [i === 0 ? what : "", `${kinds}: ${who}`] as const;
  });
}
