/** @file What a reader may choose to have explained, as the text that the command takes. */

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

/** The number of a class of that name, whatever its case; all else is read, or refused with a reason, as the command does. */
function classMeant(text: string, classes: readonly string[] | undefined): string | undefined {
  const wanted = text.trim().toLowerCase();
  const named = classes?.findIndex((name) => name.trim().toLowerCase() === wanted) ?? -1;
  return named >= 0 ? String(named) : text.trim() || undefined;
}
