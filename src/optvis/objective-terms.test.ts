import { describe, expect, test } from "vitest";
import {
  formatObjective,
  isOfLayers,
  parseObjective,
  photosOf,
  sumOfTerms,
} from "./objective-terms.ts";
import { channel } from "./objectives.ts";
import { activationOf, objectiveOf, warmUpObjectiveOf } from "./unit-objective.ts";

test.each([
  ["log-odds", [{ name: "log-odds", weight: 1, options: {} }]],
  [
    "activation + 0.1 * alignment",
    [
      { name: "activation", weight: 1, options: {} },
      { name: "alignment", weight: 0.1, options: {} },
    ],
  ],
  [
    "-2*interpolation( to=5, share=0.3 ) - 1e-2 * diversity",
    [
      { name: "interpolation", weight: -2, options: { to: 5, share: 0.3 } },
      { name: "diversity", weight: -0.01, options: {} },
    ],
  ],
  [
    "caricature(photo=a + b=c.jpg)",
    [{ name: "caricature", weight: 1, options: { photo: "a + b=c.jpg" } }],
  ],
])("%s is read, and written as it is read", (text, terms) => {
  expect(parseObjective(text)).toEqual(terms);
  expect(parseObjective(formatObjective(terms))).toEqual(terms);
});

test.each([
  ["", /must be a name, or a sum.*got ""/],
  ["activation +", /got "activation \+"/],
  ["1..5 * activation", /got "1\.\.5 \* activation"/],
  ["excitement", /must be one of activation, evidence, .*got "excitement"/],
  ["interpolation(share=2)", /share: it must be from 0 to 1, got "2"/],
  ["interpolation(amount=1)", /must be one of to, share, got "amount"/],
])("objective %s is refused", (text, message) => {
  expect(() => parseObjective(text)).toThrow(message);
});

test("what terms are of, and the photos that they name", () => {
  const of = (text: string) => isOfLayers(parseObjective(text));
  expect([of("deep-dream"), of("activation"), of("activation + deep-dream")]).toEqual([
    true,
    false,
    false,
  ]);
  const text = "caricature(photo=a.jpg) + 0.5 * inversion(photo=b.png) + inversion(photo=a.jpg)";
  expect(photosOf(parseObjective(text))).toEqual(["a.jpg", "b.png"]);
});

describe("an objective of a unit", () => {
  const unit = { layer: "conv", channel: 3 };
  const request = { unit, oneUnit: false, activation: () => activationOf(unit, false) };
  const made = (text: string) => sumOfTerms(parseObjective(text), request, "build");

  test("is the entry itself, or the sum of several", () => {
    expect(made("activation").description).toBe(channel("conv", 3).description);
    expect(made("2 * activation - deep-dream").description).toBe(
      "2 * conv:3 + -1 * conv:deepdream",
    );
  });

  test.each([
    ["evidence", /"evidence" must be of a class/],
    ["log-odds", /"log-odds" must be of a class/],
    ["interpolation", /must be given to, another channel/],
    ["inversion", /must be given photo, the path of a photo/],
    ["inversion(photo=a.jpg)", /must be given with its activations/],
  ])("%s is refused", (text, message) => {
    expect(() => made(text)).toThrow(message);
  });

  test("interpolation at one place is refused, and activations of whole layers", () => {
    const terms = parseObjective("interpolation(to=1)");
    const goal = { negative: false, oneUnit: false, objective: terms };
    expect(() => objectiveOf({ ...unit, place: [0, 0] }, goal)).toThrow(/averaged over places/);
    const plain = { negative: false, oneUnit: false };
    expect(() => objectiveOf({ layer: "conv" }, plain)).toThrow(/one of whole layers/);
  });

  test("a class against its rivals begins with its logit alone", () => {
    const classUnit = { layer: "logits", channel: 2, class: 2 };
    const goal = { negative: true, oneUnit: false, objective: parseObjective("3 * log-odds") };
    expect(objectiveOf(classUnit, goal).description).toBe("-1 * 3 * logits:2, log-odds");
    expect(warmUpObjectiveOf(classUnit, goal).description).toBe("-1 * 3 * logits:2");
  });
});
