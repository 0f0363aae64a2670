/** @file German as the page loads it: its own texts, and those for sentences of the core. */
import { german } from "./index.ts";
import { translateGerman } from "./said/index.ts";

export const spokenGerman = { texts: german, translate: translateGerman };
