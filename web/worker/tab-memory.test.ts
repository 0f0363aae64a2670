/** @file What a tab can hold, by the machine that the browser tells of. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { requireFits, tabBytes } from "./tab-memory.ts";

const gigabyte = 2 ** 30;

test("half of the machine's memory, and never more than WebAssembly addresses", () => {
  expect(tabBytes(undefined)).toBe(3.5 * gigabyte);
  expect(tabBytes(16)).toBe(3.5 * gigabyte);
  expect(tabBytes(2)).toBe(gigabyte);
});

test("a network of 430 MB fits on a machine of 4 GB, one of 1.5 GB on none", () => {
  expect(() => requireFits([{ name: "a", size: 430e6 }], tabBytes(4))).not.toThrow();
  expect(() => requireFits([{ name: "a", size: 1.5 * gigabyte }], tabBytes(16))).toThrow(
    'open: a network in a page must have at most 1.4 GB here, got 1.5 GB in "a". explain it on the command line, which has all of the machine\'s memory.',
  );
});

test("parts count together, whatever they are", () => {
  const sizes = fc.array(fc.nat({ max: 2 ** 31 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(sizes, fc.constantFrom(1, 2, 4, 8), (all, memory) => {
      const files = all.map((size, i) => ({ name: `part ${i}`, size }));
      const fits = all.reduce((sum, size) => sum + size, 0) <= tabBytes(memory) / 2.5;
      const check = () => requireFits(files, tabBytes(memory));
      if (fits) expect(check).not.toThrow();
      else expect(check).toThrow(/^open: .*explain it on the command line/);
    }),
  );
});
