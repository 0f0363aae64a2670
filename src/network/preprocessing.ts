/** @file Preprocessings written as JSON: in files of users and in the metadata of models. */
import { LimpidError } from "../errors.ts";
import { preprocessings, type Preprocessing } from "../image/preprocess.ts";
import { resizeFilters } from "../image/resize.ts";
import { readJson, shownJson } from "../wording/read-json.ts";

/** Checks one field; returns what the preprocessing takes, or undefined if the value is none of its kind. */
type Field<T> = { readonly must: string; readonly read: (value: unknown) => T | undefined };

function oneOf<T extends string>(...allowed: readonly T[]): Field<T> {
  return {
    must: `be one of ${allowed.join(", ")}`,
    read: (value) => allowed.find((name) => name === value),
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function numbers(must: string, isGood: (value: number) => boolean): Field<readonly number[]> {
  return {
    must,
    read: (value) => {
      const list: readonly unknown[] = Array.isArray(value) ? value : [value];
      const good = list.filter((item): item is number => isNumber(item) && isGood(item));
      return good.length === list.length && (good.length === 1 || good.length === 3)
        ? good
        : undefined;
    },
  };
}

const size: Field<readonly [number, number]> = {
  must: "be a positive whole number or [height, width]",
  read: (value) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value, value];
    const sides = list.filter(
      (side): side is number => Number.isInteger(side) && (side as number) > 0,
    );
    return list.length === 2 && sides.length === 2 ? [sides[0]!, sides[1]!] : undefined;
  },
};

const fields: { readonly [K in keyof Preprocessing]-?: Field<NonNullable<Preprocessing[K]>> } = {
  name: {
    must: "be a text",
    read: (value) => (typeof value === "string" ? value : undefined),
  },
  resize: oneOf("crop", "stretch", "pad"),
  cropShare: {
    must: "be a number over 0 and up to 1",
    read: (value) => (isNumber(value) && value > 0 && value <= 1 ? value : undefined),
  },
  border: {
    must: "be a whole number from 0 to 255",
    read: (value) =>
      Number.isInteger(value) && isNumber(value) && value >= 0 && value <= 255 ? value : undefined,
  },
  corner: oneOf("top-left"),
  filter: oneOf(...resizeFilters),
  size,
  channels: oneOf("rgb", "bgr", "grey"),
  scale: {
    must: "be a number other than 0",
    read: (value) => (isNumber(value) && value !== 0 ? value : undefined),
  },
  mean: numbers("be one or three numbers", () => true),
  std: numbers("be one or three numbers over 0", (value) => value > 0),
  layout: oneOf("nchw", "nhwc"),
};

function bad(where: string, what: string, cause?: unknown): LimpidError {
  return new LimpidError("bad-file", `preprocess: "${where}": ${what}`, { cause });
}

/**
 * A preprocessing from JSON, as `JSON.stringify` writes one; fields left out are those of `unit`. `where` is
 * for messages. Throws `bad-file` for other text, unknown fields and values that no preprocessing has.
 */
export function parsePreprocessing(text: string, where: string): Preprocessing {
  const read = readJson(text);
  if ("fault" in read) throw bad(where, `the text must be JSON, got ${read.fault}.`);
  const { value } = read;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw bad(where, `the text must be a JSON object, got ${shownJson(value)}.`);
  }
  const result: Record<string, unknown> = { ...preprocessings.unit, name: where };
  for (const [key, given] of Object.entries(value)) {
    if (!Object.hasOwn(fields, key)) {
      throw bad(where, `fields must be ${Object.keys(fields).join(", ")}, got "${key}".`);
    }
    const field: Field<unknown> = fields[key as keyof Preprocessing];
    const read = field.read(given);
    if (read === undefined) {
      throw bad(where, `"${key}" must ${field.must}, got ${shownJson(given)}.`);
    }
    result[key] = read;
  }
  return checkedTogether(result as unknown as Preprocessing, where);
}

function checkedTogether(how: Preprocessing, where: string): Preprocessing {
  for (const field of ["mean", "std"] as const) {
    if (how.channels === "grey" && how[field].length !== 1) {
      throw bad(
        where,
        `"${field}" must be one number where channels is grey, got ${how[field].length}.`,
      );
    }
  }
  return how;
}
