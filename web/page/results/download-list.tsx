/** @file The files that can be had of what is shown, as a menu. */
import { useContext, useEffect, useRef } from "preact/hooks";
import { SettingsContext } from "../../parts/settings.ts";
import type { Explorer } from "../explorer.ts";
import { usePageTexts } from "../frame/settings.tsx";
import { downloadsOf, type Download } from "./downloads.ts";
import { placeOf } from "./menu-keys.ts";

interface DownloadListProps {
  readonly explorer: Explorer;
  onTake(download: Download): void;
  onClose(): void;
}

/** Arrows, Home and End go through it, letters lead to what begins with them, Escape leaves it. */
export function DownloadList({ explorer, onTake, onClose }: DownloadListProps) {
  const texts = usePageTexts();
  const { language } = useContext(SettingsContext);
  const list = useRef<HTMLDivElement>(null);
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  useEffect(() => items()[0]?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = placeOf(
      event.key,
      at,
      all.map((item) => item.textContent),
    );
    if (event.key === "Escape") onClose();
    if (to === undefined) return;
    event.preventDefault();
    all[to]?.focus();
  };
  return (
    <div ref={list} class="menu" role="menu" aria-label={texts.download} onKeyDown={onKeyDown}>
      {downloadsOf(explorer, language).map((download) => (
        <button
          key={download.text}
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => onTake(download)}
        >
          {texts[download.text]}
        </button>
      ))}
    </div>
  );
}
