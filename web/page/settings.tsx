/** @file What a reader chooses for the whole page: language and light or dark, kept on the reader's machine. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { languages, usualLanguage, type Language } from "./texts.ts";

export interface Settings {
  readonly language: Language;
  readonly theme: "light" | "dark" | undefined;
}

const place = "limpid settings";

/** As they were left; the system's own without any. */
export function keptSettings(): Settings {
  const usual = { language: usualLanguage(), theme: undefined };
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? "{}") as Partial<Settings>;
    const language =
      kept.language === "de" || kept.language === "en" ? kept.language : usual.language;
    const theme = kept.theme === "light" || kept.theme === "dark" ? kept.theme : undefined;
    return { language, theme };
  } catch {
    // What is kept there may be anybody's, and storage may be forbidden.
    return usual;
  }
}

export function keepSettings(settings: Settings): void {
  try {
    localStorage.setItem(place, JSON.stringify(settings));
  } catch {
    // Without storage the page forgets them when it is closed.
  }
}

export const SettingsContext = createContext<Settings>({ language: "en", theme: undefined });

/** The page's texts in the reader's language. */
export function usePageTexts() {
  return languages[useContext(SettingsContext).language];
}
