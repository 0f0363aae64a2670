/** @file Outputs that need a choice: shapes, kinds, boxes, several heads. */
import { afterAll, describe, expect, test } from "vitest";
import { readyModel } from "../src/app/open.ts";
import { scoreRows } from "../src/attribution/perturbation/scored-rows.ts";
import { GraphBuilder } from "../src/graph/builder.ts";
import { toNumbers } from "../src/graph/tensor.ts";
import type { HeadKind } from "../src/network/head-kind.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { explainedModelOf } from "../src/scores/explained-model.ts";
import { dense, dims, features, picture, untold } from "./output-networks.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

describe("numbers of many boxes", () => {
  test("have no classes; one of them can be named", async () => {
    const b = new GraphBuilder();
    const boxes = b.reshape(features(b, 3), [1, 12, 9]);
    b.output(b.op("Identity", [boxes], {}, "boxes"));
    const model = new Model(b.build(), runtime);
    for (const target of [
      { kind: "class", class: "top" },
      { kind: "class", class: 3 },
      { kind: "combination", plus: [1], minus: [2] },
    ] as const) {
      await expect(explainedModelOf(model, target, dims)).rejects.toThrow(
        /output "boxes" of shape \[1, 12, 9\].*"boxes:5@9"/,
      );
    }
    const named = { kind: "unit", layer: "boxes", channel: 5, place: [9] } as const;
    const { model: explained, targets } = await explainedModelOf(model, named, dims);
    const [row] = await scoreRows(explained, picture(3), { targets });
    const { boxes: all } = await runtime.run(b.build(), { x: picture(3) });
    expect(row!.score).toBeCloseTo(toNumbers(all!)[9 * 9 + 5]!, 5);
  });
});

/** A softmax of six numbers in a shape, in one row. */
async function softmaxIn(shape: readonly number[]) {
  const b = new GraphBuilder();
  const both = b.reshape(dense(b, features(b, 7), 7, 6, 3), shape);
  b.output(b.op("Identity", [b.op("Flatten", [b.op("Softmax", [both], { axis: -1 })])], {}, "y"));
  const model = await readyModel(untold(b.build()), runtime, {});
  const { y } = await runtime.run(b.build(), { x: picture(7) });
  const [row] = await scoreRows(model, picture(7), { targets: "top" });
  return { row, y };
}

test("two questions of one softmax each are explained by their own logits and probabilities", async () => {
  const { row, y } = await softmaxIn([1, 2, 3]);
  expect(row!.scoreName).toBe("logit");
  expect(row!.probability).toBeCloseTo(toNumbers(y!)[row!.target]!, 5);
});

test("a softmax over an axis of one is no softmax of the classes", async () => {
  const { row, y } = await softmaxIn([1, 6, 1, 1]);
  expect(row).toMatchObject({ probability: null, scoreName: "output" });
  expect(row!.score).toBeCloseTo(Math.max(...toNumbers(y!)), 5);
});

test.each([
  [[5], /a row for each picture.*got shape \[5\]/],
  [[5, 1], /a row for each picture.*got shape \[5, 1\]/],
  [[], /a row for each picture.*got shape \[\]/],
])("an output of shape %j has no row for each picture", async (shape, message) => {
  const b = new GraphBuilder();
  const logits = dense(b, features(b, 8), 8, 5, 1);
  const value = shape.length === 0 ? b.reduceSum(logits, [0, 1], false) : b.reshape(logits, shape);
  b.output(b.op("Identity", [value], {}, "y"));
  const model = new Model(b.build(), runtime);
  const asked = explainedModelOf(model, { kind: "class", class: "top" }, dims);
  await expect(asked).rejects.toThrow(message);
});

test.each<[HeadKind, number, RegExp]>([
  ["yes-no", 4, /an output with one number, got "y" of shape \[1, 4\]/],
  ["value", 4, /an output with one number/],
  ["classes", 1, /an output with several numbers/],
  ["map", 4, /an output with four axes/],
])("%s of %i numbers is refused", (kind, units, message) => {
  const b = new GraphBuilder();
  b.output(b.op("Identity", [dense(b, features(b, 9), 9, units, 1)], {}, "y"));
  const graph = b.build();
  expect(() => new Model(graph, runtime, { kind })).toThrow(message);
});

test("a kind that is asked for is told of the output itself", async () => {
  const b = new GraphBuilder();
  b.output(b.op("Sigmoid", [dense(b, features(b, 6), 6, 1, 3)], {}, "y"));
  const model = new Model(b.build(), runtime, { kind: "value" });
  const { y } = await runtime.run(b.build(), { x: picture(6) });
  const [row] = await scoreRows(model, picture(6), { targets: "top" });
  expect(row!.score).toBeCloseTo(toNumbers(y!)[0]!, 6);
});

describe("several heads", () => {
  const heads = () => {
    const b = new GraphBuilder();
    const seen = features(b, 5);
    b.output(b.op("Sigmoid", [dense(b, seen, 5, 1, 2)], {}, "sex"));
    b.output(b.op("Identity", [dense(b, seen, 5, 1, 30)], {}, "age"));
    b.output(b.op("Softmax", [dense(b, seen, 5, 3, 2)], { axis: -1 }));
    return b.build();
  };

  test("each can be asked for by its name, and is what it is", async () => {
    const graph = heads();
    const model = new Model(graph, runtime);
    const held = await runtime.run(graph, { x: picture(5) });
    const last = graph.outputs[2]!.name;
    const ask = async (layer: string, channel: number) => {
      const asked = { kind: "unit", layer, channel } as const;
      const { model: explained, targets, output } = await explainedModelOf(model, asked, dims);
      const [row] = await scoreRows(explained, picture(5), { targets });
      return { ...row!, output };
    };
    const [sex] = toNumbers(held["sex"]!);
    expect(await ask("sex", 1)).toMatchObject({ output: "sex", target: 1 });
    expect((await ask("sex", 1)).probability).toBeCloseTo(sex!, 5);
    expect((await ask("sex", 0)).probability).toBeCloseTo(1 - sex!, 5);
    const age = await ask("age", 0);
    expect(age).toMatchObject({ output: "age", probability: null, scoreName: "value" });
    expect(age.score).toBeCloseTo(toNumbers(held["age"]!)[0]!, 4);
    const diagnosis = await ask(last, 1);
    expect(diagnosis).toMatchObject({ output: last, target: 1, scoreName: "logit" });
    expect(diagnosis.probability).toBeCloseTo(toNumbers(held[last]!)[1]!, 5);
    await expect(ask("age", 1)).rejects.toThrow(/one value and has no classes/);
  });

  test("which one is explained is a note, and can be chosen", () => {
    const graph = heads();
    const [note] = new Model(graph, runtime).notes;
    expect(JSON.stringify(note)).toMatch(/several outputs.*is explained.*others are/);
    expect(new Model(graph, runtime, { output: "age" }).head).toMatchObject({
      output: "age",
      kind: "value",
    });
    expect(() => new Model(graph, runtime, { output: "ages" })).toThrow(
      /got "ages".*closest: "age"/,
    );
  });
});
