/** @file Numbers of channels and classes given as text. */
import { LimpidError } from "../errors.ts";
import { randomStream } from "../random.ts";

/**
 * The numbers of a text such as `7`, `0-63`, `1,5,8-11`, `all` or `random:10`, which are drawn from the
 * seed; sorted, each once. `what` names them for messages: `channel of "conv1"`. Throws `bad-option`.
 */
export function parseSelection(text: string, count: number, seed: number, what: string): number[] {
  if (text === "all") return Array.from({ length: count }, (_, i) => i);
  const drawn = /^random:(\d+)$/.exec(text);
  if (drawn) return randomNumbers(Number(drawn[1]), count, seed, what);
  const chosen = text.split(",").flatMap((part) => {
    const range = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part);
    const first = Number(range?.[1]);
    const last = Number(range?.[2] ?? range?.[1]);
    if (!range || first > last) {
      throw new LimpidError(
        "bad-option",
        `${what}: must be numbers such as 7, 0-63 or 1,5,8-11, or all, or random:10, got "${text}".`,
      );
    }
    if (last >= count) {
      throw new LimpidError(
        "bad-option",
        `${what}: must be from 0 to ${count - 1}, got ${last}. "all" takes every one.`,
      );
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return [...new Set(chosen)].sort((a, b) => a - b);
}

function randomNumbers(wanted: number, count: number, seed: number, what: string): number[] {
  if (wanted < 1) {
    throw new LimpidError("bad-option", `${what}: random must take at least 1, got ${wanted}.`);
  }
  const random = randomStream(seed, "selection", what);
  const left = Array.from({ length: count }, (_, i) => i);
  const chosen: number[] = [];
  while (chosen.length < wanted && left.length > 0) {
    chosen.push(left.splice(random.below(left.length), 1)[0]!);
  }
  return chosen.sort((a, b) => a - b);
}

/** A whole number of an option, from `least` to `most`. Throws `bad-option`. */
export function parseWhole(
  text: string,
  option: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const value = Number(text);
  if (/^\s*\d+\s*$/.test(text) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
  throw new LimpidError(
    "bad-option",
    `${option}: must be a whole number, ${range}, got "${text}".`,
  );
}
