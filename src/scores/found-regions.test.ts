/** @file What of a map is meant where no part is named: the largest class, the background, nothing, the highest numbers. */
import { assert, float, integer, property, array } from "fast-check";
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { tensorOf, type Tensor } from "../graph/tensor.ts";
import { Model, type ModelOptions } from "../network/model.ts";
import { commandWords, wordsOf } from "../wording/face.ts";
import { backgroundOf } from "./background.ts";
import { highestPlaces } from "./found-places.ts";
import { meantTarget, type MeaningContext } from "./meant-target.ts";
import { explainedOn } from "./picture-target.ts";
import type { Target } from "./target.ts";

const runtime = createReferenceRuntime();

/** A network whose numbers at every place are those of the picture, plus 0. */
function copying(channels: number, end: "nothing" | "Sigmoid" | "plane", options: ModelOptions) {
  const b = new GraphBuilder();
  const x = b.input("x", [1, channels, 4, 5], "float32", ["N", channels, 4, 5]);
  const weights = Array.from({ length: channels ** 2 }, (_, i) =>
    i % (channels + 1) === 0 ? 1 : 0,
  );
  const kernel = b.constant(weights, [channels, channels, 1, 1]);
  const sums = b.op("Conv", [x, kernel], {}, "map");
  if (end === "plane") b.output(b.reshape(sums, [1, 4, 5]));
  else b.output(end === "Sigmoid" ? b.op("Sigmoid", [sums]) : sums);
  return new Model(b.build(), runtime, options);
}

/** A picture whose places, row by row, are of these channels alone. */
function picture(channels: number, places: readonly number[]): Tensor {
  const data = Array.from({ length: 20 * channels }, (_, i) =>
    places[i % 20] === Math.floor(i / 20) ? 1 : -1,
  );
  return tensorOf("float32", [1, channels, 4, 5], data);
}

async function explain(
  model: Model,
  seen: Tensor,
  asked: Target = { kind: "class", class: "top" },
  context: MeaningContext = {},
) {
  const target = await meantTarget(model, asked, seen.dims, context);
  const { marks, notes } = await explainedOn(model, target, seen);
  return { ...marks!, notes: notes.map((note) => wordsOf(note, commandWords)).join("\n") };
}

const few = Array.from({ length: 20 }, (_, p) => (p < 4 ? 2 : p < 7 ? 1 : 0));

describe("classes that exclude each other", () => {
  const model = copying(3, "nothing", { kind: "map" });

  test("the largest that is not background is meant, and that the first is taken for it is said", async () => {
    const { region, mask, notes } = await explain(model, picture(3, few));
    expect(region).toMatchObject({ class: 2, where: "found", share: 0.2 });
    expect(region!.box).toEqual({ left: 0, top: 0, right: 4, bottom: 1 });
    expect([...mask!.inside.keys()].filter((p) => mask!.inside[p] === 1)).toEqual([0, 1, 2, 3]);
    expect(notes).toMatch(/class 0 is assumed to be the background.*--target 0/);
  });

  test("names tell the background, or that there is none", async () => {
    const named = await explain(model, picture(3, few), undefined, {
      names: ["a", "b", "_background_"],
    });
    expect([named.region!.class, named.notes]).toEqual([0, ""]);
    const none = await explain(model, picture(3, few), undefined, {
      names: ["road", "sky", "car"],
    });
    expect([none.region!.class, none.notes]).toEqual([0, ""]);
  });

  test("background alone is explained, which is said", async () => {
    const { region, notes } = await explain(model, picture(3, Array<number>(20).fill(0)));
    expect(region).toMatchObject({ class: 0, where: "found", share: 1 });
    expect(notes).toMatch(/nothing but class 0, taken for the background, is found/);
  });

  test("a class that is found nowhere is explained over all places, which is said", async () => {
    const seen = picture(3, Array<number>(20).fill(0));
    const { region, notes } = await explain(
      model,
      seen,
      { kind: "class", class: 1 },
      { names: ["bg", "cat", "dog"] },
    );
    expect(region).toMatchObject({ class: 1, where: "everywhere", share: 1 });
    expect(notes).toMatch(/class 1 \(cat\) is found nowhere in the picture.*all places.*--box/);
  });

  test("in a part that is named the class that most of it is found to be", async () => {
    const region = { kind: "box", left: 0, top: 0, right: 5, bottom: 2 } as const;
    expect((await explain(model, picture(3, few), undefined, { region })).region).toMatchObject({
      class: 2,
      where: "box",
      share: 0.5,
    });
  });
});

test("answers of their own are found where their logit is above 0, also of one channel", async () => {
  const labels = copying(4, "Sigmoid", { kind: "map" });
  expect((await explain(labels, picture(4, few))).region).toMatchObject({
    class: 0,
    share: 13 / 20,
  });
  const one = copying(1, "Sigmoid", {});
  const seen = picture(
    1,
    few.map((each) => (each === 2 ? 0 : 1)),
  );
  expect((await explain(one, seen)).region).toMatchObject({ class: 0, where: "found", share: 0.2 });
  const nothing = await explain(one, picture(1, Array<number>(20).fill(1)));
  expect(nothing.region).toMatchObject({ class: 0, where: "everywhere" });
  expect(nothing.notes).toMatch(/class 0 is found nowhere/);
});

test.each(["nothing", "plane"] as const)(
  "values, ended by %s, are meant where they are highest",
  async (end) => {
    const model = copying(1, end, {});
    expect(model.head.kind).toBe("value-map");
    const data = Array.from({ length: 20 }, (_, p) => (p === 13 ? 3 : p / 20));
    const { region, mask } = await explain(model, tensorOf("float32", [1, 1, 4, 5], data));
    expect(region).toMatchObject({ class: 0, where: "highest", share: 1 / 20 });
    expect(mask!.inside.indexOf(1)).toBe(13);
  },
);

test("the highest 1 % are no lower than any other place, and as many as that, at least one", () => {
  const numbers = array(float({ noNaN: true }), { minLength: 1, maxLength: 900 });
  assert(
    property(numbers, integer({ min: 1, max: 3 }), (drawn, placeStride) => {
      const values = Float32Array.from(
        { length: drawn.length * placeStride },
        (_, i) => drawn[Math.floor(i / placeStride)]!,
      );
      const layout = { channels: 1, height: 1, width: drawn.length, channelStride: 1, placeStride };
      const inside = highestPlaces({ values, layout }, 0);
      const [within, without] = [1, 0].map((one) =>
        drawn.filter((_, p) => inside[p] === one).map(Math.fround),
      );
      expect(within).toHaveLength(Math.max(Math.round(drawn.length / 100), 1));
      const least = within!.reduce((so, value) => Math.min(so, value), Infinity);
      expect(without!.every((value) => value <= least)).toBe(true);
    }),
  );
});

test.each([
  [undefined, { class: 0, isNamed: false }],
  [["Background", "cat"], { class: 0, isNamed: true }],
  [["cat", "__background__"], { class: 1, isNamed: true }],
  [["road", "unlabeled"], { class: 1, isNamed: true }],
  [["void", "sky"], { class: 0, isNamed: true }],
  [["wall", "building"], undefined],
])("the background of %j", (names, wanted) => {
  expect(backgroundOf(names)).toEqual(wanted);
});
