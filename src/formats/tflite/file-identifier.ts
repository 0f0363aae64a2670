/** @file What files of TensorFlow Lite start with. */

const fileIdentifier = "TFL3";

/** Whether bytes start as a model of TensorFlow Lite: the identifier stands behind the place of the root. */
export function startsAsLite(start: Uint8Array): boolean {
  return Array.from(fileIdentifier).every((letter, i) => start[4 + i] === letter.charCodeAt(0));
}
