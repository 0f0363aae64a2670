/** @file Bytes as every reader takes them. */

/**
 * The same bytes, not copied, as a plain `Uint8Array`. Node's `Buffer` is one too, but its `slice` gives a view
 * where that of all other arrays gives a copy.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes in base64, as addresses of pictures within a page hold them. */
export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCodePoint(byte);
  return btoa(text);
}
