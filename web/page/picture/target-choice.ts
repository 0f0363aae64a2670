/** @file What a reader may choose to have explained, as the text that the command takes. */

/** A choice in the fields of the picker. */
export type TargetChoice =
  | { readonly kind: "class"; readonly plus: string }
  | { readonly kind: "difference"; readonly plus: string; readonly minus: string }
  | { readonly kind: "unit"; readonly layer: string; readonly channel: number };

/** The target's text; undefined where a class is not known by its name and is no number. */
export function targetOfChoice(
  choice: TargetChoice,
  classes: readonly string[] | undefined,
): string | undefined {
  if (choice.kind === "unit") return `${choice.layer}:${choice.channel}`;
  const plus = classNumber(choice.plus, classes);
  if (choice.kind === "class" || plus === undefined) return plus;
  const minus = classNumber(choice.minus, classes);
  return minus === undefined || minus === plus ? undefined : `${plus} minus ${minus}`;
}

/** By its name, whatever its case, else by its number. */
function classNumber(text: string, classes: readonly string[] | undefined): string | undefined {
  const wanted = text.trim().toLowerCase();
  const named = classes?.findIndex((name) => name.trim().toLowerCase() === wanted) ?? -1;
  if (named >= 0) return String(named);
  const isNumber = /^\d+$/.test(wanted) && (!classes || Number(wanted) < classes.length);
  return isNumber ? String(Number(wanted)) : undefined;
}
