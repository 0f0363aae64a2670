/** @file Records by names that objects have of their own. */
import * as v from "valibot";
import { expect, test } from "vitest";
import { byName } from "./record-schema.ts";

const schema = v.strictObject({ batches: byName(v.number()) });

test("names that every object has are names", () => {
  const text = '{"batches":{"__proto__":1,"constructor":2,"prototype":3,"toString":4,":a":5,"":6}}';
  const { batches } = v.parse(schema, JSON.parse(text));
  expect(Object.entries(batches)).toEqual([
    ["__proto__", 1],
    ["constructor", 2],
    ["prototype", 3],
    ["toString", 4],
    [":a", 5],
    ["", 6],
  ]);
  expect(JSON.stringify({ batches })).toBe(text);
});

test.each([
  ['{"batches":{"__proto__":"one"}}', "batches.__proto__"],
  ['{"batches":{"conv":1,"constructor":null}}', "batches.constructor"],
  ['{"batches":3}', "batches"],
])("%s is refused at %s", (text, at) => {
  const { success, issues } = v.safeParse(schema, JSON.parse(text));
  expect(success).toBe(false);
  expect(issues!.map((issue) => v.getDotPath(issue))).toEqual([at]);
});
