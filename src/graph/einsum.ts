/** @file Einsum equations with every index written out. */
import { largest } from "../statistics.ts";

/** Index letters of each operand and of the output. */
export interface EinsumTerms {
  readonly operands: readonly string[];
  readonly output: string;
}

/**
 * The terms of an equation for operands of the given ranks. An ellipsis becomes letters of its own; a
 * missing right side becomes the ellipsis and, in alphabetic order, the letters that occur once.
 */
export function einsumTerms(equation: string, ranks: readonly number[]): EinsumTerms {
  const [left, right] = equation.replaceAll(" ", "").split("->") as [string, string?];
  const written = left.split(",");
  const hidden = written.map((term, i) => ranks[i]! - term.replace("...", "").length);
  const widest = largest([0, ...written.map((term, i) => (term.includes("...") ? hidden[i]! : 0))]);
  const letters = freeLetters(equation, widest);
  const spell = (term: string, count: number) => term.replace("...", letters.slice(widest - count));
  const operands = written.map((term, i) => spell(term, hidden[i]!));
  const output = right === undefined ? implicitOutput(written) : right;
  return { operands, output: spell(output, widest) };
}

/** The size of each index letter, by operands whose terms fit their shapes: where an axis of 1 is spread, the larger one. */
export function einsumSizes(
  operands: readonly string[],
  shapes: readonly (readonly number[])[],
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const [i, term] of operands.entries()) {
    for (const [axis, letter] of Array.from(term).entries()) {
      sizes.set(letter, Math.max(sizes.get(letter) ?? 1, shapes[i]?.[axis] ?? 1));
    }
  }
  return sizes;
}

/** Letters that the equation does not use, so that the result is a plain equation again. */
function freeLetters(equation: string, count: number): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return Array.from(alphabet)
    .filter((letter) => !equation.includes(letter))
    .slice(0, count)
    .join("");
}

function implicitOutput(terms: readonly string[]): string {
  const all = terms.join("").replaceAll("...", "");
  const once = Array.from(new Set(all))
    .filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter))
    .sort();
  return `${terms.some((term) => term.includes("...")) ? "..." : ""}${once.join("")}`;
}
