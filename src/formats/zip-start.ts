/** @file How zip archives begin, without what it takes to read them. */

/** Whether bytes begin as a zip archive does, or an empty one. */
export function isZip([first, second, third, fourth]: Uint8Array): boolean {
  const isArchive = first === 0x50 && second === 0x4b;
  return isArchive && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6));
}
