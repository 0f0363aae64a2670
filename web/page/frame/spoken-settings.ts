/** @file The reader's settings on a page whose words come one language at a time. */
import { useMemo } from "preact/hooks";
import type { Language, Settings } from "../../parts/kept-settings.ts";
import { useSettings } from "../../parts/settings.ts";
import { brought } from "../computing/lacking.ts";
import type { Store } from "../computing/store.ts";
import { Turns } from "../computing/turns.ts";
import { loadTexts } from "../texts/languages.ts";

type Choose = (chosen: Partial<Settings>) => void;

/** The page begins in `language`; another is chosen once its words are there. */
export function useSpokenSettings(store: Store, language: Language) {
  const { settings, choose, isDark } = useSettings(language);
  const chooseInWords = useMemo(
    () => choiceInWords(choose, (each) => hasWords(store, each)),
    [store],
  );
  return { settings, choose: chooseInWords, isDark };
}

/** Whether the words of a language are there; where they cannot be fetched, the page says so. */
export async function hasWords(store: Store, language: Language): Promise<boolean> {
  const load = async () => {
    await loadTexts(language);
    return true;
  };
  return (await brought(store, { kind: "pane", name: "language" }, load)) ?? false;
}

/** As `choose`, but for a language that comes later than the choice of another; resolves once its words are there or are not. */
export function choiceInWords(
  choose: Choose,
  areThere: (language: Language) => Promise<boolean>,
): (chosen: Partial<Settings>) => Promise<void> {
  const turns = new Turns();
  return async ({ language, ...others }) => {
    if (language === undefined) return choose(others);
    if (Object.keys(others).length > 0) choose(others);
    const turn = turns.begin();
    if ((await areThere(language)) && turn.isCurrent()) choose({ language });
  };
}
