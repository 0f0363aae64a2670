/** @file What gradient rules say of themselves: the comment above an operator's entry, or the docstring of its rule. */
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../src/autodiff/rules/", import.meta.url);

/** An entry of a rule table: comment lines, the operator, and the rule if it is a name. */
const entry = /((?:^  \/\/ .*\n)*)^  ([A-Z]\w*):(?: (\w+),$)?/gm;
const docstring = /^\/\*\* ([^\n]*) \*\/\n(?:export )?(?:const|function) (\w+)/gm;

/** Formulas by operator. */
export function ruleFormulas(): ReadonlyMap<string, string> {
  const formulas = new Map<string, string>();
  for (const name of readdirSync(folder)) {
    const source = readFileSync(new URL(name, folder), "utf8");
    const docstrings = new Map([...source.matchAll(docstring)].map(([, text, of]) => [of!, text!]));
    for (const [, comment, operator, rule] of source.matchAll(entry)) {
      const above = comment!.replaceAll(/^ *\/\/ /gm, "").trim();
      const formula = above === "" ? docstrings.get(rule ?? "") : above;
      if (formula !== undefined) formulas.set(operator!, formula.replaceAll(/\s*\n\s*/g, " "));
    }
  }
  return formulas;
}
