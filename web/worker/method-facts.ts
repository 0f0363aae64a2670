/** @file Methods as the page offers them. */
import { methodTitles } from "../../src/attribution/method-titles.ts";
import { attributionMethod, methodEntries } from "../../src/attribution/registry.ts";
import type { MethodFacts, OfferedMethod } from "../protocol.ts";

/** Their names and titles, in the order of the table. */
export function offeredMethods(): readonly OfferedMethod[] {
  return Object.entries(methodTitles).map(([name, title]) => ({ name, title }));
}

/** Throws `bad-option` where there is no method of the name. */
export function methodFacts(name: string): MethodFacts {
  const { title, description, options } = attributionMethod(name).info;
  const { layer, ...others } = options;
  return { name, title, description, takesLayer: layer !== undefined, options: others };
}

export async function allMethods(): Promise<readonly MethodFacts[]> {
  return methodEntries().map(([name]) => methodFacts(name));
}
