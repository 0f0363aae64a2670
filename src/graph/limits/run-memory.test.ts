/** @file What a run holds is counted by what is alive together, and refused where nothing that is given explains it. */
import { expect, test } from "vitest";
import { GraphBuilder } from "../builder.ts";
import { estimatedBytes, requireRunMemory } from "./run-memory.ts";

test("counts the values that are needed at the same time, not all that there ever are", () => {
  const builder = new GraphBuilder();
  const x = builder.input("x", [10]);
  let value = x;
  for (let i = 0; i < 50; i++) value = builder.op("Relu", [value]);
  builder.output(builder.add(value, x));
  // x until the end, a value and the one made of it
  expect(estimatedBytes(builder.build())).toBe(4 * 30);
});

test("counts weights and the values between", () => {
  const builder = new GraphBuilder();
  const x = builder.input("x", [10]);
  builder.output(builder.add(x, builder.constant([1, 2], [2, 1])));
  expect(estimatedBytes(builder.build())).toBe(4 * (10 + 2 + 20));
});

test("a run that inputs and weights do not explain is refused, unless somebody asks for as much", () => {
  const builder = new GraphBuilder();
  const x = builder.input("x", [1]);
  builder.output(builder.add(x, builder.fill([2 ** 29], 0)));
  const graph = builder.build();
  const memoryBytes = 2 ** 34;
  expect(() => requireRunMemory(graph, { memoryBytes, timeSeconds: 1 })).toThrow(/got a graph/);
  requireRunMemory(graph, { memoryBytes, timeSeconds: 1, isMemoryAsked: true });
});
