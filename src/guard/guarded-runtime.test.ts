import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { Model } from "../network/model.ts";
import { createGuardedRuntime } from "./guarded-runtime.ts";

test("a network for a guarded runtime is held to the runtime's limits before memory is taken", async () => {
  const limits = { memoryBytes: 2 ** 26, timeSeconds: 60 };
  const runtime = createGuardedRuntime({ limits });
  expect(runtime.limits).toEqual(limits);
  const b = new GraphBuilder();
  b.output(b.op("Flatten", [b.input("x", [1, 3, 4096, 4096])]));
  const model = new Model(b.build(), runtime);
  await expect(model.at(model.inputDims())).rejects.toMatchObject({ code: "over-limit" });
  await runtime.release();
});
