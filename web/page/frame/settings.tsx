/** @file The page's texts in the reader's language, and what the core says in it. */
import { useContext } from "preact/hooks";
import { SettingsContext } from "../../parts/settings.ts";
import { saidIn, textsIn } from "../texts/languages.ts";
import type { Texts } from "../texts/texts.ts";

export function usePageTexts(): Texts {
  return textsIn(useContext(SettingsContext).language);
}

/** What an element shows of a sentence of the core: translated, or in English and marked as such. */
interface Said {
  readonly children: string;
  readonly lang: "en" | undefined;
}

export type Say = (sentence: string) => Said;

export function useSaid(): Say {
  const { language } = useContext(SettingsContext);
  return (sentence) => {
    const said = saidIn(language, sentence);
    const isForeign = said === undefined && language !== "en";
    return { children: said ?? sentence, lang: isForeign ? "en" : undefined };
  };
}
