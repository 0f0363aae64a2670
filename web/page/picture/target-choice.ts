/** @file What a reader may choose to have explained, as the text that the command takes. */

import { nameIndex } from "../../../src/wording/name-index.ts";

/** A choice in the fields of the picker. */
export type TargetChoice =
  | { readonly kind: "class"; readonly plus: string }
  | { readonly kind: "difference"; readonly plus: string; readonly minus: string }
  | { readonly kind: "unit"; readonly layer: string; readonly channel: number };

/** The target's text; undefined where nothing is typed, or the same twice. */
export function targetOfChoice(
  choice: TargetChoice,
  classes: readonly string[] | undefined,
): string | undefined {
  if (choice.kind === "unit") return `${choice.layer}:${choice.channel}`;
  const plus = classMeant(choice.plus, classes);
  if (choice.kind === "class" || plus === undefined) return plus;
  const minus = classMeant(choice.minus, classes);
  return minus === undefined || minus === plus ? undefined : `${plus} minus ${minus}`;
}

/** The number of the only class of that name; all else is read, or refused with a reason, as the command does. */
function classMeant(text: string, classes: readonly string[] | undefined): string | undefined {
  const [named, ...twins] = nameIndex(classes ?? [], (name) => name.trim())(text);
  return named !== undefined && twins.length === 0 ? String(named) : text.trim() || undefined;
}
