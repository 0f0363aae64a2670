import * as fc from "fast-check";
import { expect, test } from "vitest";
import { expectSameAs } from "../../../test/old-model.ts";
import { drawOldNetwork } from "../../../test/old-networks.ts";

test("drawn networks of opsets 1 to 6 give the numbers that they give in opset 13", async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
      const { old, modern } = drawOldNetwork(seed);
      if (await expectSameAs(old, modern)) taken += 1;
    }),
    { numRuns: 240 },
  );
  expect(taken).toBeGreaterThan(80);
});
