/** @file However late a language's words come, what was chosen last is what is shown. */
import { array, assert, asyncProperty, boolean, constantFrom, oneof, record } from "fast-check";
import { expect, test } from "vitest";
import type { Language, Settings } from "../../parts/kept-settings.ts";
import { choiceInWords } from "./spoken-settings.ts";

const language = constantFrom<Language>("en", "de");
const theme = constantFrom("light", "dark", undefined);
/** A choice, and whether the words of one more language come before the next. */
const step = record({
  chosen: oneof(record({ language }), record({ theme })),
  comes: boolean(),
  isFirst: boolean(),
});

test("what was chosen last is shown, whenever the words of a language come", async () => {
  await assert(
    asyncProperty(array(step, { maxLength: 8 }), async (steps) => {
      let shown: Settings = { language: "en", theme: undefined };
      const coming: ((isThere: boolean) => void)[] = [];
      const choose = choiceInWords(
        (chosen) => (shown = { ...shown, ...chosen }),
        () => new Promise((come) => coming.push(come)),
      );
      const under: Promise<void>[] = [];
      for (const { chosen, comes, isFirst } of steps) {
        under.push(choose(chosen));
        if (comes) (isFirst ? coming.shift() : coming.pop())?.(true);
        await Promise.resolve();
      }
      for (const come of coming) come(true);
      await Promise.all(under);
      const wanted = steps.reduce<Settings>((before, { chosen }) => ({ ...before, ...chosen }), {
        language: "en",
        theme: undefined,
      });
      expect(shown).toEqual(wanted);
    }),
  );
});

test("a language whose words cannot be had is not chosen, and all else is", async () => {
  const chosen: Partial<Settings>[] = [];
  const choose = choiceInWords(
    (each) => chosen.push(each),
    async () => false,
  );
  await choose({ language: "de", theme: "dark" });
  expect(chosen).toEqual([{ theme: "dark" }]);
});
