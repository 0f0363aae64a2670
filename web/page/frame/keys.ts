/** @file The page's keys. */
import { useEffect } from "preact/hooks";
import type { Explorer } from "../explorer.ts";

/** Keys that are not a field's: layers, methods, classes, compare, stop, help. A dialog has its own. */
export function useKeys(explorer: Explorer, showHelp: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // A window over the page has keys of its own.
      if (document.querySelector("dialog[open]")) return;
      if (event.key === "Escape") leave(explorer);
      if (event.ctrlKey && event.key === "f") {
        event.preventDefault();
        focusOn("search");
      }
      if (!isTyping(event.target) && !isOfBrowser(event)) press(explorer, event.key, showHelp);
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [explorer, showHelp]);
}

/** Sliders and boxes to tick take no letters. */
const typed = "select, textarea, input:not([type=range], [type=checkbox], [type=radio])";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches(typed);
}

/** German keyboards write brackets with AltGr, which some systems tell as Ctrl and Alt, and Macs with Alt. */
function isOfBrowser({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (key === "[" || key === "]") return metaKey || (ctrlKey && !altKey);
  return ctrlKey || metaKey || altKey;
}

function press(explorer: Explorer, key: string, showHelp: () => void): void {
  // With Caps Lock, too.
  const letter = key.toLowerCase();
  if (key === "?") showHelp();
  if (key === "[") moveLayer(explorer, -1);
  if (key === "]") moveLayer(explorer, 1);
  if (letter === "m") focusOn("method");
  if (letter === "c") void explorer.pin();
  const answer = explorer.state.picture?.answers[Number(key) - 1];
  if (answer) void explorer.chooseTarget(answer.target);
}

/** Stops what is under way; with nothing under way, goes up from a channel to its layer. */
function leave(explorer: Explorer): void {
  if (explorer.store.client.isBusy || explorer.camera.state.isOn) explorer.stop();
  else explorer.leaveChannel();
}

/** Where the page is one column, the part that holds it is brought up first. */
function focusOn(id: string): void {
  const field = document.getElementById(id);
  const section = field?.closest<HTMLElement>("[data-part]")?.dataset["part"];
  document.querySelector<HTMLElement>(`.sections [data-section="${section}"]`)?.click();
  field?.focus();
}

function moveLayer(explorer: Explorer, by: number): void {
  const { model, channels, view } = explorer.state;
  const layers = model?.layers ?? [];
  const at = layers.findIndex(({ name }) => name === (channels?.layer ?? view.layer));
  const next = layers[at + by];
  if (next) void explorer.chooseLayer(next.name);
}
