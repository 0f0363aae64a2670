/** @file How HDF5 files begin, without what it takes to read them. */

export const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** Whether bytes start as an HDF5 file without a user block does. */
export function startsAsHdf5(start: Uint8Array): boolean {
  return signature.every((byte, i) => start[i] === byte);
}
