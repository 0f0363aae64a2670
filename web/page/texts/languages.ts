/** @file The page's texts in the language that is read: English comes with the page, and stands in for others until they are there. */
import type { Language } from "../../parts/kept-settings.ts";
import { english } from "./english/index.ts";
import type { Translate } from "./said-sentences.ts";
import type { Texts } from "./texts.ts";

/** A language: the page's own texts, and what it makes of sentences that the core writes in English. */
interface Spoken {
  readonly texts: Texts;
  readonly translate: Translate;
}

/** THE table of languages; each but English is loaded when somebody reads it. */
const loaders: Readonly<Record<Exclude<Language, "en">, () => Promise<Spoken>>> = {
  de: async () => (await import("./german/german.ts")).spokenGerman,
};

const known = new Map<Language, Spoken>();

/** Has the texts of a language there. Throws where its code cannot be had. */
export async function loadTexts(language: Language): Promise<void> {
  if (language === "en" || known.has(language)) return;
  known.set(language, await loaders[language]());
}

/** Those of English as long as the language's own are not there. */
export function textsIn(language: Language): Texts {
  return known.get(language)?.texts ?? english;
}

/** A sentence of the core in the language, undefined where it is English or has none for it. */
export function saidIn(language: Language, sentence: string): string | undefined {
  return known.get(language)?.translate(sentence);
}
