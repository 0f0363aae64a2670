/** @file The menu of files that can be had of what is shown. */
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { SettingsContext } from "../../parts/settings.ts";
import { downloadsOf, save, type Download } from "./downloads.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { placeOf } from "./menu-keys.ts";
import { usePageTexts } from "../frame/settings.tsx";
import "./download-menu.css";

export function DownloadMenu({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { language } = useContext(SettingsContext);
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const { map } = state;
  // Without a map nothing can be had, and the menu does not come back by itself with the next.
  useEffect(() => {
    if (!map) setOpen(false);
  }, [map]);
  const isShown = isOpen && map !== undefined;
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const take = async ({ asked }: Download) => {
    close();
    const file = await explorer.store.ask("download", asked);
    if (file) save(file);
  };
  return (
    <div
      class="downloads"
      onFocusOut={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOpen(false);
      }}
    >
      <button
        ref={opener}
        type="button"
        aria-haspopup="menu"
        aria-expanded={isShown}
        disabled={!map}
        onClick={() => setOpen(!isOpen)}
      >
        {texts.download} <span aria-hidden="true">▾</span>
      </button>
      {isShown && (
        <Menu
          downloads={downloadsOf(explorer, language)}
          onTake={(one) => void take(one)}
          onClose={close}
        />
      )}
    </div>
  );
}

interface MenuProps {
  readonly downloads: readonly Download[];
  onTake(download: Download): void;
  onClose(): void;
}

/** Arrows, Home and End go through it, letters lead to what begins with them, Escape leaves it. */
function Menu({ downloads, onTake, onClose }: MenuProps) {
  const texts = usePageTexts();
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
      {downloads.map((download) => (
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
