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

/**
 * Values by names from outside, such as layers. `v.record` alone leaves out what is called "__proto__", "constructor" or
 * "prototype", so names wear a mark while they are read.
 */
export function byName<const Schema extends v.GenericSchema>(value: Schema) {
  const schema = v.record(v.string(), value);
  const run: (typeof schema)["~run"] = (dataset, config) => {
    const given = dataset.value;
    if (!isObject(given)) return schema["~run"](dataset, config);
    const found = schema["~run"]({ ...dataset, value: renamed(given, (key) => `:${key}`) }, config);
    for (const { path } of found.issues ?? []) {
      const [item] = path ?? [];
      if (item) Object.assign(item, { key: String(item.key).slice(1) });
    }
    const value = renamed(found.value as Readonly<Record<string, unknown>>, (key) => key.slice(1));
    return { ...found, value } as typeof found;
  };
  return { ...schema, "~run": run };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `Object.fromEntries` keeps a "__proto__" as what it is called. */
function renamed(
  values: Readonly<Record<string, unknown>>,
  rename: (key: string) => string,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [rename(key), value]));
}

/** What a schema describes, read only to the core. */
export type Recorded<Schema extends v.GenericSchema> = DeepReadonly<v.InferOutput<Schema>>;

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;
