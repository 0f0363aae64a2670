/** @file The table of a schema's fields, from which docs/json.md is made. */
import * as v from "valibot";
import { expect, test } from "vitest";
import { jsonFields } from "../scripts/json-fields.ts";
import { described, index, measure } from "../src/wording/record-schema.ts";

test("fields have their place, type and meaning; of a union those of all its variants", () => {
  const schema = v.strictObject({
    name: described(v.string(), "what it is called"),
    size: v.exactOptional(index("places")),
    kind: v.picklist(["a", "b"]),
    scores: described(v.record(v.string(), v.nullable(v.number())), "by name"),
    parts: v.array(
      v.union([
        v.strictObject({ share: measure("of all"), left: v.number() }),
        v.strictObject({ share: measure("of all"), shape: v.nullable(v.array(v.number())) }),
      ]),
    ),
  });
  const rows = jsonFields(schema).map(({ path, type, meaning, isOptional }) =>
    [path, type, meaning, isOptional ? "optional" : ""].filter(Boolean).join("; "),
  );
  expect(rows).toEqual([
    "name; text; what it is called",
    "size; whole number; places; optional",
    'kind; "a" or "b"',
    "scores; table of numbers or null; by name",
    "parts; list of objects",
    "parts[].share; number or null; of all",
    "parts[].left; number; optional",
    "parts[].shape; list of numbers or null; optional",
  ]);
});
