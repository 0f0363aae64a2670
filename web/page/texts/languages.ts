/** @file The page's texts in the language that is read: English comes with the page, and stands in for others until they are there. */
import type { Language } from "../../parts/kept-settings.ts";
import { english } from "./english/index.ts";
import type { Texts } from "./texts.ts";

/** THE table of languages; each but English is loaded when somebody reads it. */
const loaders: Readonly<Record<Exclude<Language, "en">, () => Promise<Texts>>> = {
  de: async () => (await import("./german/index.ts")).german,
};

const known = new Map<Language, Texts>([["en", english]]);

/** Has the texts of a language there. Throws where its code cannot be had. */
export async function loadTexts(language: Language): Promise<void> {
  if (language === "en" || known.has(language)) return;
  known.set(language, await loaders[language]());
}

/** Those of English as long as the language's own are not there. */
export function textsIn(language: Language): Texts {
  return known.get(language) ?? english;
}
