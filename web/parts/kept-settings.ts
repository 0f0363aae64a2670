/** @file What a reader chooses for the whole page, kept on the reader's machine. */

export type Language = "en" | "de";
type Theme = "light" | "dark";

export interface Settings {
  readonly language: Language;
  /** Undefined while the system's own is followed. */
  readonly theme: Theme | undefined;
}

const place = "limpid settings";

/** The reader's own language if the page speaks it, else English. */
function usualLanguage(): Language {
  return navigator.language.startsWith("de") ? "de" : "en";
}

/** As they were left; the system's own without any. */
export function keptSettings(): Settings {
  const { language = usualLanguage(), theme } = chosenSettings();
  return { language, theme };
}

function chosenSettings(): Partial<Settings> {
  try {
    const { language, theme } = JSON.parse(
      localStorage.getItem(place) ?? "{}",
    ) as Partial<Settings>;
    return {
      ...(language === "de" || language === "en" ? { language } : {}),
      ...(theme === "light" || theme === "dark" ? { theme } : {}),
    };
  } catch {
    // What is kept there may be anybody's, and storage may be forbidden.
    return {};
  }
}

/** What is chosen is kept, beside what was; all else follows the system. */
export function keepSettings(chosen: Partial<Settings>): void {
  try {
    localStorage.setItem(place, JSON.stringify({ ...chosenSettings(), ...chosen }));
  } catch {
    // Without storage the page forgets them when it is closed.
  }
}

/** The system asks for dark pages. */
export const systemIsDark = "(prefers-color-scheme: dark)";

/** Language and colours of the whole page. */
export function dress({ language, theme }: Settings): void {
  const { documentElement } = document;
  documentElement.lang = language;
  documentElement.dataset["theme"] = theme ?? (matchMedia(systemIsDark).matches ? "dark" : "light");
}
