/** @file A list of a stranger's length is never spread into the arguments of a call, which takes some 100,000 at most. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Rooms that draw and study lists of their own making alone. */
const ownLists = /^(drawn|study)\//;

const spreadCall =
  /(?:Math\.(?:max|min)|\.(?:push|unshift|of)|fromCharCode|fromCodePoint|splice|toSpliced|\.concat)\([^;]*?\.\.\./g;

function spreadsIn(source: string): string[] {
  return Array.from(source.matchAll(spreadCall), ([found]) => found).filter(isOpen);
}

/** Whether the dots stand among the arguments themselves, and not in a list or a call inside them. */
function isOpen(found: string): boolean {
  let depth = 0;
  let isClosed = false;
  for (const letter of found) {
    depth += Number("([{".includes(letter)) - Number(")]}".includes(letter));
    isClosed ||= letter === ")" && depth === 0;
  }
  return depth === 1 && !isClosed;
}

test("the rule finds spreads, and not lists that are spread into lists", () => {
  expect(spreadsIn("Math.max(0, ...all)")).toHaveLength(1);
  expect(spreadsIn("a.push(\n  ...found(b, c),\n)")).toHaveLength(1);
  expect(spreadsIn("a.push([...b]); largest([0, ...c]); f(...d)")).toHaveLength(0);
});

const root = new URL("../src/", import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /(?<!\.test)\.ts$/.test(path) && !ownLists.test(path));

test("no file spreads a list into a call", () => {
  const found = files.flatMap((path) =>
    spreadsIn(readFileSync(new URL(path, root), "utf8")).map((call) => `${path}: ${call}`),
  );
  expect(found).toEqual([]);
});
