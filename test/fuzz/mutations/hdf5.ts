/** @file Mutations of HDF5 files: numbers behind the signatures of structures, addresses that lead elsewhere, types of messages. */
import type { Draw, Mutation } from "./draw.ts";
import { mutateBytes } from "./bytes.ts";

const signatures = [
  "\x89HDF",
  "TREE",
  "SNOD",
  "HEAP",
  "GCOL",
  "OHDR",
  "OCHK",
  "FRHP",
  "FHDB",
  "FHIB",
  "BTHD",
  "BTLF",
  "BTIN",
] as const;

/** How far behind a signature numbers are changed. */
const reachBytes = 96;

/** One change of a file. */
export const mutateHdf5: Mutation = (bytes, draw) => {
  if (bytes.length < 64 || draw.chance(0.2)) return mutateBytes(bytes, draw);
  return draw.of([otherNumber, otherAddress, otherAddress, otherMessage])(bytes, draw);
};

/** Places where structures start. */
function structuresOf(bytes: Uint8Array): readonly number[] {
  const found: number[] = [];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const signature of signatures) {
    for (let at = text.indexOf(signature, 0, "latin1"); at >= 0;) {
      found.push(at);
      at = text.indexOf(signature, at + 4, "latin1");
    }
  }
  return found;
}

function otherNumber(bytes: Uint8Array, draw: Draw): Uint8Array {
  const places = structuresOf(bytes);
  if (places.length === 0) return mutateBytes(bytes, draw);
  const at = draw.of(places) + 4 + draw.below(reachBytes);
  return written(bytes, at, draw.of([1, 2, 4, 8] as const), draw);
}

function written(bytes: Uint8Array, at: number, size: 1 | 2 | 4 | 8, draw: Draw): Uint8Array {
  if (at + size > bytes.length) return mutateBytes(bytes, draw);
  const result = bytes.slice();
  const view = new DataView(result.buffer);
  if (size === 1) view.setUint8(at, draw.integer());
  else if (size === 2) view.setUint16(at, draw.integer(), true);
  else if (size === 4) view.setUint32(at, draw.integer(), true);
  else view.setBigInt64(at, draw.wide(), true);
  return result;
}

/** Words of eight bytes that may be addresses. */
function addressesOf(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: number[] = [];
  for (let at = 8; at + 8 <= bytes.length; at++) {
    const value = view.getUint32(at, true);
    if (view.getUint32(at + 4, true) === 0 && value >= 48 && value < bytes.length) found.push(at);
  }
  return found;
}

/** An address becomes another one of the file, or that of a structure, so that there are loops. */
function otherAddress(bytes: Uint8Array, draw: Draw): Uint8Array {
  const places = addressesOf(bytes);
  if (places.length === 0) return mutateBytes(bytes, draw);
  const result = bytes.slice();
  const view = new DataView(result.buffer);
  const structures = structuresOf(bytes);
  const other =
    draw.chance(0.5) || structures.length === 0
      ? view.getUint32(draw.of(places), true)
      : draw.of(structures);
  view.setUint32(draw.of(places), draw.chance(0.9) ? other : draw.below(bytes.length), true);
  return result;
}

/** A byte that may be the type, version or class of a message becomes another small number. */
function otherMessage(bytes: Uint8Array, draw: Draw): Uint8Array {
  const result = bytes.slice();
  for (let tries = 0; tries < 50; tries++) {
    const at = draw.below(bytes.length);
    if (bytes[at]! === 0 || bytes[at]! > 0x20) continue;
    result[at] = draw.below(0x18);
    return result;
  }
  return mutateBytes(bytes, draw);
}
