/** @file Keys and names as tools of many habits write them, made alike. */

/** A key or a name in small letters, without the signs between them. */
export function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
