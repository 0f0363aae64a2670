/** @file The page's keys. */
import { useEffect } from "preact/hooks";
import { addressOf, placeOf, unitAddress } from "./address.ts";
import type { AtlasData } from "./atlas-data.ts";
import type { Visits } from "./visits.ts";

export interface Keyed {
  readonly data: AtlasData;
  readonly visits: Visits;
  onHelp(): void;
}

/** Keys that are not a field's or a grid's: up, layers, units, search, help. */
export function useKeys(keyed: Keyed): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
      if (event.ctrlKey && !event.altKey && event.key === "f") return toSearch(event);
      // Some keyboards have "[" and "]" behind AltGr, which browsers tell as Ctrl and Alt.
      const isCommand = event.ctrlKey || event.metaKey || event.altKey;
      if (isTyping() || (isCommand && !event.getModifierState("AltGraph"))) return;
      if (event.key === "/") return toSearch(event);
      if (event.key === "?") return keyed.onHelp();
      const to = addressBehind(event.key, keyed);
      if (to === undefined) return;
      event.preventDefault();
      // Paging leaves no trail, so that "back" goes to where the reader came from.
      if (event.key === "Escape") location.hash = to;
      else location.replace(to);
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [keyed]);
}

/** Whether the reader types; what arrives late must not take the focus then. */
export function isTyping(): boolean {
  const { activeElement } = document;
  return activeElement instanceof HTMLInputElement || activeElement instanceof HTMLSelectElement;
}

function toSearch(event: KeyboardEvent): void {
  event.preventDefault();
  document.getElementById("search")?.focus();
}

function addressBehind(key: string, { data, visits }: Keyed): string | undefined {
  // The address is ahead of what is drawn where keys follow each other fast.
  const place = placeOf(location.hash);
  if (key === "Escape") return visits.above(place);
  if (place.kind !== "layer" && place.kind !== "unit") return undefined;
  const { folder } = place;
  if (key === "[" || key === "]") {
    const beside = data.beside(folder, key === "[" ? -1 : 1);
    if (!beside) return undefined;
    const view = place.kind === "layer" && place.view ? { view: place.view } : {};
    return addressOf({ kind: "layer", folder: beside.folder, order: "number", ...view });
  }
  if (place.kind !== "unit" || (key !== "ArrowLeft" && key !== "ArrowRight")) return undefined;
  const unit = place.unit + (key === "ArrowLeft" ? -1 : 1);
  return unit >= 0 && unit < (data.layer(folder)?.channels ?? 0)
    ? unitAddress(folder, unit)
    : undefined;
}
