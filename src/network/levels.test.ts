/** @file Hierarchies of classes: several outputs of one network, a level each. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { Model } from "./model.ts";

const runtime = createReferenceRuntime();

/** Levels from one feature vector, some behind another layer, each with its softmax. */
function network(sizes: readonly number[], isDeep: readonly boolean[]): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 2, 2]);
  const weights = (rows: number, columns: number) =>
    b.constant(
      Array.from({ length: rows * columns }, (_, i) => Math.sin(i + columns)),
      [rows, columns],
    );
  const row = b.op("MatMul", [b.op("Flatten", [x]), weights(4, 6)]);
  for (const [level, size] of sizes.entries()) {
    const deep = isDeep[level] ? b.op("Relu", [b.op("MatMul", [row, weights(6, 6)])]) : row;
    const logits = b.op("MatMul", [deep, weights(6, size)]);
    b.output(b.op("Softmax", [logits], { axis: 1 }, `level${level}`));
  }
  return new Model(b.build(), runtime);
}

test("the finest level is explained where none is named, in whatever order and depth they come", () => {
  const sizes = fc.uniqueArray(fc.integer({ min: 2, max: 60 }), { minLength: 2, maxLength: 4 });
  const depths = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(sizes, depths, (levels, isDeep) => {
      const { head } = network(levels, isDeep);
      const finest = levels.indexOf(Math.max(...levels));
      expect(head).toMatchObject({ output: `level${finest}`, kind: "classes", isAssumed: false });
      expect(head.choice!.because).toBe("of several softmaxes it has the most classes");
    }),
    { numRuns: 200 },
  );
});

test("of levels as fine as each other the one that most nodes lead to is explained", () => {
  const { head } = network([5, 5], [false, true]);
  expect(head).toMatchObject({ output: "level1" });
  expect(head.choice!.because).toBe("most of the network leads to it");
});
