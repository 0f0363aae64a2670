import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { tensorOf, type Tensor } from "../graph/tensor.ts";
import { Model, type ModelOptions } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { explainedModelOf } from "./explained-model.ts";
import { libraryWords, wordsOf } from "../wording/face.ts";
import type { FixedTarget } from "./target.ts";
import { gradCam } from "../attribution/cam/grad-cam.ts";
import { gradient } from "../attribution/gradient/gradient.ts";
import { explainRows } from "../attribution/gradient/explained-rows.ts";

const runtime = createReferenceRuntime();
const random = randomStream("target");
const drawn = (count: number) => Array.from({ length: count }, () => random.normal());

/** Conv 1 to 3, softplus (it has no kinks) `features` [N, 3, 4, 4], mean, dense `logits` of `units`, softmax or sigmoid. */
function network(units: number, options: ModelOptions = {}): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [2, 1, 5, 5], "float32", ["N", 1, 5, 5]);
  const features = b.op(
    "Softplus",
    [b.op("Conv", [x, b.constant(drawn(12), [3, 1, 2, 2])])],
    {},
    "features",
  );
  const tokens = b.op(
    "Transpose",
    [b.reshape(features, [2, 3, 16])],
    { perm: [0, 2, 1] },
    "tokens",
  );
  const pooled = b.reduceMean(tokens, [1], false);
  const logits = b.op("Gemm", [pooled, b.constant(drawn(3 * units), [3, units])], {}, "logits");
  b.output(units === 1 ? b.op("Sigmoid", [logits]) : b.op("Softmax", [logits], { axis: 1 }));
  return new Model(b.build(), runtime, options);
}

const pictures = tensorOf("float32", [2, 1, 5, 5], drawn(50));

/** The gradient of a score by differences, [pictures][places]. */
async function plainGradient(score: (input: Tensor) => Promise<readonly number[]>) {
  const step = 1e-3;
  const data = pictures.data as Float32Array;
  const slopes: (readonly number[])[] = [];
  for (let i = 0; i < 25; i++) {
    const moved = (by: number) =>
      score({ ...pictures, data: data.map((v, k) => (k % 25 === i ? v + by : v)) });
    const [up, down] = [await moved(step), await moved(-step)];
    slopes.push(up.map((value, row) => (value - down[row]!) / (2 * step)));
  }
  return [0, 1].map((row) => slopes.map((slope) => slope[row]!));
}

/** The network's values by name, [pictures][numbers]. */
async function valuesOf(model: Model, input: Tensor, name: string) {
  const rows = await explainRows(model, input, { targets: [0], values: [name] });
  return rows.map((row) => Array.from(row.values[0]!));
}

async function expectGradient(
  model: Model,
  target: FixedTarget,
  score: (input: Tensor) => Promise<readonly number[]>,
) {
  const explained = await explainedModelOf(model, target, pictures.dims);
  const maps = await gradient(explained.model, pictures, { targets: explained.targets });
  const expected = await plainGradient(score);
  for (const [row, map] of maps.entries()) {
    expect(map.logit).toBeCloseTo((await score(pictures))[row]!, 4);
    const worst = Math.max(...map.data.map((value, i) => Math.abs(value - expected[row]![i]!)));
    expect(worst).toBeLessThan(2e-3);
    expect(Math.max(...map.data.map(Math.abs))).toBeGreaterThan(0.01);
  }
}

describe("one class against another", () => {
  test("is the difference of their logits", async () => {
    const model = network(4);
    await expectGradient(model, { kind: "combination", plus: [2], minus: [0] }, async (input) =>
      (await valuesOf(model, input, "logits")).map((logits) => logits[2]! - logits[0]!),
    );
  });

  test("several may be added and taken off", async () => {
    const model = network(4);
    await expectGradient(
      model,
      { kind: "combination", plus: [2, 1], minus: [0, 3] },
      async (input) =>
        (await valuesOf(model, input, "logits")).map(([a, b, c, d]) => c! + b! - a! - d!),
    );
  });

  test("is a difference of probabilities where these are explained", async () => {
    const model = network(3, { keepActivation: true });
    const explained = await explainedModelOf(
      model,
      { kind: "combination", plus: [2], minus: [0] },
      pictures.dims,
    );
    const [row] = await explainRows(explained.model, pictures, {
      targets: explained.targets,
      values: ["x"],
    });
    const powers = (await valuesOf(model, pictures, "logits"))[0]!.map(Math.exp);
    const total = powers.reduce((sum, power) => sum + power);
    expect(explained.model.scoreName).toBe("probability difference");
    expect(row!.logit).toBeCloseTo((powers[2]! - powers[0]!) / total, 5);
  });

  test("of one unit is twice its logit", async () => {
    const model = network(1);
    await expectGradient(model, { kind: "combination", plus: [1], minus: [0] }, async (input) =>
      (await valuesOf(model, input, "logits")).map(([logit]) => 2 * logit!),
    );
  });

  test.each([
    [[4], [0], /from 0 to 3, got 4/],
    [[1.5], [0], /got 1\.5/],
    [[2], [2], /must differ, got 2 minus 2/],
  ])("%j minus %j is refused", async (plus, minus, message) => {
    const target = { kind: "combination", plus, minus } as const;
    await expect(explainedModelOf(network(4), target, pictures.dims)).rejects.toThrow(message);
  });
});

describe("a unit", () => {
  test("of a feature map is a channel's mean, or the channel at a place", async () => {
    const model = network(4);
    const channel = async (input: Tensor) =>
      (await valuesOf(model, input, "features")).map((values) => values.slice(16, 32));
    await expectGradient(model, { kind: "unit", layer: "features", channel: 1 }, async (input) =>
      (await channel(input)).map((values) => values.reduce((sum, value) => sum + value) / 16),
    );
    const target = { kind: "unit", layer: "feat", channel: 1, place: [1, 2] } as const;
    await expectGradient(model, target, async (input) =>
      (await channel(input)).map((values) => values[6]!),
    );
  });

  test("of tokens lies on the last axis", async () => {
    const model = network(4);
    await expectGradient(model, { kind: "unit", layer: "tokens", channel: 1 }, async (input) =>
      (await valuesOf(model, input, "features")).map(
        (values) => values.slice(16, 32).reduce((sum, value) => sum + value) / 16,
      ),
    );
  });

  test("of a dense layer has no place", async () => {
    const model = network(4);
    await expectGradient(model, { kind: "unit", layer: "logits", channel: 3 }, async (input) =>
      (await valuesOf(model, input, "logits")).map((logits) => logits[3]!),
    );
  });

  test("has class activation maps on layers before it", async () => {
    const model = network(4);
    const explained = await explainedModelOf(
      model,
      { kind: "unit", layer: "logits", channel: 3 },
      pictures.dims,
    );
    const maps = await gradCam(explained.model, pictures, { targets: explained.targets });
    const plain = await gradCam(model, pictures, { targets: [3] });
    expect(maps.map(({ data }) => data)).toEqual(plain.map(({ data }) => data));
  });

  test.each<[string, FixedTarget, RegExp]>([
    ["layer", { kind: "unit", layer: "featurs", channel: 0 }, /closest: "features"/],
    ["channel", { kind: "unit", layer: "features", channel: 3 }, /from 0 to 2 on axis 1, got 3/],
    [
      "row",
      { kind: "unit", layer: "features", channel: 0, place: [4, 0] },
      /from 0 to 3 on axis 2/,
    ],
    ["place", { kind: "unit", layer: "logits", channel: 0, place: [1] }, /0 numbers, got 1/],
  ])("of no such %s is refused", async (_, target, message) => {
    await expect(explainedModelOf(network(4), target, pictures.dims)).rejects.toThrow(message);
  });
});

test("a class is the model's own, and both sides of one unit are opposite", async () => {
  const model = network(1);
  const sides = [0, 1].map(async (side) => {
    const explained = await explainedModelOf(model, { kind: "class", class: side }, pictures.dims);
    expect(explained.model).toBe(model);
    return gradient(explained.model, pictures, { targets: explained.targets });
  });
  const [against, for_] = await Promise.all(sides);
  expect(Array.from(against![0]!.data, (value) => -value)).toEqual(Array.from(for_![0]!.data));
  expect(against![0]!.probability! + for_![0]!.probability!).toBeCloseTo(1, 6);
  const top = await explainedModelOf(model, { kind: "class", class: "top" }, pictures.dims);
  expect(top.targets).toBe("top");
});

test.each([
  ["value", /is read as a value/],
  ["yes-no", /^$/],
  ["map", /has classes at every place/],
] as const)(
  "where only a picture's own size tells that an output is a %s, it is one, which is said",
  async (kind, wanted) => {
    const b = new GraphBuilder();
    // Sides are open, but the dense layer fits 5 by 5 alone.
    const x = b.input("x", [2, 1, 5, 5], "float32", ["N", 1, "H", "W"]);
    const weights = b.constant(
      drawn(kind === "map" ? 3 : 25),
      kind === "map" ? [3, 1, 1, 1] : [25, 1],
    );
    const number =
      kind === "map" ? b.op("Conv", [x, weights]) : b.op("Gemm", [b.op("Flatten", [x]), weights]);
    b.output(kind === "yes-no" ? b.op("Sigmoid", [number]) : number);
    const told = b.build();
    const outputs = told.outputs.map((output) => ({ ...output, dims: undefined }));
    const model = new Model({ ...told, outputs, shapes: new Map() }, runtime);
    expect(model.head.isSure).toBe(false);
    const target = { kind: "class", class: "top" } as const;
    const { model: explained, notes } = await explainedModelOf(model, target, pictures.dims);
    expect(notes.map((note) => wordsOf(note, libraryWords)).join()).toMatch(wanted);
    expect(explained.head).toMatchObject({ kind, isSure: true });
    expect((await explainedModelOf(model, target, pictures.dims)).model).toBe(explained);
    const asked = new Model(model.graph, runtime, { kind: "labels" });
    expect((await explainedModelOf(asked, target, pictures.dims)).model).toBe(asked);
  },
);

test("the same target is the same model, whose sessions serve every picture", async () => {
  const model = network(4);
  const targets: readonly FixedTarget[] = [
    { kind: "combination", plus: [2], minus: [0] },
    { kind: "combination", plus: [0], minus: [2] },
    { kind: "unit", layer: "features", channel: 1 },
    { kind: "unit", layer: "features", channel: 1, place: [0, 0] },
  ];
  const explained = async () =>
    Promise.all(
      targets.map(async (target) => (await explainedModelOf(model, target, pictures.dims)).model),
    );
  const first = await explained();
  expect(new Set([...first, ...(await explained())])).toEqual(new Set(first));
  expect(new Set(first).size).toBe(targets.length);
});

test("a map's numbers are in the unit of the target's score", async () => {
  const model = network(4);
  const target = { kind: "unit", layer: "features", channel: 0 } as const;
  const explained = await explainedModelOf(model, target, pictures.dims);
  const [map] = await gradient(explained.model, pictures, { targets: explained.targets });
  expect(map!.unit).toBe("activation per input unit");
  expect(map).toMatchObject({ scoreName: "activation", score: map!.logit });
});

describe("a direction of a layer", () => {
  const weights = [0.5, -2, 1];
  const dot = (values: ArrayLike<number>, placeCount: number, at: readonly number[]) => {
    const products = weights.flatMap((w, c) =>
      at.map((place) => w * values[c * placeCount + place]!),
    );
    return products.reduce((total, value) => total + value, 0) / at.length;
  };

  test("is the dot product of its channels, averaged over places", async () => {
    const model = network(4);
    const target = { kind: "direction", layer: "feat", vector: weights } as const;
    const everywhere = Array.from({ length: 16 }, (_, place) => place);
    await expectGradient(model, target, async (input) =>
      (await valuesOf(model, input, "features")).map((values) => dot(values, 16, everywhere)),
    );
  });

  test("or at one place", async () => {
    const model = network(4);
    const target = { kind: "direction", layer: "feat", vector: weights, place: [1, 2] } as const;
    await expectGradient(model, target, async (input) =>
      (await valuesOf(model, input, "features")).map((values) => dot(values, 16, [6])),
    );
  });

  test("of tokens is the mean over tokens, which gives the same here", async () => {
    const model = network(4);
    const of = async (layer: string) => {
      const target = { kind: "direction", layer, vector: weights } as const;
      const explained = await explainedModelOf(model, target, pictures.dims);
      const [row] = await explainRows(explained.model, pictures, {
        targets: explained.targets,
        values: ["x"],
      });
      expect(row!.scoreName).toBe("dot product");
      return row!.score;
    };
    expect(await of("tokens")).toBeCloseTo(await of("features"), 6);
  });

  test("must have a number a channel", async () => {
    const target = { kind: "direction", layer: "features", vector: [1, 2] } as const;
    const made = explainedModelOf(network(4), target, pictures.dims);
    await expect(made).rejects.toThrow(/must have 3 numbers, one a channel, got 2/);
  });
});
