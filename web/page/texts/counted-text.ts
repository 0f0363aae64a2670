/** @file A number of things in words, of which one is said otherwise than many. */

/** "1 dead channel" and "3 dead channels", of "dead channel|dead channels". */
export function counted(count: number, text: string): string {
  const [one, many] = text.split("|");
  return `${count} ${count === 1 ? one : many}`;
}
