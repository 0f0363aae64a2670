/** @file The interpreter as a runtime. */
import { expect, test } from "vitest";
import { GraphBuilder } from "../../src/graph/builder.ts";
import { tensorOf } from "../../src/graph/tensor.ts";
import { createReferenceRuntime } from "./reference-runtime.ts";

function thirds() {
  const b = new GraphBuilder();
  const x = b.input("x", [2]);
  b.output(b.op("Div", [x, b.scalar(3)], {}, "y"));
  b.output(b.op("Greater", [x, b.scalar(1)], {}, "large"));
  return b.build();
}
const feeds = { x: tensorOf("float32", [2], [1, 2]) };

test("gives outputs in the types of the graph", async () => {
  const outputs = await createReferenceRuntime().run(thirds(), feeds);
  expect(outputs["y"]).toEqual(tensorOf("float32", [2], [1 / 3, 2 / 3]));
  expect(outputs["large"]).toEqual(tensorOf("bool", [2], [0, 1]));
});

test("gives unrounded floats if it is asked to, and takes them", async () => {
  const runtime = createReferenceRuntime({ outputs: "float64" });
  const outputs = await runtime.run(thirds(), { x: tensorOf("float64", [2], [0.1, 0.2]) });
  expect(outputs["y"]).toEqual(tensorOf("float64", [2], [0.1 / 3, 0.2 / 3]));
});

test("computes the outputs that are asked for alone", async () => {
  const session = await createReferenceRuntime().open(thirds());
  expect(Object.keys(await session.run(feeds, { outputs: ["large"] }))).toEqual(["large"]);
  await session.release();
  await expect(session.run(feeds)).rejects.toThrow(/released/);
});

test("refuses a missing feed and a fired signal", async () => {
  const runtime = createReferenceRuntime();
  await expect(runtime.run(thirds(), {})).rejects.toThrow(/input "x" must be fed/);
  const signal = { aborted: true };
  await expect(runtime.run(thirds(), feeds, { signal })).rejects.toMatchObject({ code: "aborted" });
});
