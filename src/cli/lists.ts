/** @file Lists on the command line: an option that may be given again adds to what it has. */

/** For options that may be repeated, as the command parser calls it. */
export function collected(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}
