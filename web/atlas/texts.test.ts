/** @file The site speaks each of its languages. */
import { expect, test } from "vitest";
import { counted, languages } from "./texts.ts";

test("German is not English that was left, but for names", () => {
  const same = Object.entries(languages.de).filter(
    ([key, text]) => languages.en[key as keyof typeof languages.en] === text,
  );
  expect(same.map(([key]) => key)).toEqual(["atlas"]);
});

test("counts are said as one and as many", () => {
  expect(counted(languages.en, 1, "Unit")).toBe("1 unit");
  expect(counted(languages.en, 5700, "Unit")).toBe("5,700 units");
  expect(counted(languages.de, 1, "Layer")).toBe("1 Schicht");
});
