/** @file A text of the page with what stands in braces filled in. */

/** "{gain}" becomes the value of that name; a name without a value stays as it is. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-z]+)\}/g, (all, name: string) => values[name] ?? all);
}
