/** @file Checksums are those of zlib. */
import { crc32 as zlibCrc32 } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { crc32 } from "./checksum.ts";

test("CRC-32 is zlib's, of any bytes from any place on, in one piece or two", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 99 }), fc.nat(8), fc.nat(99), (bytes, skip, cut) => {
      const part = bytes.subarray(Math.min(skip, bytes.length));
      expect(crc32(part)).toBe(zlibCrc32(part));
      expect(crc32(part.subarray(cut), crc32(part.subarray(0, cut)))).toBe(zlibCrc32(part));
    }),
  );
});
