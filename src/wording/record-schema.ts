/** @file Pieces of the schemas of what commands print and write as JSON; docs/json.md and the checks of tests are made from them. */
import * as v from "valibot";

/** A schema with what it holds in words. */
export function described<const Schema extends v.GenericSchema>(schema: Schema, meaning: string) {
  return v.pipe(schema, v.description(meaning));
}

/** A number; JSON has none for infinity and what is not a number, and says null. */
export function measure(meaning: string) {
  return described(v.nullable(v.number()), meaning);
}

/** A whole number from 0, such as an index. */
export function index(meaning: string) {
  return v.pipe(v.number(), v.integer(), v.minValue(0), v.description(meaning));
}

/** What a schema describes, read only to the core. */
export type Recorded<Schema extends v.GenericSchema> = DeepReadonly<v.InferOutput<Schema>>;

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;
