/** @file The page's keys. */
import { useEffect } from "preact/hooks";
import type { Explorer } from "../explorer.ts";

/** Keys that are not a field's: layers, methods, classes, compare, stop, help. A dialog has its own. */
export function useKeys(explorer: Explorer, showHelp: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]")) return;
      // A window over the page has keys of its own.
      if (document.querySelector("dialog[open]")) return;
      if (event.key === "Escape") leave(explorer);
      if (event.ctrlKey && event.key === "f") {
        event.preventDefault();
        focusOn("search");
      }
      const isTyping =
        event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "?") showHelp();
      if (event.key === "[") moveLayer(explorer, -1);
      if (event.key === "]") moveLayer(explorer, 1);
      if (event.key === "m") focusOn("method");
      if (event.key === "c") void explorer.pin();
      const { picture } = explorer.state;
      const answer = picture?.answers[Number(event.key) - 1];
      if (answer) void explorer.chooseTarget(answer.target);
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [explorer, showHelp]);
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
