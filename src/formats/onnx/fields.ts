/** @file Fields of a message by the numbers that files call them by. */
import type { DescField, DescMessage } from "@bufbuild/protobuf";

const fieldTables = new WeakMap<DescMessage, ReadonlyMap<number, DescField>>();

/** The field of a number; undefined where the schema has none. */
export function fieldOf(message: DescMessage, number: number): DescField | undefined {
  let table = fieldTables.get(message);
  if (!table) {
    table = new Map(message.fields.map((field) => [field.number, field]));
    fieldTables.set(message, table);
  }
  return table.get(number);
}
