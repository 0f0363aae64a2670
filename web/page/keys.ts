/** @file The page's keys. */
import { useEffect } from "preact/hooks";
import type { Explorer } from "./explorer.ts";

/** Keys that are not a field's: layers, methods, classes, stop, help. */
export function useKeys(explorer: Explorer, toggleHelp: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape") explorer.stop();
      if (event.ctrlKey && event.key === "f") {
        event.preventDefault();
        document.getElementById("search")?.focus();
      }
      const isTyping =
        event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "?") toggleHelp();
      if (event.key === "[") moveLayer(explorer, -1);
      if (event.key === "]") moveLayer(explorer, 1);
      if (event.key === "m") document.getElementById("method")?.focus();
      const { picture } = explorer.state;
      const answer = picture?.answers[Number(event.key) - 1];
      if (answer) void explorer.chooseTarget(answer.target);
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [explorer, toggleHelp]);
}

function moveLayer(explorer: Explorer, by: number): void {
  const { model, channels, view } = explorer.state;
  const layers = model?.layers ?? [];
  const at = layers.findIndex(({ name }) => name === (channels?.layer ?? view.layer));
  const next = layers[at + by];
  if (next) void explorer.chooseLayer(next.name);
}
