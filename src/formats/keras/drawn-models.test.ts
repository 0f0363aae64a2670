/** @file Models drawn over all kinds of layers compute what their maker's arithmetic does, in every generation. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Choices, drawModel } from "../../../test/keras/drawn-models.ts";
import { computed, generations, type MadeModel } from "../../../test/keras/keras-configs.ts";
import { counted } from "../../../test/keras/numbers.ts";
import type { Graph } from "../../graph/graph.ts";
import { expectAlike, graphOf, runGraph } from "../../../test/keras/run-keras.ts";

const drawn = fc.record({
  choices: fc.array(fc.nat(1000), { minLength: 40, maxLength: 120 }),
  dims: fc.constantFrom([5, 4, 3], [4, 6, 2], [3, 5, 1], [4, 2], [6]),
  generation: fc.constantFrom(...generations),
});

test("Sequential and Functional models, nested and shared", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async ({ choices, dims, generation }) => {
      const model = drawModel(new Choices(choices), dims, 2, "drawn");
      const graph = await graphOf(model, generation);
      const input = counted([2, ...dims], 3);
      const [got] = await runGraph(graph, [input]);
      const [wanted] = computed(model, [input], generation === "keras 3");
      expectAlike(got!, wanted!, "the model");
    }),
    { numRuns: 300 },
  );
});

/** A graph as text, without the names of its inputs and of what versions compute in their own way. */
function shownGraph({ inputs, nodes, outputs, initializers }: Graph): string {
  const names = new Map(inputs.map(({ name }, i) => [name, `input ${i}`]));
  const lines = nodes.map(({ name, operator, inputs: given, attributes }) => {
    const read = given.map((each) => names.get(each) ?? each);
    const set = operator === "HardSigmoid" ? {} : attributes;
    return `${name} ${operator} ${read.join()} ${JSON.stringify(set)}`;
  });
  const weights = [...initializers].map(
    ([name, { dims, data }]) => `${name} ${dims.join()} ${data.toString()}`,
  );
  const ends = [...inputs.map(({ dims }) => String(dims)), ...outputs.map(({ name }) => name)];
  return [...ends, ...lines, ...weights].join("\n");
}

test("one model has one graph in every generation", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async ({ choices, dims }) => {
      const model = drawModel(new Choices(choices), dims, 2, "drawn");
      const graphs = generations.map(async (generation) =>
        shownGraph(await graphOf(model, generation)),
      );
      const [first, ...others] = await Promise.all(graphs);
      for (const other of others) expect(other).toBe(first);
    }),
    { numRuns: 100 },
  );
});

test("draws hold nested models, shared layers and most kinds of layers", () => {
  const kinds = new Set<string>();
  const count = { nested: 0, shared: 0, models: 0 };
  const look = ({ calls }: MadeModel) => {
    count.models += 1;
    for (const { layer, inputs } of calls) {
      kinds.add(layer.className);
      if (layer.model) {
        count.nested += 1;
        look(layer.model);
      }
      const again = calls.filter((call) => call.layer === layer);
      if (again.length > 1 && inputs.length === 1) count.shared += 1;
    }
  };
  for (const { choices, dims } of fc.sample(drawn, { numRuns: 300 })) {
    look(drawModel(new Choices(choices), dims, 2, "drawn"));
  }
  expect(kinds.size).toBeGreaterThan(35);
  expect(count.nested).toBeGreaterThan(60);
  expect(count.shared).toBeGreaterThan(20);
});
