/** @file Classes given as text: numbers, labels, or the one that the network prefers. */
import { option, say, type Message } from "../wording/face.ts";
import { LimpidError } from "../errors.ts";
import { closestNames } from "../wording/closest-names.ts";
import { nameIndex } from "../wording/name-index.ts";
import type { ClassTargets } from "./class-targets.ts";

/** What answers without a name are called, by their numbers. */
const unnamed = /^(?:class|number|channel) (\d+)$/;

/**
 * The targets of a text: class numbers, also as `class 3`, `top`, or a label, in any case where none is written so. Throws
 * `bad-option`, also for a label of several classes.
 */
export function parseClasses(text: string, labels: readonly string[] | undefined): ClassTargets {
  if (text === "top") return "top";
  if (/^\s*\d+(\s*,\s*\d+)*\s*$/.test(text)) return text.split(",").map(Number);
  const found = nameIndex(labels ?? [])(text);
  if (found.length === 1) return found;
  const [, number] = unnamed.exec(text.toLowerCase()) ?? [];
  if (found.length === 0 && number !== undefined) return [Number(number)];
  throw new LimpidError(
    "bad-option",
    say`target: must be class numbers, a label or top, got "${text}"${hintFor(text, labels, found)}`,
  );
}

function hintFor(
  text: string,
  labels: readonly string[] | undefined,
  found: readonly number[],
): string | Message {
  if (!labels) return say`. give class names with ${option("labels")}.`;
  if (found.length > 1) return twinsText(labels, found);
  const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");
  const near = closestNames(text, labels);
  if (near.length === 0 && labels.length <= mostListed) return `. there are ${quoted(labels)}.`;
  return `. closest: ${quoted(near) || "none"}.`;
}

/** Classes of one name, or of names that are the same but for their case. */
function twinsText(labels: readonly string[], found: readonly number[]): string {
  if (new Set(found.map((each) => labels[each])).size === 1) {
    return `, the name of classes ${found.join(" and ")}. give the number.`;
  }
  const each = found.map((number) => `${number} ("${labels[number]!}")`).join(" and ");
  return `, which but for its case is the name of classes ${each}. write it as it stands there, or give the number.`;
}

/** So many names can be read in a line. */
const mostListed = 10;
