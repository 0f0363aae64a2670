/** @file What is given of other inputs is what the network gets, or is refused. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Graph } from "../graph/graph.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { toNumbers } from "../graph/tensor.ts";
import { givenInputs, heldOptions } from "./given-inputs.ts";

const platform = {
  readBytes: () => Promise.reject(new Error("no file is read")),
};

/** A network of three numbers of words. */
function ofWords(type: "int32" | "int64"): Graph {
  const b = new GraphBuilder();
  const words = b.op("Gather", [b.constant([1, 2, 3], [3]), b.input("ids", [1, 3], type)]);
  b.output(b.op("Add", [b.input("x", [1, 3]), words]));
  return b.build();
}

test("an input that comes twice is refused, as either might be meant", () => {
  expect(() => givenInputs({ given: ["age=41", "ids=1", "age=42"] })).toThrow(
    /"age" must be given once, got it twice/,
  );
  expect([...givenInputs({ given: ["age=41", "file=a=b.npy"] })]).toEqual([
    ["age", "41"],
    ["file", "a=b.npy"],
  ]);
});

describe("whole numbers", () => {
  const numbers = fc.array(
    fc.oneof(
      fc.integer({ min: -300, max: 300 }),
      fc.constantFrom(1.5, -0.25, 2 ** 31, 2 ** 40, Number.POSITIVE_INFINITY),
    ),
    { minLength: 3, maxLength: 3 },
  );
  const ranges = {
    int32: [-(2 ** 31), 2 ** 31 - 1],
    int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  } as const;

  test.each(["int32", "int64"] as const)("of %s are fed as given, or refused", (type) =>
    fc.assert(
      fc.asyncProperty(numbers, async (ids) => {
        const [least, most] = ranges[type];
        const fit = ids.every((id) => Number.isInteger(id) && id >= least && id <= most);
        const options = heldOptions(platform, ofWords(type), { given: { ids } });
        if (fit) expect(toNumbers((await options).held!["ids"]!)).toEqual(ids);
        else await expect(options).rejects.toThrow(/must be (numbers that|finite)/);
      }),
    ),
  );
});
