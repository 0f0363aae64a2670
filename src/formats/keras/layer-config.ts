/** @file What the configuration of a layer says, read field by field. */
import * as v from "valibot";
import type { LimpidError } from "../../errors.ts";
import { shownJson } from "../../wording/read-json.ts";

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value of JSON is an object, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const whole = v.pipe(v.number(), v.safeInteger());
const finite = v.pipe(v.number(), v.finite());

/** Fields of a layer's configuration; those that are left out or null have the value that Keras gives them. */
export class LayerConfig {
  readonly values: JsonObject;
  readonly #fail: (what: string) => LimpidError;

  constructor(values: JsonObject, fail: (what: string) => LimpidError) {
    this.values = values;
    this.#fail = fail;
  }

  /** Whether the field is there and not null. */
  has(field: string): boolean {
    return this.get(field) !== undefined;
  }

  /** The field as it stands, undefined for null; tuples, which newer files mark, are lists. */
  get(field: string): unknown {
    const value = Object.hasOwn(this.values, field) ? withoutTuples(this.values[field]) : undefined;
    return value === null ? undefined : value;
  }

  /** A whole number. Throws `bad-file`, as all the others do. */
  int(field: string, usual?: number): number {
    return this.#read(field, whole, "a whole number", usual);
  }

  number(field: string, usual?: number): number {
    return this.#read(field, finite, "a number", usual);
  }

  flag(field: string, usual: boolean): boolean {
    return this.#read(field, v.boolean(), "true or false", usual);
  }

  text(field: string, usual?: string): string {
    return this.#read(field, v.string(), "a text", usual);
  }

  /** One of some words. */
  choice<T extends string>(field: string, words: readonly T[], usual: T): T {
    return this.#read(field, v.picklist(words), `one of ${words.join(", ")}`, usual);
  }

  /** Whole numbers, one number alone being a list of one. */
  ints(field: string, usual?: readonly number[]): readonly number[] {
    return this.#list(field, whole, "whole numbers", usual);
  }

  numbers(field: string, usual?: readonly number[]): readonly number[] {
    return this.#list(field, finite, "numbers", usual);
  }

  /** A number above 0 for each of `axes` axes, one number alone standing for all. */
  sizes(field: string, axes: number, usual?: number): readonly number[] {
    const fallback = usual === undefined ? undefined : Array<number>(axes).fill(usual);
    const read = this.ints(field, fallback);
    const isAlone = typeof this.get(field) === "number" || (read.length === 1 && axes > 1);
    const sizes = isAlone ? Array<number>(axes).fill(read[0]!) : read;
    if (sizes.length === axes && sizes.every((size) => size > 0 && size < mostSize)) return sizes;
    throw this.#wrong(field, `${axes} numbers above 0`);
  }

  #list(
    field: string,
    each: v.GenericSchema<unknown, number>,
    wanted: string,
    usual: readonly number[] | undefined,
  ): readonly number[] {
    const schema = v.union([each, v.array(each)]);
    const read = this.#read<number | readonly number[]>(field, schema, wanted, usual);
    return typeof read === "number" ? [read] : read;
  }

  #read<T>(
    field: string,
    schema: v.GenericSchema<unknown, T>,
    wanted: string,
    usual: T | undefined,
  ): T {
    const value = this.get(field);
    if (value === undefined && usual !== undefined) return usual;
    const read = v.safeParse(schema, value);
    if (read.success) return read.output;
    throw this.#wrong(field, wanted);
  }

  #wrong(field: string, wanted: string): LimpidError {
    return this.#fail(`"${field}" must be ${wanted}, got ${shownJson(this.values[field])}`);
  }
}

/** No window, stride or border is as large. */
const mostSize = 2 ** 24;

/** A value with the tuples that newer files mark as lists. */
export function withoutTuples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTuples);
  if (!isObject(value)) return value;
  const isTuple = value["class_name"] === "__tuple__" && Array.isArray(value["items"]);
  return isTuple ? withoutTuples(value["items"]) : value;
}
