import { expect, test } from "vitest";
import { counted } from "./counted-text.ts";
import { english } from "./english/index.ts";
import { german } from "./german/index.ts";

test("one is said otherwise than none and many, in every language", () => {
  const said = [english, german].map(({ deadOnes }) => [0, 1, 2].map((n) => counted(n, deadOnes)));
  expect(said).toEqual([
    ["0 dead channels", "1 dead channel", "2 dead channels"],
    ["0 tote Kanäle", "1 toter Kanal", "2 tote Kanäle"],
  ]);
});

test("what has a form for one has it in every language", () => {
  const forms = [english, german].map((texts) =>
    Object.entries(texts)
      .filter(([, text]) => typeof text === "string" && text.includes("|"))
      .map(([key, text]) => [key, String(text).split("|").length]),
  );
  expect(forms[0]!.length).toBeGreaterThan(2);
  expect(Object.fromEntries(forms[1]!)).toEqual(Object.fromEntries(forms[0]!));
});
