/** @file The menu of files that can be had of what is shown. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Download } from "./downloads.ts";
import { later } from "../frame/later.tsx";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { save } from "./saved-file.ts";
import { usePageTexts } from "../frame/settings.tsx";
import "./download-menu.css";

const DownloadList = later(
  "download",
  async () => (await import("./download-list.tsx")).DownloadList,
);

export function DownloadMenu({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
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
        <DownloadList explorer={explorer} onTake={(one) => void take(one)} onClose={close} />
      )}
    </div>
  );
}
