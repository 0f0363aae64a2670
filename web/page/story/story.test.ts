import { expect, test } from "vitest";
import type { State } from "../computing/store.ts";
import { story } from "./story.ts";
import { filled, storyNames, storyTexts, toldFacts } from "./story-texts.ts";

/** As far as facts look at it. */
const nothingSeen = {
  model: undefined,
  picture: undefined,
  map: undefined,
  channels: undefined,
  unit: undefined,
  summaries: new Map(),
  pinned: [],
} as Partial<State> as State;

test("nine steps are told, each once, in their order", () => {
  expect(story.map(({ name }) => name)).toEqual([...storyNames]);
  expect(story).toHaveLength(9);
});

test("every fact has its numbers in every language", () => {
  for (const { name, facts } of story) {
    const { length } = facts(nothingSeen);
    for (const told of Object.values(storyTexts)) {
      const asked = [...told[name].fact.matchAll(/\{(\d)\}/g)].map(([, number]) => Number(number));
      expect(
        asked.toSorted((a, b) => a - b),
        name,
      ).toEqual(Array.from({ length }, (_, i) => i));
    }
  }
});

test("nothing is said of what the page does not know yet", () => {
  for (const { name, facts } of story) {
    expect(filled(storyTexts.en[name].fact, facts(nothingSeen)), name).toBeUndefined();
  }
  const thousands = ["1,234,567 of 0.935", "conv1,2", undefined];
  expect(toldFacts(thousands, "en")).toEqual(thousands);
  expect(toldFacts(thousands, "de")).toEqual([
    "1\u202f234\u202f567 of 0.935",
    "conv1,2",
    undefined,
  ]);
  expect(filled("{0} of {1}, {0}", ["a", "b"])).toBe("a of b, a");
});
