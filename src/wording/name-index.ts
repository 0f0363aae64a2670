/** @file Which of a list of names a text means: the one that is written so, else those that are but for their case. */

/** The numbers of the names that a text means: none, one, or those of twins. */
export type NameIndex = (text: string) => readonly number[];

/** An index of names: of those that are written as the text is, else in the same form, else in it but for their case. */
export function nameIndex(names: readonly string[], form = (name: string) => name): NameIndex {
  const forms = [(name: string) => name, form, (name: string) => form(name).toLowerCase()];
  // Most texts are written as the names are, and lists of a hundred thousand names are asked once.
  const known: ReadonlyMap<string, readonly number[]>[] = [];
  return (text) => {
    for (const [level, of] of forms.entries()) {
      const found = (known[level] ??= numbersBy(names, of)).get(of(text));
      if (found) return found;
    }
    return [];
  };
}

function numbersBy(
  names: readonly string[],
  form: (name: string) => string,
): ReadonlyMap<string, readonly number[]> {
  const numbers = new Map<string, number[]>();
  for (const [i, name] of names.entries()) {
    const key = form(name);
    const own = numbers.get(key);
    if (own) own.push(i);
    else numbers.set(key, [i]);
  }
  return numbers;
}
