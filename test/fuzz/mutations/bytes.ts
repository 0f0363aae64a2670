/** @file Mutations of bytes of any kind: bits, numbers, pieces. */
import { joined, type Draw, type Mutation } from "./draw.ts";

/** No input becomes longer. */
export const mostBytes = 2 ** 17;

const kinds: readonly Mutation[] = [flipped, replaced, numbered, cut, without, doubled, filled];

/** One change of a drawn kind. */
export const mutateBytes: Mutation = (bytes, draw) => draw.of(kinds)(bytes, draw);

function flipped(bytes: Uint8Array, draw: Draw): Uint8Array {
  const result = bytes.slice();
  for (let i = 0; i <= draw.below(4); i++) {
    const at = draw.below(result.length);
    result[at]! ^= 1 << draw.below(8);
  }
  return result;
}

function replaced(bytes: Uint8Array, draw: Draw): Uint8Array {
  const result = bytes.slice();
  for (let i = 0; i <= draw.below(4); i++) result[draw.below(result.length)] = draw.below(256);
  return result;
}

/** A number of 1 to 8 bytes in either order. */
function numbered(bytes: Uint8Array, draw: Draw): Uint8Array {
  const result = bytes.slice();
  const size = draw.of([1, 2, 4, 8] as const);
  if (result.length < size) return result;
  const view = new DataView(result.buffer);
  const at = draw.below(result.length - size + 1);
  const isLittle = draw.chance(0.5);
  if (size === 1) view.setUint8(at, draw.integer());
  else if (size === 2) view.setUint16(at, draw.integer(), isLittle);
  else if (size === 4) view.setUint32(at, draw.integer(), isLittle);
  else view.setBigInt64(at, draw.wide(), isLittle);
  return result;
}

function cut(bytes: Uint8Array, draw: Draw): Uint8Array {
  const at = draw.below(bytes.length + 1);
  return draw.chance(0.9) ? bytes.slice(0, at) : bytes.slice(at);
}

/** From and behind, of a piece that is short more often than not. */
function piece(bytes: Uint8Array, draw: Draw): readonly [number, number] {
  const from = draw.below(bytes.length + 1);
  const room = draw.chance(0.8) ? Math.min(16, bytes.length - from) : bytes.length - from;
  return [from, from + draw.below(room + 1)];
}

function without(bytes: Uint8Array, draw: Draw): Uint8Array {
  const [from, end] = piece(bytes, draw);
  return joined(bytes.subarray(0, from), bytes.subarray(end));
}

function doubled(bytes: Uint8Array, draw: Draw): Uint8Array {
  const [from, end] = piece(bytes, draw);
  const at = draw.below(bytes.length + 1);
  return joined(bytes.subarray(0, at), bytes.subarray(from, end), bytes.subarray(at));
}

function filled(bytes: Uint8Array, draw: Draw): Uint8Array {
  const [from, end] = piece(bytes, draw);
  return bytes.slice().fill(draw.of([0, 255, 0x20, 0x7f, draw.below(256)]), from, end);
}
