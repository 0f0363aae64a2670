/** @file SHA-256 of our own against the platform's. */
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { digestText } from "./digest.ts";
import { sha256 } from "./sha-256.ts";

afterEach(() => vi.unstubAllGlobals());

const wanted = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("bytes of any length, and where they lie in a buffer, have the platform's digest", () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(bytes, fc.nat(7), (whole, from) => {
      const part = whole.subarray(Math.min(from, whole.length));
      expect(Buffer.from(sha256(part)).toString("hex")).toBe(wanted(part));
    }),
    { numRuns: 500 },
  );
});

test("a page without https has the same digests", async () => {
  const before = await digestText("what has it learned?");
  vi.stubGlobal("crypto", { getRandomValues: () => undefined });
  expect(await digestText("what has it learned?")).toBe(before);
});
