/** @file The fields of a schema, one a row: where each stands, what it holds, and whether it may be left out. */
import { toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";

type JsonSchema = ReturnType<typeof toJsonSchema>;

/** A field of a record. */
export interface JsonField {
  /** "results[].maximum.x": `[]` is each of a list, `*` each of a table. */
  readonly path: string;
  /** "number or null". */
  readonly type: string;
  readonly meaning: string;
  readonly isOptional: boolean;
}

/** All fields of a schema, in its order, those of objects below them. */
export function jsonFields(schema: GenericSchema): readonly JsonField[] {
  return fieldsBelow("", toJsonSchema(schema, { errorMode: "ignore" }));
}

function fieldsBelow(path: string, schema: JsonSchema): readonly JsonField[] {
  const objects = alternativesOf(schema).filter(({ properties }) => properties);
  const names = new Set(objects.flatMap(({ properties }) => Object.keys(properties!)));
  const own = [...names].flatMap((name) => {
    const variants = objects.flatMap(({ properties }) => propertyOf(properties!, name));
    const isOptional = !objects.every(({ required = [] }) => required.includes(name));
    return fieldsAt(path === "" ? name : `${path}.${name}`, merged(variants), isOptional);
  });
  const items = alternativesOf(schema).flatMap(({ items: one }) => schemaIn(one));
  const values = alternativesOf(schema).flatMap(({ additionalProperties }) =>
    schemaIn(additionalProperties),
  );
  return [
    ...own,
    ...(items.length > 0 ? fieldsBelow(`${path}[]`, merged(items)) : []),
    ...(values.length > 0 ? fieldsBelow(path === "" ? "*" : `${path}.*`, merged(values)) : []),
  ];
}

function fieldsAt(path: string, schema: JsonSchema, isOptional: boolean): readonly JsonField[] {
  const meaning = schema.description ?? "";
  return [{ path, type: typeOf(schema), meaning, isOptional }, ...fieldsBelow(path, schema)];
}

function propertyOf(properties: NonNullable<JsonSchema["properties"]>, name: string) {
  return schemaIn(properties[name]);
}

/** A schema where one is given, and not just whether anything may stand there. */
function schemaIn(given: unknown): readonly JsonSchema[] {
  return typeof given === "object" && given !== null && !Array.isArray(given) ? [given] : [];
}

/** Variants of a field as one: those of unions, which differ in other fields, are mostly the same. */
function merged(variants: readonly JsonSchema[]): JsonSchema {
  const [first] = variants;
  const texts = new Set(variants.map((variant) => JSON.stringify(variant)));
  if (texts.size === 1) return first!;
  const { description } = variants.find((variant) => variant.description !== undefined) ?? {};
  return { anyOf: [...variants], ...(description === undefined ? {} : { description }) };
}

function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  const others = schema.anyOf ?? schema.oneOf;
  return others ? others.flatMap((other) => schemaIn(other).flatMap(alternativesOf)) : [schema];
}

function typeOf(schema: JsonSchema): string {
  return [...new Set(alternativesOf(schema).map(plainType))].join(" or ");
}

function plainType(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.type === "array") {
    const items = schemaIn(schema.items);
    return items.length === 0 ? "list" : `list of ${plural(typeOf(items[0]!))}`;
  }
  if (schema.type === "object" && !schema.properties) {
    const values = schemaIn(schema.additionalProperties);
    return values.length === 0 ? "object" : `table of ${plural(typeOf(values[0]!))}`;
  }
  if (schema.type === "integer") return "whole number";
  if (schema.type === "string") return "text";
  return typeof schema.type === "string" ? schema.type : "any value";
}

/** "numbers or null"; null has no plural. */
function plural(type: string): string {
  return type.replaceAll(/\b(object|number|text|boolean|list|table)\b/g, "$1s");
}
