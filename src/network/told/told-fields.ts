/** @file What configurations of different hubs have in common: numbers a channel, sizes, filters. */
import * as v from "valibot";
import type { Preprocessing } from "../../image/preprocess.ts";
import { readJson } from "../../wording/read-json.ts";

/** One number, or one a channel. */
export const perChannel = v.union([v.number(), v.array(v.number())]);

const side = v.pipe(v.number(), v.integer(), v.minValue(1));

/** A side of both, [height, width], or by name. */
export const sizeField = v.union([
  side,
  v.tuple([side, side]),
  v.looseObject({ height: side, width: side }),
  v.looseObject({ shortest_edge: side }),
  v.looseObject({ longest_edge: side }),
]);

/** The object that a JSON text holds; undefined for other texts. */
export function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  const read = readJson(text);
  if ("fault" in read) return undefined;
  const { value } = read;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
}

/** Means and deviations that a preprocessing can have: one or three numbers, deviations over 0. */
export function isStatistics(mean: readonly number[], std: readonly number[]): boolean {
  const isSized = [mean, std].every(({ length }) => length === 1 || length === 3);
  return isSized && std.every((value) => value > 0);
}

/** Arithmetic on 0..255 values that first multiplies by `factor`, with means and deviations in either range. */
export function normalization(
  factor: number,
  mean: readonly number[],
  std: readonly number[],
): Pick<Preprocessing, "scale" | "mean" | "std"> {
  if (areOfBytes(mean, std)) return { scale: 1, mean, std };
  return { scale: factor === 1 ? 1 / 255 : factor, mean, std };
}

/** Means of 0..255 pictures cannot be meant for 0..1 whatever is said of the factor, nor the other way round. */
export function areOfBytes(mean: readonly number[], std: readonly number[]): boolean {
  return [...mean, ...std].some((value) => Math.abs(value) > 4);
}

/** Pillow's numbers of filters, and the names that hubs use. */
const filters: Readonly<Record<string, Preprocessing["filter"]>> = {
  0: "nearest",
  2: "bilinear",
  3: "bicubic",
  4: "box",
  nearest: "nearest",
  bilinear: "bilinear",
  bicubic: "bicubic",
  box: "box",
};

/** The filter of a number or a name, and what is done otherwise than told. */
export function filterOf(
  told: number | string | undefined,
  usual: Preprocessing["filter"],
): { readonly filter: Preprocessing["filter"]; readonly doubts: readonly string[] } {
  if (told === undefined) return { filter: usual, doubts: [] };
  const name = String(told).toLowerCase().replace(/^.*\./, "");
  const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (filter) return { filter, doubts: [] };
  return { filter: "bicubic", doubts: [`its filter "${told}" is not known, bicubic is used`] };
}
