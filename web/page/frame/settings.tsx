/** @file The page's texts in the reader's language. */
import { useContext } from "preact/hooks";
import { SettingsContext } from "../../parts/settings.ts";
import { textsIn } from "../texts/languages.ts";
import type { Texts } from "../texts/texts.ts";

export function usePageTexts(): Texts {
  return textsIn(useContext(SettingsContext).language);
}
