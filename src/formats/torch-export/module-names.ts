/** @file Names of values by the modules that give them: the user's own `layer1.0.conv1`. */
import type { ExportedNode } from "./schema.ts";

/**
 * The path of the innermost module of a node; "" for the network's own `forward`. The file writes the modules around it
 * as `key,path,class` with `;` between, and the path as attributes (`layer1.0.conv1`) or as Python finds them
 * (`L['self'].layer1[0].conv1`, `getattr(L['self'].layer1, '0').conv1`).
 */
export function modulePath({ metadata }: ExportedNode): string {
  const stack = metadata["nn_module_stack"];
  if (typeof stack !== "string" || stack === "") return "";
  const [, path = ""] = fieldsOf(stack.slice(stack.lastIndexOf(";") + 1));
  return plainPath(path);
}

/** Fields between commas, those in brackets left together. */
function fieldsOf(text: string): string[] {
  const fields = [""];
  let depth = 0;
  for (const letter of text) {
    if (letter === "[" || letter === "(") depth += 1;
    if (letter === "]" || letter === ")") depth -= 1;
    if (letter === "," && depth === 0) fields.push("");
    else fields[fields.length - 1] += letter;
  }
  return fields;
}

function plainPath(path: string): string {
  const attributes = path
    .replaceAll("getattr(", "")
    .replaceAll(/, ?['"]([^'"]*)['"]\)/g, ".$1")
    .replaceAll(/\[['"]?([^\]'"]*)['"]?\]/g, ".$1");
  return attributes.replace(/^L\.self\.?|^L__self__\.?|^self\.?/, "").replace(/^\./, "");
}

/** A value that a node of the program gave. */
export interface GivenValue {
  /** Its name while the graph is built. */
  readonly made: string;
  /** The path of its module. */
  readonly module: string;
  readonly operator: string;
  /** Its name in the file. */
  readonly name: string;
}

/**
 * What values shall be called, by the names that they were made with: the module's path for the last value of a module,
 * the path with the operator behind it for those before, and the name in the file for what the network itself computes.
 */
export function valueNames(values: readonly GivenValue[]): ReadonlyMap<string, string> {
  const last = new Map(values.map((value) => [value.module, value]));
  return new Map(
    values.map((value) => {
      const { made, module, operator, name } = value;
      if (module === "") return [made, name];
      return [made, last.get(module) === value ? module : `${module}/${operator}`];
    }),
  );
}
