import { assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { loadGoldenModel } from "../../test/goldens/load.ts";
import { decodeOnnx } from "../formats/onnx/decode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { Model } from "../network/model.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { picturesPerBatch } from "./batch-size.ts";

const mebibyte = 2 ** 20;
const size = { channels: 3, heightPx: 64, widthPx: 64 } as const;

/** A chain of values as large as the picture. */
function chain(length: number) {
  const b = new GraphBuilder();
  let value = b.input("x", [1, 3, 64, 64]);
  for (let i = 0; i < length; i++) value = b.op("Relu", [value]);
  b.output(value);
  return b.build();
}

describe("pictures a batch", () => {
  test("as many as the budget holds: here 16 + 3.25 x 8 pictures' worth of floats each", () => {
    const perPicture = 4 * 42 * 3 * 64 * 64;
    const network = chain(7);
    expect(picturesPerBatch(network, size, 10 * perPicture)).toBe(10);
    expect(picturesPerBatch(network, size, 10 * perPicture - 1)).toBe(9);
  });

  test("one at least, however large, and 64 at most, however small", () => {
    expect(picturesPerBatch(chain(7), size, 1)).toBe(1);
    expect(picturesPerBatch(chain(7), size, 1e12)).toBe(64);
  });

  test("never more for a deeper network or a smaller budget", () => {
    const budgets = integer({ min: 1, max: 256 }).map((count) => count * mebibyte);
    assert(
      property(budgets, integer({ min: 1, max: 30 }), (budgetBytes, depth) => {
        const fitting = picturesPerBatch(chain(depth), size, budgetBytes);
        expect(picturesPerBatch(chain(depth + 1), size, budgetBytes)).toBeLessThanOrEqual(fitting);
        expect(picturesPerBatch(chain(depth), size, budgetBytes / 2)).toBeLessThanOrEqual(fitting);
      }),
      { numRuns: 50 },
    );
  });

  test("a traced network: fewer pictures when they are larger", async () => {
    const model = new Model(decodeOnnx(loadGoldenModel("vgg")), createNodeRuntime());
    const fitting = async (sidePx: number) => {
      const layer = "/features/features.8/Relu_output_0";
      const part = await model.part([layer], [1, 3, sidePx, sidePx]);
      const sides = { channels: 3, heightPx: sidePx, widthPx: sidePx } as const;
      return picturesPerBatch(part, sides, 24 * mebibyte);
    };
    const [small, large] = [await fitting(32), await fitting(64)];
    expect(large).toBeGreaterThan(3);
    expect(small).toBeLessThan(64);
    // Four times the area; the quotient of two rounded numbers.
    expect(small / large).toBeGreaterThan(3.3);
    expect(small / large).toBeLessThan(5);
    await model.runtime.release();
  });
});
