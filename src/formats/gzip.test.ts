import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { expandGzip, isGzip } from "./gzip.ts";

const most = 2 ** 24;
const text = new TextEncoder().encode("what is in here, twice: what is in here");

test("whatever zlib packs comes out again, also in the middle of a buffer and in members", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { minLength: 1 }), (pieces) => {
      const packed = Buffer.concat([Buffer.of(9), ...pieces.map((piece) => gzipSync(piece))]);
      expect(isGzip(packed.subarray(1))).toBe(true);
      expect(Buffer.from(expandGzip(packed.subarray(1), most))).toEqual(Buffer.concat(pieces));
    }),
  );
});

test("an archive of several pieces comes out whole", () => {
  const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 2654435761) >>> 13);
  expect(Buffer.from(expandGzip(gzipSync(bytes), most)).equals(bytes)).toBe(true);
});

test("more than the limit is refused", () => {
  const bomb = gzipSync(new Uint8Array(100_000));
  expect(expandGzip(bomb, 100_000)).toHaveLength(100_000);
  expect(() => expandGzip(bomb, 99_999)).toThrow(
    "gzip: an archive must be whole, got more than 99999 bytes.",
  );
});

test("an archive that is cut anywhere, or has another bit, is refused", () => {
  const whole = gzipSync(text);
  for (let length = 0; length < whole.length; length++) {
    expect(() => expandGzip(whole.subarray(0, length), most), `${length} bytes`).toThrow(
      /^gzip: an archive must be whole, got /,
    );
  }
  for (let at = 10; at < whole.length; at++) {
    const bent = Uint8Array.from(whole);
    bent[at]! ^= 1;
    expect(() => expandGzip(bent, most), `byte ${at}`).toThrow(/^gzip: an archive must be whole/);
  }
  expect(isGzip(text)).toBe(false);
});
