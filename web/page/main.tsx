/** @file Starts the page: the worker first, then what is seen. */
import { render } from "preact";
import { App } from "./app.tsx";
import { Explorer } from "./explorer.ts";
import { showLettersAlone } from "../parts/shown-letters.ts";
import { keepOffline } from "./computing/offline.ts";
import { keptSettings } from "../parts/kept-settings.ts";
import { loadTexts } from "./texts/languages.ts";

showLettersAlone();
const explorer = new Explorer();
const place = document.getElementById("page")!;
void show();
void explorer.hand.start(location.hash).then(() => keepOffline(explorer.store.client));

/** As soon as the reader's language is there; English stands in for one that cannot be had. */
async function show(): Promise<void> {
  await loadTexts(keptSettings().language).catch(() => undefined);
  place.textContent = "";
  render(<App explorer={explorer} />, place);
}
