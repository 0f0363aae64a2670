/** @file Parts of a read-out are called by what is read: another kind of answers has other parts. */
import { expect, test } from "vitest";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { Model, type ModelOptions } from "../../network/model.ts";
import type { PlannedLayer } from "../plan-layers.ts";
import { planReadOut } from "./plan-read-out.ts";

/** Pictures [N, 3, 4, 4], a layer `features`, and three logits. */
function network() {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 4, 4], "float32", ["N", 3, 4, 4]);
  const features = b.op("Relu", [x], {}, "features");
  const means = b.op("Flatten", [b.op("GlobalAveragePool", [features])], {}, "means");
  const w = b.initializer("w", tensorOf("float32", [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]));
  b.output(b.op("MatMul", [means, w], {}, "y"));
  return { ...b.build(), shapes: new Map() };
}

async function parts(options: ModelOptions): Promise<readonly string[]> {
  const model = new Model(network(), createReferenceRuntime(), options);
  const layers = [{ name: "features", channels: 3, shape: [1, 3, 4, 4] }];
  const photos = { names: ["a.png", "b.png"], files: [] };
  const { answers, classes } = (await planReadOut(
    model,
    layers as unknown as PlannedLayer[],
    photos,
    { digest: "d" },
  ))!;
  return [answers.part, ...classes.map(({ part }) => part)];
}

test("logits of one answer and of several are other parts", async () => {
  const one = await parts({ kind: "classes" });
  const several = await parts({ kind: "labels" });
  expect(one).toEqual(await parts({ kind: "classes" }));
  expect(several).toHaveLength(one.length);
  for (const [i, part] of several.entries()) expect(part).not.toBe(one[i]);
});
