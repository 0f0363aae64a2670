/** @file The page speaks each of its languages whole, and says nothing that is not in its table. */
import { expect, test } from "vitest";
import { storyTexts } from "../story/story-texts.ts";
import { english } from "./english/index.ts";
import { viewEnglish } from "./english/view.ts";
import { german } from "./german/index.ts";
import { viewGerman } from "./german/view.ts";

const languages = { en: english, de: german };

const files = import.meta.glob<string>("../**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});
const sources = Object.entries(files)
  .filter(([name]) => !/(test|texts)\.ts$|\/(english|german)\//.test(name))
  .map(([name, text]) => ({ name, text }));

/** Every text of a table with the way to it, as "knows.pets". */
function textsIn(value: unknown, way = ""): readonly (readonly [string, string])[] {
  if (typeof value === "string") return [[way, value]];
  return Object.entries(value as object).flatMap(([key, each]) =>
    textsIn(each, way === "" ? key : `${way}.${key}`),
  );
}

test("every language has every text, and none is empty", () => {
  const ways = Object.values(languages).map((texts) => textsIn(texts).map(([way]) => way));
  for (const each of ways) expect(each.toSorted()).toEqual(ways[0]!.toSorted());
  for (const texts of Object.values(languages)) {
    for (const [way, text] of textsIn(texts)) expect(text.trim(), way).not.toBe("");
  }
});

test("no text of one table stands in the place of another's", () => {
  expect(english).toMatchObject(viewEnglish);
  expect(german).toMatchObject(viewGerman);
});

test("German is not English that was left, but for names and words of both", () => {
  const inEnglish = new Map(textsIn(english));
  const same = textsIn(german).filter(([way, text]) => inEnglish.get(way) === text);
  const ofBoth = ["graph", "modelHint", "code", "private"];
  for (const [way] of same) expect([...ofBoth, "keyRows"]).toContain(way.split(".")[0]);
});

test("no text is written smaller or larger by code: German nouns are not", () => {
  for (const { name, text } of sources)
    expect(text, name).not.toMatch(/\btexts\b[\w.[\]]*\.to(Locale)?(Lower|Upper)Case/);
});

test("the page was read", () => {
  expect(sources.length).toBeGreaterThan(40);
});

test("every text is said somewhere", () => {
  const code = sources.map(({ text }) => text).join("\n");
  for (const key of Object.keys(english)) expect(code, key).toMatch(new RegExp(`\\b${key}\\b`));
  const unsaid = Object.keys(english).filter(
    (key) => !new RegExp(`[tT]exts(\\.|\\[")${key}\\b|["']${key}["']`).test(code),
  );
  expect(unsaid).toEqual([]);
});

test("no pane holds words of its own", () => {
  for (const { name, text } of sources.filter((source) => source.name.endsWith(".tsx"))) {
    expect(wordsBetweenTags(text), name).toEqual([]);
    const said = [...text.matchAll(/\b(?:aria-label|title|placeholder|alt|label)="([^"]*)"/g)];
    const words = said.map(([, text]) => text!).filter((each) => /\p{L}/u.test(each));
    expect(words, name).toEqual([]);
  }
});

/** Letters that stand between tags, outside braces; the page's name and keys are the same in all languages. */
function wordsBetweenTags(code: string): readonly string[] {
  const found = [...code.matchAll(/>([^<>{}=;()]*\p{L}[^<>{}=;()]*)<\//gu)];
  return found
    .map(([, words]) => words!.trim())
    .filter((words) => !["Limpid", "Esc"].includes(words));
}

test("every step of the story is told in every language", () => {
  for (const [way, text] of textsIn(storyTexts)) {
    expect(text.trim(), way).not.toBe("");
  }
});

test("no text advises an option of the command line", () => {
  for (const texts of Object.values(languages)) {
    for (const [way, text] of textsIn(texts)) expect(text, way).not.toMatch(/(^|\s)--[a-z]/);
  }
});
