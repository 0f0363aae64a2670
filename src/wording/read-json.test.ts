import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readJson, shownJson } from "./read-json.ts";

test("JSON is read as it is", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      expect(readJson(text)).toEqual({ value: JSON.parse(text) as unknown });
    }),
  );
  expect(readJson('["[[[[", "\\"{{{", {}]')).toEqual({ value: ["[[[[", '"{{{', {}] });
});

test("what is wrong is said", () => {
  for (const text of ["", "{", '{"a": 1,}', '"half', "NaN", "\\", '"\\'])
    expect(readJson(text)).toEqual({ fault: "other text" });
  expect(readJson("[".repeat(1e6))).toEqual({ fault: "lists in lists over 100 deep" });
  expect(readJson(`${'{"a":['.repeat(60)}1${"]}".repeat(60)}`)).toHaveProperty("fault");
  expect(readJson(`${"[".repeat(100)}${"]".repeat(100)}`)).toHaveProperty("value");
});

test("texts may be as long as a file, and hold any signs", () => {
  const long = '[{\\"'.repeat(2e6);
  expect(readJson(`{"a": "${long}"}`)).toEqual({ value: { a: '[{"'.repeat(2e6) } });
  expect(readJson(`"${"[".repeat(2e7)}`)).toEqual({ fault: "other text" });
});

test("long values are shown by their start", () => {
  expect(shownJson({ a: 1 })).toBe('{"a":1}');
  expect(shownJson(undefined)).toBe("nothing");
  expect(shownJson("x".repeat(1000))).toHaveLength(123);
});
