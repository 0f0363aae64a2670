import { expect, test } from "vitest";
import { entriesOf } from "./lists.ts";

const isName = (entry: string) => ["a", "b", "act,2", "act,2,x", "cow, brown"].includes(entry);

test.each([
  ["a,b", ["a", "b"]],
  ["act,2", ["act,2"]],
  ["a, act,2 ,b", ["a", "act,2", "b"]],
  ["act,2,x,act,2", ["act,2,x", "act,2"]],
  ["act,3", ["act", "3"]],
  ["b,cow, brown,,a", ["b", "cow, brown", "", "a"]],
  ["", [""]],
])("the entries of %j are %j", (text, entries) => {
  expect(entriesOf(text, isName)).toEqual(entries);
});
