/** @file Starts the page: the worker first, then what is seen. */
import { render } from "preact";
import { App } from "./app.tsx";
import { Explorer } from "./explorer.ts";
import { showLettersAlone } from "../parts/shown-letters.ts";
import { nextTask } from "./computing/next-task.ts";
import { followAddress } from "./files/followed-address.ts";
import { keepOffline } from "./computing/offline.ts";
import { keptSettings } from "../parts/kept-settings.ts";
import { letGoOfLostStyles } from "./frame/lost-styles.ts";
import { hasWords } from "./frame/spoken-settings.ts";

showLettersAlone();
letGoOfLostStyles();
const explorer = new Explorer();
const place = document.getElementById("page")!;
void show();
void explorer.hand.start(location.hash).then(() => keepOffline(explorer.store.client));
// Not said of what the page notes itself. Until it is heard of, that may have taken its place.
addEventListener("hashchange", ({ newURL }) => {
  void followAddress(explorer.hand, new URL(newURL).hash);
});

/** As soon as the reader's language is there; in place of one that cannot be had the page speaks English. */
async function show(): Promise<void> {
  const { language } = keptSettings();
  const isSpoken = await hasWords(explorer.store, language).catch(() => false);
  await nextTask();
  place.textContent = "";
  render(<App explorer={explorer} language={isSpoken ? language : "en"} />, place);
}
