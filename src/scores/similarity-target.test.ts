/** @file Similarity to a reference: its score, its gradient, what several pictures and given numbers mean, and what is refused. */
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { scoreGradientError } from "../../test/reference/score-gradient.ts";
import { integratedGradients } from "../attribution/gradient/integrated-gradients.ts";
import { scoreRows } from "../attribution/perturbation/scored-rows.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { tensorOf, type Tensor } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { explainedOn } from "./picture-target.ts";
import type { SimilarityTarget } from "./target.ts";

const runtime = createReferenceRuntime();
const random = randomStream("similarity");
const drawn = (count: number) => Array.from({ length: count }, () => random.normal());
const drawnPicture = () => tensorOf("float32", [1, 2, 6, 6], drawn(72));

/** Convolution, softplus, and five numbers, scaled to length 1 or not. */
function tower(isScaled: boolean): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2, 6, 6], "float32", ["N", 2, 6, 6]);
  const maps = b.op(
    "Softplus",
    [b.op("Conv", [x, b.constant(drawn(72), [4, 2, 3, 3])])],
    {},
    "maps",
  );
  const row = b.op("Flatten", [b.op("GlobalAveragePool", [maps])]);
  const numbers = b.op("MatMul", [row, b.constant(drawn(20), [4, 5])], {}, isScaled ? "raw" : "y");
  if (isScaled)
    b.output(
      b.op("Div", [numbers, b.op("ReduceL2", [numbers, b.constant([1], [1], "int64")])], {}, "y"),
    );
  else b.output(numbers);
  return new Model(b.build(), runtime, { kind: "values" });
}

const [photo, other, third] = [drawnPicture(), drawnPicture(), drawnPicture()];

async function embeddingOf(model: Model, picture: Tensor, value = "y"): Promise<number[]> {
  const [row] = await scoreRows(model, picture, { targets: [0], values: [value] });
  const numbers = [...row!.values[0]!];
  if (value === "y") return numbers;
  const places = 16;
  return [0, 1, 2, 3].map(
    (c) => numbers.slice(c * places, (c + 1) * places).reduce((a, b) => a + b) / places,
  );
}

const norm = (a: readonly number[]) => Math.sqrt(a.reduce((sum, x) => sum + x * x, 0));
const cosine = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0) / norm(a) / norm(b);

const to = (pictures: readonly Tensor[], layer?: string): SimilarityTarget => ({
  kind: "similarity",
  reference: { name: "others", pictures },
  ...(layer === undefined ? {} : { layer }),
});

async function scoreOf(model: Model, target: SimilarityTarget, picture: Tensor): Promise<number> {
  const explained = await explainedOn(model, target, picture);
  const [row] = await scoreRows(explained.model, picture, { targets: explained.targets });
  expect(row!.scoreName).toBe("cosine similarity");
  return row!.score;
}

describe.each([
  ["an embedding of length 1", tower(true), undefined],
  ["an embedding of any length", tower(false), undefined],
  ["a feature map, averaged over its places", tower(false), "maps"],
] as const)("%s", (_, model, layer) => {
  test("is 1 to its own picture, and the cosine to another", async () => {
    expect(await scoreOf(model, to([photo], layer), photo)).toBeCloseTo(1, 6);
    const [a, b] = [await embeddingOf(model, photo, layer), await embeddingOf(model, other, layer)];
    expect(await scoreOf(model, to([other], layer), photo)).toBeCloseTo(cosine(a, b), 6);
  });

  test("to several it is that to the mean of their embeddings of length 1", async () => {
    const [a, b, c] = await Promise.all(
      [photo, other, third].map((each) => embeddingOf(model, each, layer)),
    );
    const mean = b!.map((x, i) => x / norm(b!) + c![i]! / norm(c!));
    expect(await scoreOf(model, to([other, third], layer), photo)).toBeCloseTo(cosine(a!, mean), 6);
  });

  test("its gradient agrees with central differences", async () => {
    const explained = await explainedOn(model, to([other], layer), photo);
    expect(await scoreGradientError(explained.model, photo, [0, 17, 40, 71])).toBeLessThan(1e-6);
  });
});

test("to given numbers of any length it is the cosine, and its map from zeros adds up", async () => {
  const model = tower(false);
  const numbers = drawn(5);
  const target: SimilarityTarget = {
    kind: "similarity",
    reference: { name: "text", embedding: numbers },
  };
  expect(await scoreOf(model, target, photo)).toBeCloseTo(
    cosine(await embeddingOf(model, photo), numbers),
    6,
  );
  const explained = await explainedOn(model, target, photo);
  const [map] = await integratedGradients(explained.model, photo, { targets: [0] });
  expect(map!.warnings).toEqual([]);
});

test.each<[string, SimilarityTarget["reference"], RegExp]>([
  [
    "numbers of another length",
    { name: "text", embedding: [1, 2] },
    /must have 5 numbers, as "y" has, got 2/,
  ],
  [
    "zeros",
    { name: "text", embedding: [0, 0, 0, 0, 0] },
    /must have a direction, got zeros of text/,
  ],
  [
    "numbers that are none",
    { name: "text", embedding: [1, 0, Number.NaN, 0, 0] },
    /must hold finite numbers, got NaN/,
  ],
])("%s are refused", async (_, reference, message) => {
  const made = explainedOn(tower(false), { kind: "similarity", reference }, photo);
  await expect(made).rejects.toThrow(message);
});
