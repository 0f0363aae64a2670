/** @file The top: whose atlas it is, the search, language, light and dark, the keys. */
import type { Settings } from "../parts/kept-settings.ts";
import { useAtlas } from "./atlas-context.ts";
import { SearchBox } from "./search-box.tsx";
import { useTexts } from "./texts.ts";
import "./top-bar.css";

interface TopBarProps {
  readonly settings: Settings;
  readonly isDark: boolean;
  onSettings(chosen: Partial<Settings>): void;
  onHelp(): void;
  /** Folder of the layer that is looked at. */
  readonly current: string | undefined;
}

export function TopBar({ settings, isDark, onSettings, onHelp, current }: TopBarProps) {
  const texts = useTexts();
  const { network } = useAtlas().index;
  const language = settings.language === "en" ? "de" : "en";
  const turn = () => onSettings({ theme: isDark ? "light" : "dark" });
  return (
    <header class="bar">
      <a class="home" href="#/">
        <strong>{texts.atlas}</strong> <span>{network}</span>
      </a>
      <SearchBox current={current} />
      <span class="choices">
        <button type="button" lang={language} onClick={() => onSettings({ language })}>
          {texts.language}
        </button>
        <button type="button" onClick={turn} aria-label={texts.theme} title={texts.theme}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6" />
            <path d="M8 1.8 A6.2 6.2 0 0 1 8 14.2 Z" fill="currentColor" />
          </svg>
        </button>
        <button type="button" onClick={onHelp} aria-label={texts.help} title={texts.help}>
          ?
        </button>
      </span>
    </header>
  );
}
