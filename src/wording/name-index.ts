/** @file Which of a list of names a text means: the one that is written so, else those that are but for their case. */

/** The numbers of the names that a text means: none, one, or those of twins. */
export type NameIndex = (text: string) => readonly number[];

/** An index of names: of those that are written as the text is, else in the same form, else in it but for their case. */
export function nameIndex(names: readonly string[], form = (name: string) => name): NameIndex {
  const forms = [(name: string) => name, form, (name: string) => form(name).toLowerCase()];
  const levels = forms.map((of) => ({ of, numbers: numbersBy(names, of) }));
  return (text) => {
    const level = levels.find(({ of, numbers }) => numbers.has(of(text)));
    return level?.numbers.get(level.of(text)) ?? [];
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
