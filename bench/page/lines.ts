/** @file A figure beside its bound, a line each. */
import { median } from "../measure.ts";

const widest = 62;

/** Prints a figure, what it may be at most, and whether it is; of several their median. */
export function atMost(
  what: string,
  got: number | readonly number[],
  most: number,
  unit: string,
): void {
  print(what, got, unit, `at most ${most}`, (value) => value <= most);
}

export function atLeast(
  what: string,
  got: number | readonly number[],
  least: number,
  unit: string,
): void {
  print(what, got, unit, `at least ${least}`, (value) => value >= least);
}

function print(
  what: string,
  got: number | readonly number[],
  unit: string,
  bound: string,
  holds: (value: number) => boolean,
): void {
  const value = typeof got === "number" ? got : median(got);
  const text = rounded(value);
  const miss = holds(value) ? "" : "   MISSED";
  console.log(`${what.padEnd(widest)} ${text.padStart(7)} ${unit} (${bound})${miss}`);
}

/** A figure without a bound, which explains one that has. */
export function beside(what: string, got: number | readonly number[], unit: string): void {
  const value = typeof got === "number" ? got : median(got);
  console.log(`${what.padEnd(widest)} ${rounded(value).padStart(7)} ${unit}`);
}

function rounded(value: number): string {
  return value.toPrecision(value >= 1000 ? Math.ceil(Math.log10(value)) : 3);
}
