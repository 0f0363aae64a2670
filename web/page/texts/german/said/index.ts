/** @file What the core says, in German. */
import { translator, type SentenceCatalog } from "../../said-sentences.ts";
import { mapSentences } from "./maps.ts";
import { methodSentences } from "./methods.ts";
import { noteSentences } from "./notes.ts";
import { warningSentences } from "./warnings.ts";
import { words } from "./words.ts";

export const catalogGerman: SentenceCatalog = {
  pairs: [...mapSentences, ...warningSentences, ...methodSentences, ...noteSentences],
  words,
};

export const translateGerman = translator(catalogGerman);
