import * as fc from "fast-check";
import { expect, test } from "vitest";
import { PackedTexts } from "./packed-texts.ts";

test("texts come back as they went in, in their order", () => {
  const text = fc
    .tuple(fc.string({ unit: "binary" }), fc.integer({ min: 0, max: 4000 }))
    .map(([part, times]) => part.repeat(times).slice(0, 80_000));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 40 }), (texts) => {
      const packed = new PackedTexts();
      for (const each of texts) packed.push(each);
      expect([...packed]).toEqual(texts);
      expect([...packed]).toEqual(texts);
    }),
    { numRuns: 40 },
  );
});
