/** @file Filters are taken back in any order and number. */
import * as fc from "fast-check";
import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { Cursor } from "./cursor.ts";
import { readFilters, unfiltered } from "./filters.ts";

/** Fletcher's checksum word by word, as its definition has it. */
function checksum(bytes: Uint8Array): number {
  let [low, high] = [0, 0];
  for (let i = 0; i < bytes.length; i += 2) {
    low = (low + bytes[i]! * 256 + (bytes[i + 1] ?? 0)) % 65535;
    high = (high + low) % 65535;
  }
  return high * 65536 + low;
}

const forward = {
  1: (bytes: Uint8Array) => new Uint8Array(deflateSync(bytes)),
  2: (bytes: Uint8Array) => {
    const count = Math.floor(bytes.length / 4);
    const result = bytes.slice();
    for (let k = 0; k < 4 * count; k++) result[(k % 4) * count + Math.floor(k / 4)] = bytes[k]!;
    return result;
  },
  3: (bytes: Uint8Array) => {
    const result = new Uint8Array(bytes.length + 4);
    result.set(bytes);
    new DataView(result.buffer).setUint32(bytes.length, checksum(bytes), true);
    return result;
  },
} as const;

/** A message of version 2 that names filters by their numbers. */
function pipeline(ids: readonly (keyof typeof forward)[]): ReturnType<typeof readFilters> {
  const message = [2, ids.length, ...ids.flatMap((id) => [id, 0, 0, 0, 1, 0, 4, 0, 0, 0])];
  return readFilters(new Cursor(Uint8Array.from(message), { address: 8, length: 8 }));
}

const ids = fc
  .array(fc.constantFrom(1, 2, 3), { maxLength: 5 })
  .filter((all) => all.filter((id) => id === 1).length < 2);
/** Sums of whole words that are a multiple of 65535 have two forms. */
const bytes = fc
  .uint8Array({ minLength: 1, maxLength: 3000 })
  .map((some) => some.map((byte) => byte % 255));

test("any filters, some left out", () => {
  fc.assert(
    fc.property(bytes, ids, fc.nat(31), (plain, all, leftOut) => {
      const used = all.filter((_, i) => ((leftOut >> i) & 1) === 0);
      const stored = used.reduce((data, id) => forward[id](data), plain);
      expect(unfiltered(stored, pipeline(all), leftOut, plain.length)).toEqual(plain);
    }),
  );
});

test("a chunk that was changed is refused, or of its size", () => {
  const changed = fc.tuple(bytes, ids, fc.nat(), fc.integer({ min: 1, max: 255 }));
  fc.assert(
    fc.property(changed, ([plain, all, at, by]) => {
      const stored = all.reduce((data, id) => forward[id](data), plain).slice();
      stored[at % stored.length]! ^= by;
      let read: Uint8Array;
      try {
        read = unfiltered(stored, pipeline(all), 0, plain.length);
      } catch (error) {
        expect(error).toMatchObject({ code: "bad-file" });
        return;
      }
      expect(read.length).toBe(plain.length);
    }),
  );
});

test("deflate twice is refused", () => {
  expect(() => pipeline([1, 2, 1])).toThrow(/packed by deflate twice, which is not read/);
});

test("a checksum of old files, whose halves are turned", () => {
  const stored = forward[3](Uint8Array.of(1, 2, 3, 4, 5)).slice();
  const end = stored.subarray(5);
  end.set([end[1]!, end[0]!, end[3]!, end[2]!]);
  expect(unfiltered(stored, pipeline([3]), 0, 5)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
  end[0]! ^= 1;
  expect(() => unfiltered(stored, pipeline([3]), 0, 5)).toThrow(/its own checksum/);
});
