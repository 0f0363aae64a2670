/** @file Functions that are rows of a table, and getters of its rows. */
import type { ESTree } from "vite";
import type { FoundParts } from "./module-parts.ts";

/** A shorter one takes less than what would stand in for it. */
const leastLetters = 120;

/** Adds those that lie in a table's own literals. */
export function addRows(found: FoundParts, name: string, value: ESTree.Node): void {
  if (value.type === "TSAsExpression" || value.type === "TSSatisfiesExpression") {
    addRows(found, name, value.expression);
  } else if (value.type === "ObjectExpression") {
    for (const one of value.properties) {
      const key = one.type === "Property" && !one.computed ? keyOf(one.key) : undefined;
      if (key === undefined || one.type !== "Property") continue;
      if (one.kind === "get") addGetter(found, `${name}.${key}`, one);
      else addRows(found, `${name}.${key}`, one.value);
    }
  } else if (value.type === "ArrayExpression") {
    for (const [i, one] of value.elements.entries()) if (one) addRows(found, `${name}.${i}`, one);
  } else if (value.type === "CallExpression") {
    for (const [i, one] of value.arguments.entries()) addRows(found, `${name}.${i}`, one);
  } else if (value.type === "ArrowFunctionExpression") {
    const { start, end, body, async: isAsync } = value;
    if (end - start < leastLetters) return;
    const spans = { span: { start, end }, body: { start: body.start, end: body.end } };
    found.functions.push({ name, isAsync, ...spans, kind: "row" });
  }
}

function addGetter(
  found: FoundParts,
  name: string,
  { start, end, value }: ESTree.ObjectProperty,
): void {
  if (value.type !== "FunctionExpression" || !value.body) return;
  const spans = { span: { start, end }, body: { start: value.body.start, end: value.body.end } };
  found.functions.push({ name, isAsync: false, ...spans, kind: "getter" });
}

function keyOf(key: ESTree.PropertyKey): string | undefined {
  if ("name" in key && typeof key.name === "string") return key.name;
  return "value" in key && typeof key.value === "string" ? key.value : undefined;
}
